import { setTimeout as sleep } from "node:timers/promises";
import { DEDUCT, type Arena } from "../arena.ts";
import { askDatabase } from "../postgres.ts";
import { startKotally, startOneByOne, type ServerProcess } from "../servers.ts";
import { median, ratios } from "../statistics.ts";
import { largeMembers } from "./growth.ts";
import type { OwnRow } from "./row.ts";

/** Requests per second of the load whose latency is watched: far from what the server can do. */
const WATCHED_RATE = 100;
const POOL_SIZE = 16;

/** The hourly run through the executor, against the same job as a transaction for each member. */
export const EXPIRY: OwnRow = {
  key: "expiry",
  title: "Expiry run, lots per second",
  measure: async (arena) => {
    const { url, data } = await arena.growth(largeMembers(arena));
    const [target] = data.targets["single"] ?? [];
    if (!target) throw new Error("no members to expire");
    const { rounds } = arena.options;
    // Half of the members fall due over all rounds; the last tenth is what the watched load deducts from.
    const lots = Math.floor(target.members / (2 * rounds + 2) / 2);
    const due = new DueLots(url, lots);
    const ours = await startKotally({ url });
    const theirs = await startOneByOne(url, POOL_SIZE);
    try {
      const [mine, others]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        mine.push(
          lots /
            (await timed(
              () => due.next(1),
              () => runJob(url),
            )),
        );
        others.push(
          lots /
            (await timed(
              () => due.next(1),
              () => post(theirs),
            )),
        );
      }
      const reserved = Math.floor(target.members / 10);
      const watched = { ...target, first_member: target.members - reserved, members: reserved };
      const { quiet, busy } = await latencies(
        arena,
        ours,
        watched,
        () => due.next(4),
        () => runJob(url),
      );
      const quotients = ratios(mine, others);
      return {
        figures: [
          { name: "Kotally", unit: "lots/s", median: median(mine), worst: Math.min(...mine) },
          { name: "(b)", unit: "lots/s", median: median(others), worst: Math.min(...others) },
          { name: "API p99 quiet", unit: "ms", median: quiet, worst: quiet },
          { name: "API p99 meanwhile", unit: "ms", median: busy, worst: busy },
        ],
        goals: [
          {
            text: "(b)",
            sense: "at_least",
            limit: 3,
            median: median(quotients),
            worst: Math.min(...quotients),
            unit: "×",
          },
          { text: "quiet p99", sense: "at_most", limit: 2, median: busy / quiet, worst: busy / quiet, unit: "×" },
        ],
        notes: [`${lots} lots in each round; the load watched meanwhile deducts ${WATCHED_RATE} times a second.`],
      };
    } finally {
      await ours.stop();
      await theirs.stop();
    }
  },
};

/** Makes the next lots fall due. */
class DueLots {
  readonly #url: string;
  readonly #lots: number;
  #next = 0;

  constructor(url: string, lots: number) {
    this.#url = url;
    this.#lots = lots;
  }

  async next(shares: number): Promise<void> {
    const from = this.#next;
    this.#next += this.#lots * shares;
    await askDatabase(
      this.#url,
      `UPDATE entitlements SET expires_at = now() - interval '1 second'
       WHERE location_id = bench_location(0) AND id >= bench_id('8001', $1) AND id < bench_id('8001', $2)`,
      [from, this.#next],
    );
    await askDatabase(this.#url, "VACUUM (ANALYZE) entitlements");
  }
}

async function timed(prepare: () => Promise<void>, work: () => Promise<void>): Promise<number> {
  await prepare();
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** The scheduled job, asked for now instead of at the next full minute; done when it is gone from the queue. */
async function runJob(url: string): Promise<void> {
  const [job] = await askDatabase<{ id: string }>(url, "SELECT id FROM graphile_worker.add_job('settle_due')");
  for (;;) {
    await sleep(50);
    const [row] = await askDatabase<{ waits: boolean }>(
      url,
      "SELECT EXISTS (SELECT FROM graphile_worker.jobs WHERE id = $1) AS waits",
      [job?.id],
    );
    if (!row?.waits) return;
  }
}

async function post(server: ServerProcess): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${server.port}/expire`, { method: "POST" });
  if (!answer.ok) throw new Error(`(b) could not expire: ${answer.status}`);
}

/** The API's p99 with nothing else to do, and while the job runs. */
async function latencies(
  arena: Arena,
  server: ServerProcess,
  target: Parameters<Arena["measure"]>[1]["targets"][number],
  prepare: () => Promise<void>,
  work: () => Promise<void>,
): Promise<{ quiet: number; busy: number }> {
  const load = { ...DEDUCT, connections: 8, targets: [target], rate: WATCHED_RATE, warmup_seconds: 1 };
  const quiet = await arena.measure(server, { ...load, seconds: 5 });
  await prepare();
  const working = work();
  // Only the seconds in which the job is at work count.
  const busy = await arena.measure(server, { ...load, seconds: 2, warmup_seconds: 0.5 });
  await working;
  return { quiet: quiet.p99_ms, busy: busy.p99_ms };
}
