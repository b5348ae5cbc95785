import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeStripe } from "../../src/gateways/stripe/fake/fake-stripe.ts";
import { ProviderConnections } from "../../src/jobs/events/connections.ts";
import { createTakeEvent } from "../../src/jobs/take-event.ts";
import { connectStripe, newStripeConnection } from "../../src/operations/connections/connect-stripe.ts";
import { settleEverywhere } from "../../src/operations/due/settle-dues.ts";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import { openLedger, type Ledger } from "../../src/operations/ledger.ts";
import { findLocation } from "../../src/operations/locations/find-location.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createLocation, sql } from "../support.ts";
import { useListeningServer } from "./listening-server.ts";

const server = useListeningServer();
let ledger: Ledger;
let studios = 0;
const opened: FakeStripe[] = [];

beforeAll(() => {
  ledger = openLedger(server.db, systemClock, { batch: "mixed" });
});

afterAll(async () => {
  for (const fake of opened) await fake.stop();
});

interface Delivery {
  url: string;
  headers: Record<string, string>;
  body: string;
}

async function post({ url, headers, body }: Delivery): Promise<number> {
  return (await fetch(url, { method: "POST", headers, body })).status;
}

/** A studio without a CRM that listens to its Stripe account: a pack of ten and a membership of eight a month. */
async function openStudio({ shape = "new" as "new" | "old" } = {}) {
  studios += 1;
  const fake = new FakeStripe({ clock: systemClock, is_live: true, seed: studios });
  fake.shape = shape;
  opened.push(fake);
  const api_base = await fake.start();
  const pack = fake.createPrice({ product: fake.createProduct("Ten classes").id, unit_amount: 5000 });
  const gold = fake.createPrice({ product: fake.createProduct("Gold").id, unit_amount: 9900, is_monthly: true });
  const made = await createLocation(server.db, {
    products: [
      { key: "pack", type: "package", credits_total: 10, calendars: ["yoga"], stripe_price_id: pack.id },
      { key: "gold", type: "membership", monthly_credits: 8, calendars: ["yoga"], stripe_product_id: gold.product },
    ],
  });
  const location = await findLocation(server.db, made.location_id);
  const connection = newStripeConnection();
  const { secret, endpoint_id } = fake.addEndpoint(`${server.base_url}/webhooks/stripe/${connection.url_key}`);
  await connectStripe(server.db, server.secrets, systemClock, location, connection, {
    mode: "webhook",
    is_live: true,
    restricted_key: fake.addKey(),
    webhook_secret: secret,
    webhook_endpoint_id: endpoint_id,
  });
  const connections = new ProviderConnections(server.db, {
    secrets: server.secrets,
    accounts: null,
    stripe_api_base: api_base,
  });
  const { db } = server;
  const context = { db, ledger, clock: systemClock, log: createLogger("silent"), installations: null, connections };
  const held: Delivery[] = [];
  const take = async () => {
    await new EventTaker(db, systemClock, createTakeEvent(context)).drain();
    await settleEverywhere(db, ledger, systemClock);
  };
  const customer = (contact_id: string | null, email = `${contact_id}@example.test`) =>
    fake.createCustomer({ email, name: "Ann", metadata: contact_id === null ? {} : { contact_id } }).id;
  return {
    fake,
    pack,
    gold,
    customer,
    location_id: location.location_id,
    /** Lets Stripe deliver, and takes all that came. */
    async tell() {
      await fake.drain();
      await take();
    },
    /** Lets through only deliveries of these types, and takes them; the others wait for `tellRest`. */
    async tellFirst(types: RegExp) {
      fake.onDelivery = async (delivery) => {
        const { type } = JSON.parse(delivery.body) as { type: string };
        if (types.test(type)) return post(delivery);
        held.push(delivery);
        return 200;
      };
      await fake.drain();
      await take();
    },
    async tellRest() {
      for (const delivery of held.splice(0)) await post(delivery);
      await take();
    },
    async entriesOf(contact: string) {
      const rows = await sql<{ type: string; amount: number; source: string }>(
        db,
        `SELECT e.type, e.amount, e.source FROM ledger_entries e
         JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
         WHERE c.location_id = $1 AND c.external_id = $2 ORDER BY e.entry_number`,
        [location.location_id, contact],
      );
      return rows.map(({ type, amount }) => `${type} ${amount}`);
    },
    payments: () =>
      sql<{ status: string; attention: string[]; items: { status: string; reason: string }[] }>(
        db,
        "SELECT status, attention, items FROM payment_events WHERE location_id = $1 ORDER BY paid_at, id",
        [location.location_id],
      ),
    outcomes: async () => {
      const rows = await sql<{ reason_code: string }>(
        db,
        "SELECT DISTINCT status || ': ' || reason_code AS reason_code FROM webhook_events WHERE location_id = $1",
        [location.location_id],
      );
      return rows.map(({ reason_code }) => reason_code).sort();
    },
  };
}

describe.each(["new", "old"] as const)("a payment through Stripe, in its %s shape", (shape) => {
  test("grants once, though three events tell of it and each comes twice (payment_recorded)", async () => {
    const studio = await openStudio({ shape });
    studio.fake.setWeather({ double: 1 });
    studio.fake.pay({ customer: studio.customer("ann"), price: studio.pack.id, quantity: 2 });
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 20"]);
    expect(await studio.payments()).toHaveLength(1);
  });

  test("a subscription's invoice opens the period that it paid, a renewal the next (payment_recorded)", async () => {
    const studio = await openStudio({ shape });
    const { subscription } = studio.fake.startSubscription({ customer: studio.customer("ann"), price: studio.gold.id });
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 8"]);
    studio.fake.renew(subscription.id);
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 8", "grant 8"]);
    const periods = await sql<{ renewal: string; periods: unknown[] }>(
      server.db,
      "SELECT renewal, periods FROM memberships WHERE location_id = $1",
      [studio.location_id],
    );
    expect(periods).toMatchObject([{ renewal: "provider" }]);
    expect(periods[0]?.periods).toHaveLength(2);
  });

  test("a refund takes back its part, however it is told (refund_recorded)", async () => {
    const studio = await openStudio({ shape });
    const { charge } = studio.fake.pay({ customer: studio.customer("ann"), price: studio.pack.id });
    await studio.tell();
    studio.fake.refund(charge.id, { amount: 2000 });
    studio.fake.setWeather({ double: 1 });
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 10", "refund 4"]);
  });

  test("a lost dispute takes all, and a refund after it nothing more (dispute_recorded)", async () => {
    const studio = await openStudio({ shape });
    const { charge } = studio.fake.pay({ customer: studio.customer("ann"), price: studio.pack.id });
    const dispute = studio.fake.openDispute(charge.id);
    await studio.tell();
    studio.fake.loseDispute(dispute.id);
    studio.fake.refund(charge.id);
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 10", "refund 10"]);
  });

  test("a refund that comes before its payment is kept for it (refund_kept), and so is a dispute (dispute_kept)", async () => {
    const studio = await openStudio({ shape });
    const refunded = studio.fake.pay({ customer: studio.customer("ann"), price: studio.pack.id });
    studio.fake.refund(refunded.charge.id);
    const disputed = studio.fake.pay({ customer: studio.customer("ben"), price: studio.pack.id });
    studio.fake.openDispute(disputed.charge.id);
    await studio.tellFirst(/^(refund|charge\.refunded|charge\.dispute)/);
    expect(await studio.outcomes()).toEqual(["done: dispute_kept", "done: refund_kept"]);
    await studio.tellRest();
    expect(await studio.entriesOf("ann")).toEqual(["grant 10", "refund 10"]);
    const lots = await sql(server.db, "SELECT state FROM entitlements WHERE location_id = $1 AND available = 10", [
      studio.location_id,
    ]);
    expect(lots).toEqual([{ state: "paused" }]);
  });

  test("a subscription that is to end lets its membership end (subscription_followed)", async () => {
    const studio = await openStudio({ shape });
    const { subscription } = studio.fake.startSubscription({ customer: studio.customer("ann"), price: studio.gold.id });
    await studio.tell();
    studio.fake.cancelSubscription(subscription.id, { at_period_end: true });
    await studio.tell();
    const rows = await sql<{ ends_at: number | null }>(
      server.db,
      "SELECT ends_at FROM memberships WHERE location_id = $1",
      [studio.location_id],
    );
    expect(rows[0]?.ends_at).not.toBeNull();
    expect(await studio.outcomes()).toContain("done: subscription_followed");
  });
});

test("a payment of somebody whom nobody knows waits unmatched; a known address is enough", async () => {
  const studio = await openStudio();
  studio.fake.pay({ customer: studio.customer(null, "nobody@example.test"), price: studio.pack.id });
  await studio.tell();
  expect(await studio.payments()).toMatchObject([
    { attention: ["unmatched"], items: [{ status: "unmatched", reason: "UNKNOWN_CONTACT" }] },
  ]);
  studio.fake.pay({ customer: studio.customer("ann", "ann@example.test"), price: studio.pack.id });
  await studio.tell();
  await sql(
    server.db,
    "UPDATE contacts SET email = 'ann@example.test' WHERE location_id = $1 AND external_id = 'ann'",
    [studio.location_id],
  );
  studio.fake.pay({ customer: studio.customer(null, "Ann@Example.test"), price: studio.pack.id });
  await studio.tell();
  expect(await studio.entriesOf("ann")).toEqual(["grant 10", "grant 10"]);
});

test("an invoice that was marked as paid by hand moved no card money", async () => {
  const studio = await openStudio();
  studio.fake.sellByInvoice({ customer: studio.customer("ann"), price: studio.pack.id, is_out_of_band: true });
  await studio.tell();
  expect(await studio.entriesOf("ann")).toEqual([]);
  expect(await studio.outcomes()).toContain("ignored: PAID_OUT_OF_BAND");
});
