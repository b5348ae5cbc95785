import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeGhl } from "../src/gateways/ghl/fake/fake-ghl.ts";
import { FakeStripe } from "../src/gateways/stripe/fake/fake-stripe.ts";
import { pollStripe } from "../src/jobs/poll-stripe.ts";
import { systemClock } from "../src/platform/clock.ts";
import { locationUuid } from "../src/platform/ids.ts";
import { connectStripe, openProviders, type TestProviders } from "./connected-studio.ts";
import { createLocation, createTestDatabase, sql, type TestDatabase } from "./support.ts";

let database: TestDatabase;
let fake: FakeStripe;
let providers: TestProviders;
let customer: string;
let price: string;

beforeAll(async () => {
  database = await createTestDatabase();
  fake = new FakeStripe({ clock: systemClock });
  const stripe_api_base = await fake.start();
  providers = openProviders(database.db, new FakeGhl({ sends_by_itself: false }), "http://127.0.0.1:1", {
    stripe_api_base,
  });
  customer = fake.createCustomer({ email: "ann@example.com", metadata: { contact_id: "contact-1" } }).id;
  price = fake.createPrice({ product: fake.createProduct("Pack").id, unit_amount: 5000 }).id;
});
afterAll(async () => {
  await providers.context.ledger.close();
  await fake.stop();
  await database.drop();
});

async function connected(mode: "poll" | "webhook", key = fake.addKey()) {
  const { location_id: public_id } = await createLocation(database.db, { products: [] });
  const location_id = locationUuid(public_id) ?? "";
  return { location_id, id: await connectStripe(providers, location_id, key, mode) };
}

const eventsOf = (connection_id: string) =>
  sql<{ type: string; verification: string; status: string; dedupe_key: string; location_id: string }>(
    database.db,
    "SELECT type, verification, status, dedupe_key, location_id FROM webhook_events WHERE connection_id = $1",
    [connection_id],
  );

async function connectionOf(id: string) {
  const [row] = await sql<{ trouble: string | null; poll_cursor: string | null }>(
    database.db,
    "SELECT trouble, poll_cursor FROM stripe_connections WHERE id = $1",
    [id],
  );
  return row;
}

const lastPolled = (id: string, ago: string) =>
  sql(database.db, "UPDATE stripe_connections SET polled_at = now() - $2::interval WHERE id = $1", [id, ago]);

describe("A studio's Stripe account that sends nothing", () => {
  test("is read once a minute by whichever process is first, and each event is kept once", async () => {
    const { id, location_id } = await connected("poll");
    fake.pay({ customer, price });
    await Promise.all([pollStripe(providers.context), pollStripe(providers.context)]);
    const first = await eventsOf(id);
    expect(first.map(({ type }) => type)).toContain("payment_intent.succeeded");
    expect(first.every((one) => one.verification === "polled" && one.location_id === location_id)).toBe(true);
    await pollStripe(providers.context);
    fake.pay({ customer, price });
    expect(await pollStripe(providers.context)).toBe(0);
    await lastPolled(id, "1 minute");
    await pollStripe(providers.context);
    const second = await eventsOf(id);
    expect(second.length).toBe(2 * first.length);
    expect(new Set(second.map(({ dedupe_key }) => dedupe_key)).size).toBe(second.length);
  });

  test("that delivers is read once an hour, and an event that was delivered is not kept again", async () => {
    const { id, location_id } = await connected("webhook");
    await pollStripe(providers.context);
    const [{ dedupe_key } = { dedupe_key: "" }] = await eventsOf(id);
    fake.pay({ customer, price });
    const delivered = fake.events().at(-1) as { id: string; type: string };
    await sql(
      database.db,
      `INSERT INTO webhook_events (id, provider, connection_id, dedupe_key, type, location_id, headers, body, verification,
         told_at, received_at, status, attempts_allowed, correlation_id)
       VALUES ($1, 'stripe', $2, $3, $4, $5, '{}', '{}', 'verified', now(), now(), 'done', 1, $1)`,
      [randomUUID(), id, delivered.id, delivered.type, location_id],
    );
    await lastPolled(id, "59 minutes");
    expect(await pollStripe(providers.context)).toBe(0);
    await lastPolled(id, "61 minutes");
    await pollStripe(providers.context);
    const kept = await eventsOf(id);
    expect(kept.filter((one) => one.dedupe_key === delivered.id)).toMatchObject([{ verification: "verified" }]);
    expect(kept.filter((one) => one.dedupe_key === dedupe_key)).toHaveLength(1);
    expect(kept.length).toBeGreaterThan(2);
  });

  test("whose key is no longer good says so on its connection, and catches up with a new one", async () => {
    const key = fake.addKey();
    const { id } = await connected("poll", key);
    fake.revokeKey(key);
    await pollStripe(providers.context);
    expect(await connectionOf(id)).toEqual({ trouble: "Stripe: unauthorised", poll_cursor: null });
    const { location_id } = (
      await sql<{ location_id: string }>(
        database.db,
        "DELETE FROM stripe_connections WHERE id = $1 RETURNING location_id",
        [id],
      )
    )[0]!;
    const again = await connectStripe(providers, location_id, fake.addKey(), "poll");
    await pollStripe(providers.context);
    expect(await connectionOf(again)).toMatchObject({
      trouble: null,
      poll_cursor: expect.stringMatching(/^\d+$/) as string,
    });
    expect((await eventsOf(again)).length).toBeGreaterThan(0);
  });
});
