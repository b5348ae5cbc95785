import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../support.ts";
import { audit } from "./audit.ts";
import { Chance, say, test_length } from "./chance.ts";
import { Load, type LoadRequest } from "./load.ts";
import { cleanUp, newServer, type ServerProcess } from "./spawned-server.ts";
import { openStudios } from "./studio.ts";

const SECONDS = { short: 1, usual: 10, long: 60 }[test_length];
const CLIENTS = 1000;
const IDS = 50;

cleanUp();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let servers: ServerProcess[];
let base_urls: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  servers = [await newServer({ DATABASE_URL: database.url }), await newServer({ DATABASE_URL: database.url })];
  await Promise.all(servers.map((server) => server.start()));
  base_urls = servers.map((server) => server.base_url);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  await database.drop();
});

test("two servers share the same members under load", async () => {
  const { db } = database;
  const chance = new Chance("two servers");
  const studios = await openStudios(db);
  const load = new Load({ studios, chance, base_urls, members: 10 });
  load.start();
  await sleep(SECONDS * 1000);
  await load.stop();
  say(`two servers: ${load.acknowledged.length} acknowledged, ${JSON.stringify([...load.statuses])}`);
  expect(await audit({ db, base_url: base_urls[0]!, studios, load })).toEqual([]);
}, 3_600_000);

/** Sends the same request until it is acknowledged; answers with the body and with what else came. */
async function insist(
  load: Load,
  request: LoadRequest,
  base_url: string,
): Promise<{ body: string; refusals: number[] }> {
  const refusals: number[] = [];
  for (;;) {
    const answer = await load.send(request, base_url);
    if (answer.status === 200) return { body: answer.text, refusals };
    refusals.push(answer.status);
    if (answer.status === 409 && answer.headers["retry-after"] !== "1") refusals.push(0);
    await sleep(20 + Math.random() * 100);
  }
}

/** Composed requests, each sent by many clients at once; they become the load's own when all agree. */
async function storm(
  load: Load,
  wanted: LoadRequest[],
  clients: number,
): Promise<{ statuses: Set<number>; different: number }> {
  const answers = await Promise.all(
    Array.from({ length: clients }, async (_, i) => {
      const request = wanted[i % wanted.length]!;
      return { request, ...(await insist(load, request, base_urls[i % base_urls.length]!)) };
    }),
  );
  let different = 0;
  for (const [request, all] of Map.groupBy(answers, (answer) => answer.request)) {
    different += new Set(all.map((answer) => answer.body)).size - 1;
    Object.assign(request, { body: all[0]!.body, acknowledged_at: 1 });
    load.requests.push(request);
  }
  return { statuses: new Set(answers.flatMap((answer) => answer.refusals)), different };
}

test("200 concurrent identical requests over two servers: one effect, the same bytes, or 409", async () => {
  const { db } = database;
  const studios = await openStudios(db);
  const load = new Load({ studios, chance: new Chance("identical requests"), base_urls, connections: 200 });
  for (const kind of ["grant", "deduct", "restore"] as const) {
    const request = load.compose(kind);
    const { statuses, different } = await storm(load, [request], 200);
    expect(different).toBe(0);
    expect([...statuses].filter((status) => status !== 409)).toEqual([]);
  }
  expect(await audit({ db, base_url: base_urls[1]!, studios, load })).toEqual([]);
}, 600_000);

test(`a retry storm of ${CLIENTS} clients with the same ${IDS} request ids: each one effect`, async () => {
  const { db } = database;
  const studios = await openStudios(db);
  const load = new Load({ studios, chance: new Chance("retry storm"), base_urls, connections: CLIENTS, members: 5 });
  const grants = Array.from({ length: IDS }, () => load.compose("grant"));
  const deductions = Array.from({ length: IDS }, () => load.compose("deduct"));
  for (const wanted of [grants, deductions]) {
    const { statuses, different } = await storm(load, wanted, CLIENTS);
    say(`retry storm: refused meanwhile with ${[...statuses].join(", ") || "nothing"}`);
    expect(different).toBe(0);
    expect([...statuses].filter((status) => status !== 409 && status !== 503)).toEqual([]);
  }
  const moved = load.requests.filter((request) => request.body.includes('"deducted"'));
  expect(moved.length).toBeGreaterThan(IDS / 2);
  expect(await audit({ db, base_url: base_urls[0]!, studios, load })).toEqual([]);
}, 600_000);
