import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { DEDUCT, type Arena } from "../arena.ts";
import type { Target } from "../load/load-job.ts";
import { askDatabase } from "../postgres.ts";
import { startKotally, startOneByOne, type ServerProcess } from "../servers.ts";
import { median, ratios } from "../statistics.ts";
import type { Figure, Goal, OwnRow } from "./row.ts";

/** Requests per second of the load whose latency is watched: far from what the server can do. */
const WATCHED_RATE = 200;
const POOL_SIZE = 16;
/** Shares of what falls due in a round while the API is watched: the job is at work all the while. */
const WATCHED_SHARES = 2;

/** What time does to many members at once. */
export interface DueRun {
  url: string;
  /** The location whose members fall due; the last tenth never do: from them the watched load deducts. */
  target: Target;
  /** Makes something of these members due; called with each of them once. */
  makeDue(first: number, count: number): Promise<void>;
  /** Where baseline (b) settles it. */
  path: string;
  /** How many times (b)'s lots per second are wanted. */
  limit: number;
}

/** The scheduled job through the executor, against the same job as a transaction for each member, and beside the API. */
export async function measureDueRun(
  arena: Arena,
  { url, target, makeDue, path, limit }: DueRun,
): Promise<Awaited<ReturnType<OwnRow["measure"]>>> {
  const { rounds } = arena.options;
  const reserved = Math.floor(target.members / 10);
  const lots = Math.floor((target.members - reserved) / (rounds * (2 + WATCHED_SHARES)));
  const watched = { ...target, first_member: target.first_member + target.members - reserved, members: reserved };
  let next = target.first_member;
  // Everything that is measured begins with nothing left to write.
  const makeNextDue = async (count: number) => {
    await makeDue((next += count) - count, count);
    await askDatabase(url, "CHECKPOINT");
  };
  const perSecond = async (work: () => Promise<number>) => {
    await makeNextDue(lots);
    const began = performance.now();
    const settled = await work();
    return (settled * 1000) / (performance.now() - began);
  };
  const [mine, others, quiet, busy]: number[][] = [[], [], [], []] as const;
  const ours = await startKotally({ url });
  const theirs = await startOneByOne(url, POOL_SIZE);
  try {
    // A process that has just started compiles its code.
    await latency(arena, ours, watched, 2);
    for (let round = 0; round < rounds; round += 1) {
      mine.push(await perSecond(() => runJob(url).then(() => lots)));
      others.push(await perSecond(() => post(theirs, path)));
      await askDatabase(url, "CHECKPOINT");
      quiet.push(await latency(arena, ours, watched, 3));
      await makeNextDue(lots * WATCHED_SHARES);
      const working = runJob(url);
      // Only seconds in which the job is at work count.
      busy.push(await latency(arena, ours, watched, 1.5));
      await working;
    }
  } finally {
    await ours.stop();
    await theirs.stop();
  }
  const goals = [atLeast("(b)", limit, ratios(mine, others)), atMost("quiet p99", 2, ratios(busy, quiet))];
  const notes = [`${lots} lots in each round; the load watched meanwhile deducts ${WATCHED_RATE} times a second.`];
  return {
    figures: [
      least("Kotally", "lots/s", mine),
      least("(b)", "lots/s", others),
      most("API p99 quiet", "ms", quiet),
      most("API p99 meanwhile", "ms", busy),
    ],
    goals,
    notes,
  };
}

function least(name: string, unit: string, values: readonly number[]): Figure {
  return { name, unit, median: median(values), worst: Math.min(...values) };
}

function most(name: string, unit: string, values: readonly number[]): Figure {
  return { name, unit, median: median(values), worst: Math.max(...values) };
}

function atLeast(text: string, limit: number, values: readonly number[]): Goal {
  return { text, sense: "at_least", limit, median: median(values), worst: Math.min(...values), unit: "×" };
}

function atMost(text: string, limit: number, values: readonly number[]): Goal {
  return { text, sense: "at_most", limit, median: median(values), worst: Math.max(...values), unit: "×" };
}

/**
 * The scheduled job, asked for now instead of at the next full minute, until nothing is due any more. It is waited for on one
 * connection, by its number: to ask what is due, again and again, would be a load of its own.
 */
async function runJob(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  const ask = async (text: string, values: unknown[] = []) => (await client.query<{ id: string }>(text, values)).rows;
  await client.connect();
  try {
    do {
      const [job] = await ask("SELECT id FROM graphile_worker.add_job('settle_due')");
      do await sleep(20);
      while ((await ask("SELECT FROM graphile_worker.jobs WHERE id = $1", [job?.id])).length > 0);
    } while ((await ask("SELECT FROM due_members(now(), 1)")).length > 0);
  } finally {
    await client.end();
  }
}

/** Answers how many (b) settled: our own job may begin meanwhile, with the minute, and take some. */
async function post(server: ServerProcess, path: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: "POST" });
  if (!answer.ok) throw new Error(`(b) could not settle ${path}: ${answer.status}`);
  const { settled } = (await answer.json()) as { settled: number };
  return settled;
}

/** The API's p99, in milliseconds. */
async function latency(arena: Arena, server: ServerProcess, target: Target, seconds: number): Promise<number> {
  const load = { ...DEDUCT, connections: 8, targets: [target], rate: WATCHED_RATE };
  const { p99_ms } = await arena.measure(server, { ...load, warmup_seconds: 0.5, seconds });
  return p99_ms;
}
