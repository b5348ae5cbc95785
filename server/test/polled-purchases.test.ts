import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeGhl } from "../src/gateways/ghl/fake/fake-ghl.ts";
import { pollGhl } from "../src/jobs/poll-ghl.ts";
import { createTakeEvent } from "../src/jobs/take-event.ts";
import { EventTaker } from "../src/operations/events/event-taker.ts";
import { connectStudio, openProviders, type TestProviders } from "./connected-studio.ts";
import { createTestDatabase, sql, type TestDatabase } from "./support.ts";

let database: TestDatabase;
let fake: FakeGhl;
let providers: TestProviders;

beforeAll(async () => {
  database = await createTestDatabase();
  fake = new FakeGhl({ sends_by_itself: false });
  fake.onDelivery = () => Promise.resolve(200);
  providers = openProviders(database.db, fake, await fake.start());
});
afterAll(async () => {
  await providers.context.ledger.close();
  await fake.stop();
  await database.drop();
});

/** A studio of which nothing is known but what is asked for, with what it sells. */
async function openShop() {
  const products = [
    { key: "gold", type: "membership", monthly_credits: 8, calendars: ["yoga"] },
    { key: "pack", type: "package", credits_total: 12, calendars: ["yoga"] },
  ];
  const { uuid, studio } = await connectStudio(providers, fake, { products });
  const sell = async (key: string, amount: number, interval?: "month") => {
    const product_id = studio.till.addProduct(key);
    await sql(
      database.db,
      `UPDATE product_configs SET terms = terms || jsonb_build_object('ghl_product_id', $3::text)
       WHERE location_id = $1 AND key = $2`,
      [uuid, key, product_id],
    );
    return studio.till.addPrice(product_id, { amount, ...(interval ? { interval } : {}) });
  };
  const world = fake.world.location(studio.location_id);
  return {
    studio,
    world,
    gold: await sell("gold", 99, "month"),
    pack: await sell("pack", 300),
    /** All that is asked for and taken, as the entries that came of it. */
    async entries() {
      await sql(database.db, "UPDATE ghl_polls SET next_at = now() - interval '1 s' WHERE location_id = $1", [uuid]);
      await pollGhl(providers.context);
      const take = createTakeEvent({ ...providers.context, installations: null });
      await new EventTaker(database.db, providers.context.clock, take).drain();
      return sql<{ entry: string; occurred_at: number }>(
        database.db,
        `SELECT type || ' ' || amount AS entry, occurred_at FROM ledger_entries WHERE location_id = $1
         ORDER BY entry_number`,
        [uuid],
      );
    },
    async creditsOf(contact: string) {
      const [row] = await sql<{ credits: number }>(
        database.db,
        `SELECT COALESCE(sum(e.available), 0)::integer AS credits FROM entitlements e
         JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
         WHERE c.location_id = $1 AND c.external_id = $2`,
        [uuid, contact],
      );
      return row?.credits;
    },
    async entryList() {
      return (await this.entries()).map(({ entry }) => entry);
    },
  };
}

test("a renewal pays again what recurs, not what was bought once beside it", async () => {
  const shop = await openShop();
  const { order_id, subscription_id } = shop.studio.subscriptions.subscribe(
    shop.studio.desk.createContact(),
    shop.gold,
  );
  shop.world.orders.get(order_id)!.lines.push({ price_id: shop.pack, quantity: 1 });
  expect((await shop.entryList()).toSorted()).toEqual(["grant 12", "grant 8"]);
  shop.studio.subscriptions.renew(subscription_id);
  expect((await shop.entryList()).toSorted()).toEqual(["grant 12", "grant 8", "grant 8"]);
});

test("rule 33: an invoice that is paid in parts grants once all of it is paid; what is refunded of the parts adds up", async () => {
  const shop = await openShop();
  const contactId = shop.studio.desk.createContact();
  const invoice_id = shop.studio.till.sendInvoice(contactId, [{ price_id: shop.pack, quantity: 1 }]);
  const invoice = shop.world.invoices.get(invoice_id)!;
  const payPart = (status: string) => {
    Object.assign(invoice, { status, amountPaid: invoice.amountPaid + 100 });
    const { currency } = invoice;
    const entity = { entityType: "invoice", entityId: invoice_id, entitySourceType: "invoice" } as const;
    const paid = { contactId, currency, amount: 100, liveMode: true, status: "succeeded", entitySourceId: invoice_id };
    const chargeId = fake.world.newId("pi_");
    return shop.studio.till.record({ ...paid, ...entity, chargeId, chargeSnapshot: { id: chargeId } })._id;
  };
  const first = payPart("partially_paid");
  const second = payPart("partially_paid");
  expect(await shop.entryList()).toEqual([]);
  payPart("paid");
  expect(await shop.entryList()).toEqual(["grant 12"]);
  shop.studio.till.refund(first);
  expect(await shop.entryList()).toEqual(["grant 12", "refund 4"]);
  shop.studio.till.refund(second, 50);
  shop.studio.till.refund(second, 25);
  expect(await shop.entryList()).toEqual(["grant 12", "refund 4", "refund 3"]);
});

test("rule 33: what is paid in parts is granted since all of it was paid, whichever part is read first", async () => {
  const shop = await openShop();
  const contactId = shop.studio.desk.createContact();
  const order_id = shop.studio.till.placeOrder(contactId, [{ price_id: shop.pack, quantity: 1 }]);
  const order = shop.world.orders.get(order_id)!;
  const { currency } = order;
  const paid = {
    contactId,
    currency,
    amount: 150,
    liveMode: true,
    status: "succeeded",
    entitySourceId: order_id,
  } as const;
  for (const seconds_ago of [3, 2]) {
    const chargeId = fake.world.newId("pi_");
    const entity = { entityType: "order", entityId: order_id, entitySourceType: "funnel" } as const;
    const part = shop.studio.till.record({ ...paid, ...entity, chargeId, chargeSnapshot: { id: chargeId } });
    Object.assign(part, { createdAt: new Date(fake.world.clock.now() - seconds_ago * 1000).toISOString() });
  }
  Object.assign(order, { status: "completed", updatedAt: new Date(fake.world.clock.now() - 1000).toISOString() });
  expect(await shop.entries()).toMatchObject([{ entry: "grant 12", occurred_at: Date.parse(order.updatedAt) }]);
});

test("rule 29: merged into somebody who is new here, the credits go over all the same", async () => {
  const shop = await openShop();
  const [old, kept] = [shop.studio.desk.createContact(), shop.studio.desk.createContact()];
  const { transaction_id } = shop.studio.till.sell(old, [{ price_id: shop.pack, quantity: 1 }]);
  await shop.entries();
  const transaction = shop.world.transactions.get(transaction_id!)!;
  Object.assign(transaction, { contactId: kept, mergedFromContactId: old });
  expect(await shop.creditsOf(kept)).toBe(0);
  await shop.entries();
  expect(await shop.creditsOf(kept)).toBe(12);
});

test.each([true, false])(
  "rule 34: a refund is dated by when it was given back, whether its payment was known before (%s) or not",
  async (is_known) => {
    const shop = await openShop();
    const { transaction_id } = shop.studio.till.sell(shop.studio.desk.createContact(), [
      { price_id: shop.pack, quantity: 1 },
    ]);
    const transaction = shop.world.transactions.get(transaction_id!)!;
    if (is_known) await shop.entries();
    shop.studio.till.refund(transaction_id!, 100);
    const paid_at = Date.parse(transaction.createdAt);
    transaction.updatedAt = new Date(paid_at + 5).toISOString();
    expect(await shop.entries()).toEqual([
      { entry: "grant 12", occurred_at: paid_at },
      { entry: "refund 4", occurred_at: paid_at + 5 },
    ]);
    // A grown sum is dated by when it grew.
    shop.studio.till.refund(transaction_id!, 50);
    transaction.updatedAt = new Date(paid_at + 9).toISOString();
    expect((await shop.entries()).at(-1)).toEqual({ entry: "refund 2", occurred_at: paid_at + 9 });
  },
);
