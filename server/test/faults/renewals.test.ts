import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { openStudio } from "../api/studio.ts";
import { createTestDatabase, sql, type TestServer } from "../support.ts";
import { brokenBooks } from "./audit-books.ts";
import { Chance, say, test_length } from "./chance.ts";
import { cleanUp, newServer, type ServerProcess } from "./spawned-server.ts";

const MEMBERS = { short: 400, usual: 3000, long: 20_000 }[test_length];
/** Members that are made at the same time. */
const TOGETHER = 50;
const CREDITS = 8;
const PATIENCE_MS = 300_000;

cleanUp();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let servers: [ServerProcess, ServerProcess];
beforeAll(async () => {
  database = await createTestDatabase();
  servers = [await newServer({ DATABASE_URL: database.url }), await newServer({ DATABASE_URL: database.url })];
  await Promise.all(servers.map((server) => server.start()));
});
afterAll(() => database.drop());

/** Members of a month that is renewed by itself, each with some of its credits spent; answers with their location. */
async function enrolMembers(): Promise<string> {
  const { db } = database;
  const monthly = { type: "membership", monthly_credits: CREDITS, renewal: "schedule", rollover: "all" };
  const products = [{ key: "monthly", ...monthly, calendars: ["yoga"] }];
  const at = { db, base_url: servers[0].base_url } as TestServer;
  const studio = await openStudio(at, { sandbox: true, products });
  let made = 0;
  const enrol = async () => {
    for (let number = made++; number < MEMBERS; number = made++) {
      const member = studio.newMember();
      expect(await member.grant("monthly")).toAnswer("grant_applied");
      if (number % 2 === 1) expect(await member.deduct({ amount: 3, calendar_id: "yoga" })).toAnswer("deducted");
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, enrol));
  return locationUuid(studio.location_id) ?? "";
}

/** The job, asked for more often than there are workers in one process: both processes are at work. */
async function runJob(): Promise<void> {
  await sql(database.db, "SELECT graphile_worker.add_job('settle_due') FROM generate_series(1, 20)");
}

async function renewed(location_id: string): Promise<number> {
  const [row] = await sql<{ count: number }>(
    database.db,
    "SELECT count(*)::integer AS count FROM memberships WHERE location_id = $1 AND jsonb_array_length(periods) > 1",
    [location_id],
  );
  return row?.count ?? 0;
}

/** Waits until so many are renewed; answers how many they are then. */
async function renewedAtLeast(location_id: string, least: number): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const count = await renewed(location_id);
    if (count >= least) return count;
    if (performance.now() > deadline) throw new Error(`only ${count} are renewed`);
    await sleep(5);
  }
}

test(`${MEMBERS} memberships of one midnight, two servers, each killed in the middle: each is renewed once`, async () => {
  const { db } = database;
  const chance = new Chance("renewals");
  const location_id = await enrolMembers();
  await sql(
    db,
    "UPDATE locations SET clock_offset_ms = 40 * 86400000::bigint, version = version + 1 WHERE location_id = $1",
    [location_id],
  );
  await runJob();
  const at_kill: number[] = [];
  // The second goes on where the first was killed, until it is killed too.
  for (const [i, server] of servers.entries()) {
    at_kill.push(await renewedAtLeast(location_id, Math.floor((MEMBERS * (i + chance.next())) / 4) + 1));
    await server.kill();
  }
  await Promise.all(servers.map((server) => server.start()));
  await runJob();
  expect(await renewedAtLeast(location_id, MEMBERS)).toBe(MEMBERS);
  say(`renewals: renewed at each kill ${at_kill.join(" ")}, of ${MEMBERS}`);
  await Promise.all(servers.map((server) => server.kill()));

  const histories = await sql(
    db,
    `SELECT h.entries, h.periods, h.lots, count(*)::integer AS members FROM (
       SELECT jsonb_array_length(m.periods) AS periods,
         (SELECT count(*)::integer FROM entitlements l WHERE l.location_id = m.location_id AND l.contact_id = m.contact_id) AS lots,
         (SELECT string_agg(e.type || ' ' || e.amount, ', ' ORDER BY e.entry_number) FROM ledger_entries e
          WHERE e.location_id = m.location_id AND e.contact_id = m.contact_id) AS entries
       FROM memberships m WHERE m.location_id = $1
     ) h GROUP BY h.entries, h.periods, h.lots ORDER BY h.entries`,
    [location_id],
  );
  expect(histories).toEqual([
    { entries: "grant 8, deduct 3, grant 8, rollover 5", periods: 2, lots: 3, members: MEMBERS / 2 },
    { entries: "grant 8, grant 8, rollover 8", periods: 2, lots: 3, members: MEMBERS / 2 },
  ]);
  expect(await brokenBooks(db)).toEqual([]);
  expect((await verifyLedger(db)).broken).toEqual({});
  expect(at_kill.some((count) => count < MEMBERS)).toBe(true);
}, 3_600_000);
