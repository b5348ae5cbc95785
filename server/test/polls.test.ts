import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findAppointment } from "../src/gateways/ghl/calendars.ts";
import { FakeGhl } from "../src/gateways/ghl/fake/fake-ghl.ts";
import type { Polled } from "../src/jobs/events/take-polled.ts";
import { pollGhl } from "../src/jobs/poll-ghl.ts";
import { createTakeEvent } from "../src/jobs/take-event.ts";
import { takeTurns } from "../src/operations/connections/poll-turns.ts";
import { EventTaker } from "../src/operations/events/event-taker.ts";
import { insertVersions } from "../src/store/appointment-versions.ts";
import { connectStudio, openProviders, type TestProviders } from "./connected-studio.ts";
import { createTestDatabase, sql, type TestDatabase } from "./support.ts";

const DAY = 86_400_000;

let database: TestDatabase;
let fake: FakeGhl;
let one: TestProviders;
let other: TestProviders;

beforeAll(async () => {
  database = await createTestDatabase();
  fake = new FakeGhl({ sends_by_itself: false });
  fake.onDelivery = () => Promise.resolve(200);
  const api_base = await fake.start();
  one = openProviders(database.db, fake, api_base);
  other = openProviders(database.db, fake, api_base);
});
afterAll(async () => {
  await Promise.all([one, other].map(({ context }) => context.ledger.close()));
  await fake.stop();
  await database.drop();
});

interface Kept extends Record<string, unknown> {
  type: string;
  body: Buffer;
  status: string;
  verification: string;
}

async function keptOf(location_id: string, type: string): Promise<Polled[]> {
  const rows = await sql<Kept>(
    database.db,
    "SELECT type, body, status, verification FROM webhook_events WHERE location_id = $1 AND type = $2 ORDER BY told_at, id",
    [location_id, type],
  );
  expect(rows.every(({ status, verification }) => status === "received" && verification === "polled")).toBe(true);
  return rows.map(({ body }) => JSON.parse(body.toString()) as Polled);
}

async function transactionsOf(location_id: string) {
  const kept = await keptOf(location_id, "PolledTransaction");
  return kept.flatMap((polled) => (polled.type === "PolledTransaction" ? [polled] : []));
}

/** As if its time had come again. */
const makeDue = (location_id: string) =>
  sql(database.db, "UPDATE ghl_polls SET next_at = now() - interval '1 s' WHERE location_id = $1", [location_id]);

/** Several processes at once, several times. */
async function pollOften(location_id: string): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await Promise.all([one, other, one].map(({ context }) => pollGhl(context)));
    await makeDue(location_id);
  }
}

function pollsOf(location_id: string) {
  return sql<{ kind: string; trouble: string | null; failures: number; wait_s: number }>(
    database.db,
    `SELECT kind, trouble, failures, extract(epoch FROM next_at - now())::integer AS wait_s FROM ghl_polls
     WHERE location_id = $1 ORDER BY kind`,
    [location_id],
  );
}

describe("What no webhook tells of arrives by asking, each thing once", () => {
  test("a sale, a renewal and then a refund, though two processes ask again and again", async () => {
    const { uuid, studio } = await connectStudio(one, fake);
    const ada = studio.desk.createContact();
    const price = studio.till.addPrice(studio.till.addProduct("Gold"), { amount: 99, interval: "month" });
    const { subscription_id, transaction_id } = studio.subscriptions.subscribe(ada, price);
    const renewal_id = studio.subscriptions.renew(subscription_id);
    await pollOften(uuid);
    const before = await transactionsOf(uuid);
    expect(before).toHaveLength(2);
    const is_first = new Map(before.map((told) => [told.transaction.transaction_id, told.is_first_of_entity]));
    expect([is_first.get(transaction_id), is_first.get(renewal_id)]).toEqual([true, false]);
    studio.till.refund(renewal_id, 40);
    await pollOften(uuid);
    const after = await transactionsOf(uuid);
    expect(after).toHaveLength(3);
    expect(after.filter(({ transaction }) => transaction.refunded_cents === 4000)).toMatchObject([
      { transaction: { transaction_id: renewal_id }, is_first_of_entity: false },
    ]);
  });

  test("a refund of a payment of last month, by the sweep alone", async () => {
    const { uuid, studio } = await connectStudio(one, fake);
    const price = studio.till.addPrice(studio.till.addProduct("Pack"), { amount: 50 });
    const { transaction_id } = studio.till.sell(studio.desk.createContact(), [{ price_id: price, quantity: 1 }]);
    const old = fake.world.location(studio.location_id).transactions.get(transaction_id!)!;
    old.createdAt = new Date(Date.now() - 30 * DAY).toISOString();
    await sql(
      database.db,
      "UPDATE ghl_connections SET installed_at = now() - interval '90 days' WHERE location_id = $1",
      [uuid],
    );
    await pollGhl(one.context);
    studio.till.refund(transaction_id!);
    await makeDue(uuid);
    await sql(database.db, "UPDATE ghl_polls SET next_at = now() + interval '1 h' WHERE kind = 'transactions_sweep'");
    await pollGhl(one.context);
    expect(await transactionsOf(uuid)).toHaveLength(1);
    await makeDue(uuid);
    await pollGhl(one.context);
    expect((await transactionsOf(uuid)).map(({ transaction }) => transaction.refunded_cents)).toEqual([0, 5000]);
  });

  test("a subscription that ends, though it began long ago", async () => {
    const { uuid, studio } = await connectStudio(one, fake);
    const price = studio.till.addPrice(studio.till.addProduct("Gold"), { amount: 99, interval: "month" });
    const { subscription_id } = studio.subscriptions.subscribe(studio.desk.createContact(), price);
    const subscription = fake.world.location(studio.location_id).subscriptions.get(subscription_id)!;
    subscription.createdAt = new Date(Date.now() - 300 * DAY).toISOString();
    await pollOften(uuid);
    studio.subscriptions.cancel(subscription_id, { at_period_end: false });
    await pollOften(uuid);
    const told = await keptOf(uuid, "PolledSubscription");
    expect(told).toMatchObject([{ subscription: { status: "active" } }, { subscription: { status: "canceled" } }]);
  });

  test("partial payments of one order are one payment", async () => {
    const { uuid, studio } = await connectStudio(one, fake);
    const price = studio.till.addPrice(studio.till.addProduct("Pack"), { amount: 50 });
    const { transaction_id } = studio.till.sell(studio.desk.createContact(), [{ price_id: price, quantity: 1 }]);
    const {
      _id,
      visible_at: _,
      createdAt: __,
      ...facts
    } = fake.world.location(studio.location_id).transactions.get(transaction_id!)!;
    studio.till.record(facts);
    await pollGhl(one.context);
    expect((await transactionsOf(uuid)).map(({ is_first_of_entity }) => is_first_of_entity)).toEqual([true, true]);
  });

  test("what was paid before the connection is left alone", async () => {
    const { uuid, studio } = await connectStudio(one, fake);
    const price = studio.till.addPrice(studio.till.addProduct("Pack"), { amount: 50 });
    const { transaction_id } = studio.till.sell(studio.desk.createContact(), [{ price_id: price, quantity: 1 }]);
    const transaction = fake.world.location(studio.location_id).transactions.get(transaction_id!)!;
    transaction.createdAt = new Date(Date.now() - 3_600_000).toISOString();
    await pollGhl(one.context);
    expect(await transactionsOf(uuid)).toEqual([]);
  });
});

/** Takes what is kept, as two processes do that share the queue. */
async function takeAll(): Promise<void> {
  const takers = [one, other].map(
    ({ context }) => new EventTaker(database.db, context.clock, createTakeEvent({ ...context, installations: null })),
  );
  await Promise.all(takers.map((taker) => taker.drain()));
}

test("Sale, renewal and refund, all without a webhook, become credits exactly once", async () => {
  const gold = { key: "gold", type: "membership", monthly_credits: 8, calendars: ["yoga"] };
  const { uuid, studio } = await connectStudio(one, fake, { products: [gold] });
  const ada = studio.desk.createContact();
  const product_id = studio.till.addProduct("Gold");
  const price = studio.till.addPrice(product_id, { amount: 99, interval: "month" });
  await sql(
    database.db,
    "UPDATE product_configs SET terms = terms || jsonb_build_object('ghl_product_id', $2::text) WHERE location_id = $1",
    [uuid, product_id],
  );
  const { subscription_id } = studio.subscriptions.subscribe(ada, price);
  const renewal_id = studio.subscriptions.renew(subscription_id);
  const credited = async () => {
    await pollOften(uuid);
    await takeAll();
    const rows = await sql<{ type: string; amount: number }>(
      database.db,
      "SELECT type, amount FROM ledger_entries WHERE location_id = $1 ORDER BY entry_number",
      [uuid],
    );
    return rows.map(({ type, amount }) => `${type} ${amount}`);
  };
  expect(await credited()).toEqual(["grant 8", "grant 8"]);
  expect(await credited()).toEqual(["grant 8", "grant 8"]);
  studio.till.refund(renewal_id);
  expect(await credited()).toEqual(["grant 8", "grant 8", "refund 8"]);
  expect(await credited()).toEqual(["grant 8", "grant 8", "refund 8"]);
});

/** As if its webhook had come: what GoHighLevel says of a booking now is what we were told. */
async function hold(location_id: string, appointment_id: string): Promise<void> {
  const reach = await one.connections.ghl(location_id);
  const version = reach && (await findAppointment(reach.client, appointment_id, Date.now()));
  if (!version) throw new Error("there is no such booking");
  await database.db.transaction([location_id], (tx) =>
    insertVersions(tx, [{ ...version, location_id }], new Date().toISOString()),
  );
}

describe("Bookings are compared with GoHighLevel's once a day", () => {
  test("one whose webhook was lost is taken over, one that is known is not told again, one that is gone is told as deleted; a calendar that is gone holds up none", async () => {
    const { uuid, studio } = await connectStudio(one, fake, {
      products: [{ key: "pack", type: "package", credits_total: 10, calendars: ["placeholder"] }],
    });
    const calendar_id = studio.desk.addCalendar("Yoga");
    await sql(
      database.db,
      "UPDATE product_configs SET terms = jsonb_set(terms, '{calendars}', to_jsonb(ARRAY['deleted', $2::text])) WHERE location_id = $1",
      [uuid, calendar_id],
    );
    const contact_id = studio.desk.createContact();
    const lost = studio.desk.book({ contact_id, calendar_id, starts_at: Date.now() + 3 * DAY });
    await hold(uuid, studio.desk.book({ contact_id, calendar_id, starts_at: Date.now() + 4 * DAY }));
    await pollOften(uuid);
    expect(await keptOf(uuid, "PolledBooking")).toMatchObject([
      { version: { external_id: lost, status: "confirmed" } },
    ]);
    await hold(uuid, lost);
    await pollOften(uuid);
    expect(await keptOf(uuid, "PolledBooking")).toHaveLength(1);
    studio.desk.deleteAppointment(lost);
    await makeDue(uuid);
    await pollGhl(one.context);
    expect(await keptOf(uuid, "PolledBooking")).toMatchObject([
      { version: { status: "confirmed" } },
      { version: { external_id: lost, status: "deleted", contact_external_id: contact_id } },
    ]);
    // One of its calendars is no longer there.
    expect((await pollsOf(uuid)).every(({ trouble }) => trouble === null)).toBe(true);
  });
});

describe("Asking survives what goes wrong", () => {
  test("a location that fails is told so, is tried less and less often, and holds up no other", async () => {
    const broken = await connectStudio(one, fake);
    const sound = await connectStudio(one, fake);
    await sql(database.db, "UPDATE ghl_connections SET access_token = 's1.broken' WHERE location_id = $1", [
      broken.uuid,
    ]);
    const price = sound.studio.till.addPrice(sound.studio.till.addProduct("Pack"), { amount: 50 });
    sound.studio.till.sell(sound.studio.desk.createContact(), [{ price_id: price, quantity: 1 }]);
    await pollGhl(one.context);
    expect(await transactionsOf(sound.uuid)).toHaveLength(1);
    for (const failures of [1, 2]) {
      for (const poll of await pollsOf(broken.uuid)) {
        // Without a covered calendar there is nothing to ask.
        if (poll.kind === "bookings") continue;
        expect(poll).toMatchObject({ failures, trouble: expect.stringMatching(/./) as string });
        expect(poll.wait_s).toBeLessThanOrEqual(60 * failures);
        expect(poll.wait_s).toBeGreaterThan(60 * (failures - 1));
      }
      await makeDue(broken.uuid);
      await pollGhl(one.context);
    }
    expect((await pollsOf(sound.uuid)).map(({ trouble }) => trouble)).toEqual([null, null, null, null]);
  });

  test("a reading that its process did not finish is taken over once its lease is out, and nothing is lost", async () => {
    const { uuid, studio } = await connectStudio(one, fake);
    const price = studio.till.addPrice(studio.till.addProduct("Pack"), { amount: 50 });
    studio.till.sell(studio.desk.createContact(), [{ price_id: price, quantity: 1 }]);
    const killed = await takeTurns(one.db, one.clock, 100);
    expect(killed.filter(({ location_id }) => location_id === uuid)).toHaveLength(4);
    await pollGhl(other.context);
    expect(await transactionsOf(uuid)).toEqual([]);
    await makeDue(uuid);
    await pollGhl(other.context);
    expect(await transactionsOf(uuid)).toHaveLength(1);
  });

  test("a process that is to stop begins no further reading; the next run does", async () => {
    const { uuid } = await connectStudio(one, fake);
    expect(await pollGhl(one.context, AbortSignal.abort())).toBe(0);
    expect(await pollsOf(uuid)).toEqual([]);
    await pollGhl(one.context);
    expect(await pollsOf(uuid)).toHaveLength(4);
  });

  test("a sandbox whose clock is moved is asked at its own time", async () => {
    const { uuid, studio } = await connectStudio(one, fake, { sandbox: true });
    await pollGhl(one.context);
    const price = studio.till.addPrice(studio.till.addProduct("Pack"), { amount: 50 });
    studio.till.sell(studio.desk.createContact(), [{ price_id: price, quantity: 1 }]);
    await pollGhl(one.context);
    expect(await transactionsOf(uuid)).toEqual([]);
    await sql(database.db, "UPDATE locations SET clock_offset_ms = 360000 WHERE location_id = $1", [uuid]);
    await pollGhl(one.context);
    expect(await transactionsOf(uuid)).toHaveLength(1);
  });

  test("a location that is no longer connected is not asked", async () => {
    const { uuid } = await connectStudio(one, fake);
    await sql(database.db, "UPDATE ghl_connections SET status = 'needs_reinstall' WHERE location_id = $1", [uuid]);
    await pollGhl(one.context);
    expect(await pollsOf(uuid)).toEqual([]);
  });
});
