import { afterAll, describe, expect, test } from "vitest";
import { FakeStripe } from "../../src/gateways/stripe/fake/fake-stripe.ts";
import { setBillingStatus } from "../../src/operations/billing/set-billing-status.ts";
import { connectStripe, newStripeConnection } from "../../src/operations/connections/connect-stripe.ts";
import { findLocation } from "../../src/operations/locations/find-location.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { locationPublicId } from "../../src/platform/ids.ts";
import { sql } from "../support.ts";
import { base_url, database, fake as ghl, secrets } from "./ghl-installations.ts";
import { openGhlStudio, tell } from "./ghl-studio.ts";

const opened: FakeStripe[] = [];

afterAll(async () => {
  for (const fake of opened) await fake.stop();
});

/** A studio that is connected to GoHighLevel and listens to its Stripe account: a pack of ten, sold through either. */
async function openStudio() {
  const studio = await openGhlStudio();
  const fake = new FakeStripe({ clock: systemClock, is_live: true, seed: opened.length + 100 });
  opened.push(fake);
  await fake.start();
  const pack = fake.createPrice({ product: fake.createProduct("Ten classes").id, unit_amount: 10_000 });
  const { price_id } = await studio.sells("package", { credits_total: 10, stripe_price_id: pack.id });
  const location = await findLocation(database.db, locationPublicId(studio.location_id));
  const connection = newStripeConnection();
  const { secret, endpoint_id } = fake.addEndpoint(`${base_url}/webhooks/stripe/${connection.url_key}`);
  await connectStripe(database.db, secrets, systemClock, location, connection, {
    mode: "webhook",
    is_live: true,
    restricted_key: null,
    webhook_secret: secret,
    webhook_endpoint_id: endpoint_id,
  });
  const maya = studio.member();
  const customer = fake.createCustomer({ email: "maya@example.test", metadata: { contact_id: maya } }).id;
  return {
    ...studio,
    maya,
    payByStripe: () => fake.sellByInvoice({ customer, price: pack.id }),
    tellStripe: async () => {
      await fake.drain();
      await tell();
    },
    sellByGhl: () => studio.till.sell(maya, [{ price_id, quantity: 1 }]),
    /** Lets GoHighLevel's transaction name Stripe's invoice, as it does where it took the money through that account. */
    isTheSame: (transaction_id: string | null, invoice_id: string) => {
      const transaction = ghl.world.location(studio.location_id_of_ghl).transactions.get(transaction_id ?? "");
      Object.assign(transaction ?? {}, { chargeId: invoice_id, chargeSnapshot: { id: invoice_id, object: "invoice" } });
    },
    /** The time that a Stripe payment waits for GoHighLevel's has passed. */
    async waitedLongEnough() {
      await sql(
        database.db,
        "UPDATE payment_events SET settles_at = now() - interval '1 second' WHERE location_id = $1 AND status = 'settling'",
        [studio.location_id],
      );
      await tell();
    },
    /** Without those that turned out to be another one's telling. */
    payments: () =>
      sql<{ status: string; attention: string[] }>(
        database.db,
        "SELECT status, attention FROM payment_events WHERE location_id = $1 AND status <> 'dismissed' ORDER BY recorded_at, id",
        [studio.location_id],
      ),
    granted: async () => (await studio.entriesOf(maya)).map(({ type, amount }) => `${type} ${amount}`),
  };
}

describe("GoHighLevel is primary, Stripe the second source (rule 32)", () => {
  test("a Stripe payment waits for GoHighLevel's; one that shares a name is the same (duplicate_payment_event)", async () => {
    const studio = await openStudio();
    const invoice = studio.payByStripe();
    await studio.tellStripe();
    expect(await studio.granted()).toEqual([]);
    expect(await studio.payments()).toMatchObject([{ status: "settling" }]);
    const { transaction_id } = studio.sellByGhl();
    studio.isTheSame(transaction_id, invoice.id);
    await tell();
    await studio.waitedLongEnough();
    expect(await studio.granted()).toEqual(["grant 10"]);
    expect(await studio.payments()).toMatchObject([{ status: "recorded", attention: [] }]);
  });

  test("after its time it is granted alone, and GoHighLevel's that follows under a shared name joins it", async () => {
    const studio = await openStudio();
    const invoice = studio.payByStripe();
    await studio.tellStripe();
    await studio.waitedLongEnough();
    expect(await studio.granted()).toEqual(["grant 10"]);
    const { transaction_id } = studio.sellByGhl();
    studio.isTheSame(transaction_id, invoice.id);
    await tell();
    expect(await studio.granted()).toEqual(["grant 10"]);
    expect(await studio.payments()).toHaveLength(1);
  });

  test("without a shared name, alike and within ten minutes, it is held back as a probable duplicate", async () => {
    const studio = await openStudio();
    studio.sellByGhl();
    await tell();
    studio.payByStripe();
    await studio.tellStripe();
    await studio.waitedLongEnough();
    expect(await studio.granted()).toEqual(["grant 10"]);
    expect(await studio.payments()).toMatchObject([
      { status: "recorded" },
      { status: "probable_duplicate", attention: ["probable_duplicate"] },
    ]);
  });

  test("two packs sold within one provider are two: families buy two", async () => {
    const studio = await openStudio();
    studio.sellByGhl();
    studio.sellByGhl();
    await tell();
    expect(await studio.granted()).toEqual(["grant 10", "grant 10"]);
  });
});

describe("while the workspace is suspended", () => {
  test("deliveries wait, and are taken in one order of time when billing is back (rule 37, clarification 22)", async () => {
    const studio = await openStudio();
    const [workspace] = await sql<{ key: string }>(
      database.db,
      "SELECT w.key FROM workspaces w JOIN locations l ON l.workspace_id = w.id WHERE l.location_id = $1",
      [studio.location_id],
    );
    await setBillingStatus(database.db, workspace?.key ?? "", "suspended");
    studio.sellByGhl();
    await tell();
    const starts_at = systemClock.now() + 3 * 24 * 3_600_000;
    const booking = studio.desk.book({ contact_id: studio.maya, calendar_id: studio.calendar_id, starts_at });
    await tell();
    studio.desk.cancel(booking);
    await tell();
    expect(await studio.granted()).toEqual([]);
    expect(new Set(await studio.outcomesOf("OrderStatusUpdate", "AppointmentCreate", "AppointmentUpdate"))).toEqual(
      new Set(["waiting: BILLING_SUSPENDED"]),
    );
    await setBillingStatus(database.db, workspace?.key ?? "", "active");
    await sql(
      database.db,
      "UPDATE webhook_events SET status = 'received', next_attempt_at = now() WHERE location_id = $1 AND status = 'waiting'",
      [studio.location_id],
    );
    await tell();
    expect(await studio.granted()).toEqual(["grant 10", "hold 1", "release 1"]);
  });
});
