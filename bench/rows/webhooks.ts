import { setTimeout as sleep } from "node:timers/promises";
import { DELIVER, type Scenario } from "../arena.ts";
import { askDatabase } from "../postgres.ts";
import { median } from "../statistics.ts";
import { latency, ratioGoal, samplesOf, throughput, type ComparedRow } from "./row.ts";
import { ours_64 } from "./throughput.ts";

/** How long what was kept is watched being taken, with nothing else to do. */
const WATCHED_SECONDS = 3;
const taken_meanwhile: number[] = [];
const taken_after: number[] = [];

const intake: Scenario = {
  key: "intake",
  run: async (arena) => {
    const { url } = await arena.main();
    const server = await arena.kotally();
    const before = await takenOf(url);
    const began = performance.now();
    const { pem: signing_key } = arena.ghl_key;
    const targets = await arena.targets("connected");
    const sample = await arena.measure(server, { ...DELIVER, connections: 64, targets, signing_key });
    const meanwhile = await takenOf(url);
    taken_meanwhile.push(((meanwhile - before) * 1000) / (performance.now() - began));
    taken_after.push(await takenAfter(url, meanwhile));
    return sample;
  },
};

async function takenOf(url: string): Promise<number> {
  const [row] = await askDatabase<{ taken: number }>(
    url,
    "SELECT count(*)::integer AS taken FROM webhook_events WHERE status = 'done'",
  );
  return row?.taken ?? 0;
}

/** Per second; then forgets what still waits, so that it disturbs nothing that is measured next. */
async function takenAfter(url: string, before: number): Promise<number> {
  const began = performance.now();
  await sleep(WATCHED_SECONDS * 1000);
  const per_second = (((await takenOf(url)) - before) * 1000) / (performance.now() - began);
  // What is being taken at this moment stays: it is about to be done.
  await askDatabase(
    url,
    `DELETE FROM webhook_events WHERE id IN (
       SELECT id FROM webhook_events WHERE next_attempt_at IS NOT NULL FOR UPDATE SKIP LOCKED)`,
  );
  await askDatabase(url, "VACUUM (ANALYZE) webhook_events");
  return per_second;
}

export const WEBHOOKS: ComparedRow = {
  key: "webhooks",
  title: "Webhook intake, 64 connections: verified, stored, acknowledged",
  scenarios: [ours_64, intake],
  judge: (samples) => {
    const [deductions, kept] = [samplesOf(samples, ours_64), samplesOf(samples, intake)];
    const perSecond = (name: string, values: readonly number[]) => {
      return { name, unit: "/s", median: median(values), worst: Math.min(...values) };
    };
    return {
      figures: [
        throughput("intake", kept),
        throughput("deductions", deductions),
        latency("intake", kept, "p99_ms"),
        perSecond("taken meanwhile", taken_meanwhile),
        perSecond("taken afterwards", taken_after),
      ],
      goals: [ratioGoal("deductions", "at_least", 0.5, kept, deductions)],
      notes: ["Bookings of 100 locations, each charged to its member when it is taken; the load signs each of them."],
    };
  },
};
