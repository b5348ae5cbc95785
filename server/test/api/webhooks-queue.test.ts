import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { startTakingEvents } from "../../src/jobs/take-webhook-events.ts";
import { EventTaker, type TakerSettings } from "../../src/operations/events/event-taker.ts";
import { drainWaiting, releaseEvents } from "../../src/operations/events/release-events.ts";
import type { EventOutcome, StoredEvent, TakeEvent } from "../../src/operations/events/stored-event.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { createLogger } from "../../src/platform/log.ts";
import { sql } from "../support.ts";
import {
  connectedLocation,
  deliver,
  eventsOf,
  ghlBody,
  signGhl,
  useListeningServer,
  type EventRow,
} from "./listening-server.ts";

const server = useListeningServer();
const DONE: EventOutcome = { status: "done", reason_code: "CREDITS_MOVED" };
const log = createLogger("silent");

/** What was started is stopped, and what is left is out of the next test's way. */
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await sql(server.db, "UPDATE webhook_events SET status = 'ignored', next_attempt_at = NULL");
});

async function send(fields: Record<string, unknown> = {}): Promise<string> {
  const webhookId = randomUUID();
  const body = ghlBody({ webhookId, ...fields });
  const { status } = await deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, server.keys.ghl.privateKey));
  expect(status).toBe(200);
  return webhookId;
}

async function eventOf(dedupe_key: string): Promise<EventRow> {
  const [event] = await eventsOf(server.db, "dedupe_key = $1", [dedupe_key]);
  return event!;
}

function attemptsOf(dedupe_key: string) {
  return sql(
    server.db,
    `SELECT a.number, a.outcome, a.reason_code, a.error, a.finished_at IS NOT NULL AS is_finished
     FROM webhook_attempts a JOIN webhook_events e ON e.id = a.event_id WHERE e.dedupe_key = $1 ORDER BY a.number`,
    [dedupe_key],
  );
}

function taker(take: TakeEvent, settings: Partial<TakerSettings> = {}): EventTaker {
  return new EventTaker(server.db, systemClock, take, { chance: () => 0, ...settings });
}

/** Makes what was put off due now. */
const dueNow = () =>
  sql(
    server.db,
    "UPDATE webhook_events SET next_attempt_at = now() - interval '1 s' WHERE next_attempt_at IS NOT NULL",
  );

describe("a stored webhook", () => {
  test("is taken once, with its bytes, and what it touched is recorded", async () => {
    const { uuid, ghl_location_id } = await connectedLocation(server.db);
    const id = await send({ locationId: ghl_location_id, id: "contact-9" });
    const seen: StoredEvent[] = [];
    const taken = await taker((event) => {
      seen.push(event);
      return Promise.resolve({ ...DONE, detail: "2 credits", contacts: ["contact-9", "contact-9"] });
    }).drain();
    expect(taken).toBe(1);
    expect(seen).toMatchObject([{ provider: "ghl", type: "ContactUpdate", location_id: uuid, attempt: 1 }]);
    expect(JSON.parse(seen[0]!.body.toString())).toMatchObject({ webhookId: id });
    expect(await eventOf(id)).toMatchObject({
      status: "done",
      reason_code: "CREDITS_MOVED",
      detail: "2 credits",
      contacts: ["contact-9"],
      next_attempt_at: null,
    });
    expect(await attemptsOf(id)).toEqual([
      { number: 1, outcome: "done", reason_code: "CREDITS_MOVED", error: null, is_finished: true },
    ]);
    expect(await taker(() => Promise.reject(new Error("taken twice"))).drain()).toBe(0);
  });

  test("is taken by one of several processes, though all look at once", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const ids = await Promise.all(Array.from({ length: 60 }, () => send({ locationId: ghl_location_id })));
    const counts = new Map<string, number>();
    const take: TakeEvent = async ({ id }) => {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      await sleep(1);
      return DONE;
    };
    const taken = await Promise.all(Array.from({ length: 4 }, () => taker(take).drain()));
    expect(taken.reduce((sum, one) => sum + one)).toBe(60);
    expect([...counts.values()]).toEqual(Array(60).fill(1));
    expect((await Promise.all(ids.map(eventOf))).map(({ status }) => status)).toEqual(Array(60).fill("done"));
  });

  test("is begun in the order of its telling within its location", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const tellings = [5, 1, 4, 2, 3].map((minute) => `2026-11-21T09:0${minute}:00.000Z`);
    for (const timestamp of tellings) await send({ locationId: ghl_location_id, timestamp });
    const seen: number[] = [];
    await taker(
      ({ told_at }) => {
        seen.push(told_at);
        return Promise.resolve(DONE);
      },
      { together_of_location: 1 },
    ).drain();
    expect(seen.map((at) => new Date(at).getUTCMinutes())).toEqual([1, 2, 3, 4, 5]);
  });

  test("is taken right after it came, without anybody asking", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const taking = startTakingEvents({
      db: server.db,
      clock: systemClock,
      log,
      take: () => Promise.resolve(DONE),
      inbox: server.service.inbox,
    });
    stops.push(taking.stop);
    await sleep(150);
    const began = performance.now();
    const id = await send({ locationId: ghl_location_id });
    while ((await eventOf(id)).status !== "done") {
      expect(performance.now() - began).toBeLessThan(900);
      await sleep(5);
    }
  });

  test("is found by a process that did not receive it", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const taking = startTakingEvents({ db: server.db, clock: systemClock, log, take: () => Promise.resolve(DONE) });
    stops.push(taking.stop);
    await sleep(100);
    const id = await send({ locationId: ghl_location_id });
    await expect.poll(async () => (await eventOf(id)).status, { timeout: 5000 }).toBe("done");
  });
});

describe("what fails", () => {
  test("is tried again later and later, then is dead, with every attempt on record", async () => {
    const id = await send({ type: "INSTALL", companyId: "comp-1" });
    await sql(server.db, "UPDATE webhook_events SET attempts_allowed = 3 WHERE dedupe_key = $1", [id]);
    const waits: number[] = [];
    const failing = taker(() => Promise.reject(new Error("GoHighLevel is away")));
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await dueNow();
      expect(await failing.drain()).toBe(1);
      const event = await eventOf(id);
      if (event.next_attempt_at !== null) waits.push(event.next_attempt_at - Date.now());
      expect(event.status).toBe(attempt < 3 ? "failed" : "dead");
    }
    expect(waits).toHaveLength(2);
    expect(waits[1]!).toBeGreaterThan(waits[0]! * 2);
    expect(await failing.drain()).toBe(0);
    expect(await eventOf(id)).toMatchObject({ reason_code: "TAKING_FAILED", detail: "Error: GoHighLevel is away" });
    expect(await attemptsOf(id)).toMatchObject([
      { number: 1 },
      { number: 2 },
      { number: 3, error: "Error: GoHighLevel is away" },
    ]);
  });

  test("harms no neighbour: a poisoned webhook among many, thrown in every way", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const other = await connectedLocation(server.db);
    const poisoned = await Promise.all([1, 2, 3].map((n) => send({ locationId: ghl_location_id, poison: n })));
    const healthy = await Promise.all(
      [ghl_location_id, ghl_location_id, other.ghl_location_id].map((locationId) => send({ locationId })),
    );
    await taker((event) => {
      const { poison } = JSON.parse(event.body.toString()) as { poison?: number };
      if (poison === 1) throw new TypeError("thrown at once");
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- others do
      if (poison === 2) return Promise.reject("a string");
      if (poison === 3) return Promise.resolve(undefined as unknown as EventOutcome);
      return Promise.resolve(DONE);
    }).drain();
    expect((await Promise.all(healthy.map(eventOf))).map(({ status }) => status)).toEqual(["done", "done", "done"]);
    const failed = await Promise.all(poisoned.map(eventOf));
    expect(failed.map(({ status, reason_code }) => `${status} ${reason_code}`)).toEqual(
      Array(3).fill("failed TAKING_FAILED"),
    );
  });

  test("takes long: one location's slowness holds up no other, and ends", async () => {
    const slow = await connectedLocation(server.db);
    const quick = await connectedLocation(server.db);
    const slow_ids = await Promise.all(Array.from({ length: 24 }, () => send({ locationId: slow.ghl_location_id })));
    const quick_id = await send({ locationId: quick.ghl_location_id });
    const one = taker(
      (event) => (event.location_id === slow.uuid ? new Promise<never>(() => {}) : Promise.resolve(DONE)),
      { patience_ms: 1500, together: 20 },
    );
    const failed = async () => (await Promise.all(slow_ids.map(eventOf))).filter(({ status }) => status === "failed");
    const draining = one.drain();
    await expect.poll(async () => (await eventOf(quick_id)).status, { timeout: 10_000, interval: 10 }).toBe("done");
    expect(await failed()).toEqual([]);
    await one.stop();
    await draining;
    const told = await failed();
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]!.detail).toBe("it took longer than 1.5 seconds");
  });

  test("keeps no secret in what it tells", async () => {
    const id = await send({ type: "INSTALL", companyId: "comp-1" });
    await taker(() =>
      Promise.reject(new Error("401 for Bearer canary-1, rk_live_canary2 of canary@example.test")),
    ).drain();
    expect(JSON.stringify([{ ...(await eventOf(id)), body: null }, await attemptsOf(id)])).not.toContain("canary");
  });

  test("was cut off: the webhook of a process that ended is taken again when its lease is over, and only then", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const id = await send({ locationId: ghl_location_id });
    const killed = taker(() => new Promise<never>(() => {}), { lease_ms: 60_000 });
    expect(await killed.takeDue()).toBe(1);
    const next = taker(() => Promise.resolve(DONE));
    expect(await next.drain()).toBe(0);
    await sql(server.db, "UPDATE webhook_events SET next_attempt_at = next_attempt_at - interval '1 minute'");
    expect(await next.drain()).toBe(1);
    expect(await eventOf(id)).toMatchObject({ status: "done", attempts: 2 });
    expect(await attemptsOf(id)).toMatchObject([
      { number: 1, is_finished: false, outcome: null },
      { number: 2, is_finished: true, outcome: "done" },
    ]);
  });

  test("takes long: it stays with its process as long as that renews the lease", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const id = await send({ locationId: ghl_location_id });
    let answer: (outcome: EventOutcome) => void = () => {};
    const slow = taker(() => new Promise((resolve) => (answer = resolve)), { lease_ms: 3000 });
    expect(await slow.takeDue()).toBe(1);
    const other = taker(() => Promise.resolve(DONE));
    for (let i = 0; i < 2; i += 1) {
      await sleep(1700);
      await slow.renewLeases();
      expect(await other.drain()).toBe(0);
    }
    answer(DONE);
    await slow.stop();
    expect(await eventOf(id)).toMatchObject({ status: "done", attempts: 1, next_attempt_at: null });
    await slow.renewLeases();
    expect(await eventOf(id)).toMatchObject({ next_attempt_at: null });
  });

  test("came too late: an attempt that was overtaken does not overwrite its successor's outcome", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const id = await send({ locationId: ghl_location_id });
    let answer: (outcome: EventOutcome) => void = () => {};
    const overtaken = taker(() => new Promise((resolve) => (answer = resolve)), { lease_ms: 50 });
    expect(await overtaken.takeDue()).toBe(1);
    await sleep(80);
    expect(await taker(() => Promise.resolve(DONE)).drain()).toBe(1);
    answer({ status: "failed", reason_code: "TAKING_FAILED" });
    await overtaken.stop();
    expect(await eventOf(id)).toMatchObject({ status: "done", reason_code: "CREDITS_MOVED" });
  });
});

describe("what waits", () => {
  test("BILLING_SUSPENDED: events are kept and taken in the order of their telling once billing is back", async () => {
    const { ghl_location_id, workspace } = await connectedLocation(server.db);
    const bill = (status: string) =>
      sql(server.db, "UPDATE workspaces SET billing_status = $2 WHERE key = $1", [workspace, status]);
    await bill("suspended");
    const minutes = [3, 1, 2];
    const ids = [];
    for (const minute of minutes) {
      ids.push(await send({ locationId: ghl_location_id, timestamp: `2026-11-21T08:0${minute}:00Z` }));
    }
    const seen: number[] = [];
    const one = taker(
      ({ told_at }) => {
        seen.push(new Date(told_at).getUTCMinutes());
        return Promise.resolve(DONE);
      },
      { together_of_location: 1 },
    );
    await one.drain();
    expect(seen).toEqual([]);
    expect((await Promise.all(ids.map(eventOf))).map(({ status, reason_code }) => [status, reason_code])).toEqual(
      ids.map(() => ["waiting", "BILLING_SUSPENDED"]),
    );
    expect(await releaseEvents(server.db, systemClock)).toBe(0);
    await bill("past_due");
    expect(await releaseEvents(server.db, systemClock)).toBe(3);
    await one.drain();
    expect(seen).toEqual([1, 2, 3]);
  });

  test("LOCATION_UNKNOWN: events are taken when a location of that id is connected, and become its own", async () => {
    const locationId = `later-${randomUUID()}`;
    const id = await send({ locationId });
    expect(await releaseEvents(server.db, systemClock)).toBe(0);
    const { uuid } = await connectedLocation(server.db);
    await sql(server.db, "UPDATE locations SET ghl_location_id = $2 WHERE location_id = $1", [uuid, locationId]);
    expect(await releaseEvents(server.db, systemClock)).toBe(1);
    expect(await taker(() => Promise.resolve(DONE)).drain()).toBe(1);
    expect(await eventOf(id)).toMatchObject({ status: "done", location_id: uuid });
  });

  test("is released for one location at a time too, whatever it waits for", async () => {
    const mine = await connectedLocation(server.db);
    const other = await connectedLocation(server.db);
    const ids = [await send({ locationId: mine.ghl_location_id }), await send({ locationId: other.ghl_location_id })];
    await taker(() => Promise.resolve({ status: "waiting", reason_code: "UNMATCHED" })).drain();
    expect(await drainWaiting(server.db, systemClock, mine.uuid)).toBe(1);
    expect(await taker(() => Promise.resolve(DONE)).drain()).toBe(1);
    expect((await Promise.all(ids.map(eventOf))).map(({ status }) => status)).toEqual(["done", "waiting"]);
  });

  test("until a given time is looked at again by itself, as often as it takes: waiting is no failure", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const id = await send({ locationId: ghl_location_id });
    await sql(server.db, "UPDATE webhook_events SET attempts_allowed = 1 WHERE dedupe_key = $1", [id]);
    const one = taker(({ attempt }) =>
      Promise.resolve(
        attempt < 4 ? { status: "waiting", reason_code: "SETTLING", retry_at: Date.now() + 60_000 } : DONE,
      ),
    );
    for (let look = 0; look < 4; look += 1) {
      await dueNow();
      expect(await one.drain()).toBe(1);
    }
    expect((await eventOf(id)).status).toBe("done");
  });
});

test("hundreds of locations all have their turn, however many wait in one", async () => {
  const busy = await connectedLocation(server.db);
  await sql(
    server.db,
    `INSERT INTO webhook_events (id, provider, dedupe_key, type, location_id, headers, body, verification, told_at, received_at,
       status, attempts_allowed, next_attempt_at, correlation_id)
     SELECT gen_random_uuid(), 'ghl', 'flood-' || n, 'ContactUpdate', $1, '{}', '{}', 'verified', now() - interval '1 day', now(),
       'received', 1, now(), gen_random_uuid() FROM generate_series(1, 20000) n`,
    [busy.uuid],
  );
  const quiet = await connectedLocation(server.db);
  const id = await send({ locationId: quiet.ghl_location_id });
  const one = taker(() => Promise.resolve(DONE));
  await one.takeDue();
  await one.takeDue();
  await one.stop();
  expect((await eventOf(id)).status).toBe("done");
});
