import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, sql } from "../support.ts";
import { audit, type Audited } from "./audit.ts";
import { Chance, say, test_length } from "./chance.ts";
import { Load } from "./load.ts";
import { cleanUp, newServer, type ServerProcess } from "./spawned-server.ts";
import { openStudios } from "./studio.ts";
import { TcpProxy, type Weather } from "./tcp-proxy.ts";

const ROUNDS = { short: 4, usual: 20, long: 100 }[test_length];

cleanUp();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let proxy: TcpProxy;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  proxy = new TcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
  url.hostname = "127.0.0.1";
  url.port = String(await proxy.listen());
  server = await newServer({ DATABASE_URL: url.href });
  await server.start();
});
afterAll(async () => {
  await server.kill();
  await proxy.close();
  await database.drop();
});

/** Load through the proxy while `work` breaks it; returns when the sky is clear and all is answered. */
async function underLoad(subject: string, work: (load: Load, chance: Chance) => Promise<void>): Promise<Audited> {
  const { db } = database;
  const chance = new Chance(subject);
  const studios = await openStudios(db);
  const load = new Load({ studios, chance, base_urls: [server.base_url] });
  load.start();
  await sleep(200);
  await work(load, chance);
  proxy.weather = "clear";
  await sleep(200);
  await load.stop();
  say(
    `${subject}: ${load.acknowledged.length} acknowledged, ${JSON.stringify([...load.statuses])}, slowest ${Math.round(load.longest_ms)} ms`,
  );
  return { db, base_url: server.base_url, studios, load };
}

async function until(done: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!done()) {
    if (performance.now() > deadline) throw new Error("it did not come to that");
    await sleep(5);
  }
}

test("connections cut at random moments: the same answers, once", async () => {
  const in_flight: number[] = [];
  const audited = await underLoad("connections cut", async (load, chance) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await sleep(chance.between(20, 200));
      in_flight.push(load.in_flight);
      proxy.cutAll();
    }
  });
  say(`connections cut: in flight at each cut ${in_flight.join(" ")}`);
  expect(await audit(audited)).toEqual([]);
  expect(Math.max(...in_flight)).toBeGreaterThan(0);
}, 3_600_000);

test.each<Weather>(["cut_before_commit", "cut_after_commit"])(
  "%s: a commit of unknown outcome has its effect once",
  async (weather) => {
    const { cuts } = proxy;
    const audited = await underLoad(weather, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const before = proxy.cuts;
        proxy.weather = weather;
        await until(() => proxy.cuts > before);
        await sleep(50);
      }
    });
    expect(proxy.cuts - cuts).toBeGreaterThanOrEqual(ROUNDS);
    expect(await audit(audited)).toEqual([]);
  },
  3_600_000,
);

test("slowed statements: late, and right", async () => {
  const audited = await underLoad("statements slowed", async () => {
    proxy.delay_ms = 150;
    proxy.weather = "slow";
    await sleep(1500);
  });
  expect(await audit(audited)).toEqual([]);
}, 3_600_000);

/** A statement without an answer is given up after ten seconds, a lock is waited for five: nobody may wait longer. */
const BOUND_MS = 16_000;

test("a black hole: 503 in bounded time, and locks that it left behind are let go", async () => {
  const held: number[] = [];
  const audited = await underLoad("black hole", async (load) => {
    proxy.weather = "black_hole";
    await until(() => (load.statuses.get("503") ?? 0) >= 32);
    const text =
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kotally' AND state <> 'idle'";
    held.push((await sql(database.db, text)).length);
  });
  say(`black hole: ${held.join()} connections were left with something open`);
  expect(audited.load.longest_ms).toBeLessThan(BOUND_MS);
  expect(await audit(audited)).toEqual([]);
}, 3_600_000);

test("the pool used up by slow reads: every answer is 200 or 503, and moves what it says", async () => {
  const audited = await underLoad("pool used up", async (load) => {
    const { studio } = load.requests[0] ?? {};
    proxy.delay_ms = 400;
    proxy.weather = "slow";
    const reads = Array.from({ length: 400 }, async (_, i) => {
      const url = `${server.base_url}/api/v2/contacts/member-${(i % 50) + 1}/summary`;
      const response = await fetch(url, { headers: { authorization: `Bearer ${studio?.token}` } });
      await response.arrayBuffer();
      return response.status === 503 && !response.headers.get("retry-after")
        ? "503 without Retry-After"
        : response.status;
    });
    const statuses = Map.groupBy(await Promise.all(reads), (status) => status);
    say(`pool used up: reads ${JSON.stringify([...statuses].map(([status, all]) => [status, all.length]))}`);
    expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  });
  expect(await audit(audited)).toEqual([]);
}, 3_600_000);
