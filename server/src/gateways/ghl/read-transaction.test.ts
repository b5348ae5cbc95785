import { describe, expect, test } from "vitest";
import { firstTransactions, readTransaction } from "./read-transaction.ts";
import { transactionShape, type GhlTransaction } from "./transactions.ts";

const seen_at = Date.parse("2026-04-01T00:00:00Z");
const start = Date.parse("2026-03-01T00:00:00Z") / 1000;
const end = Date.parse("2026-04-01T00:00:00Z") / 1000;

const told = (facts: Record<string, unknown> = {}): GhlTransaction => {
  const wire = {
    _id: "txn1",
    contactId: "contact1",
    contactEmail: "ada@example.com",
    currency: "usd",
    amount: 89,
    amountRefunded: 0,
    status: "succeeded",
    liveMode: true,
    entityType: "order",
    entityId: "order1",
    chargeId: "pi_1",
    chargeSnapshot: { id: "pi_1", object: "payment_intent", latest_charge: "ch_1" },
    createdAt: "2026-03-01T00:00:05.000Z",
    ...facts,
  };
  return transactionShape.parse(wire)!;
};

const renewal = (facts: Record<string, unknown> = {}, invoice: Record<string, unknown> = {}) =>
  told({
    subscriptionId: "sub_1",
    chargeId: "in_2",
    chargeSnapshot: {
      id: "in_2",
      object: "invoice",
      billing_reason: "subscription_cycle",
      charge: { id: "ch_2" },
      payment_intent: "pi_2",
      lines: {
        data: [
          { proration: true, period: { start, end: end + 9 } },
          { proration: false, period: { start, end } },
        ],
      },
      ...invoice,
    },
    ...facts,
  });

const keysOf = (transaction: GhlTransaction, is_first_of_entity?: boolean) => {
  const context = is_first_of_entity === undefined ? { seen_at } : { seen_at, is_first_of_entity };
  return readTransaction(transaction, context).keys.map(({ provider, key }) => `${provider} ${key}`);
};

describe("Rule 32. A transaction carries every name by which either provider knows the payment", () => {
  test("of a single payment: its own, its order's, and Stripe's intent and charge", () => {
    expect(keysOf(told())).toEqual(["ghl txn1", "ghl order1", "stripe pi_1", "stripe ch_1"]);
  });

  test("of a renewal: Stripe's invoice, intent, charge and period, and not the order, which the first payment has", () => {
    expect(keysOf(renewal())).toEqual([
      "ghl txn1",
      "stripe in_2",
      "stripe pi_2",
      "stripe ch_2",
      "stripe sub_1@2026-03-01T00:00:00.000Z",
    ]);
  });

  test("of a subscription's first payment: the order too", () => {
    expect(keysOf(renewal({}, { billing_reason: "subscription_create" }))).toContain("ghl order1");
    expect(keysOf(renewal(), true)).toContain("ghl order1");
  });

  test("of an invoice's payment: the invoice, wherever it is named", () => {
    expect(keysOf(told({ entityType: "invoice", entityId: "inv1", invoiceId: "inv1" }))).toContain("ghl inv1");
    expect(keysOf(told({ entitySourceType: "invoice", entitySourceId: "inv2" }))).toContain("ghl inv2");
  });

  test("what is no payment at Stripe is no key of Stripe's", () => {
    const paypal = told({ chargeId: "8AB12345", chargeSnapshot: { id: "8AB12345", invoice: { id: 7 } } });
    expect(keysOf(paypal)).toEqual(["ghl txn1", "ghl order1"]);
  });

  test("of several payments of one order, the earliest that took money is the first", () => {
    const failed = told({ _id: "txn0", status: "failed", createdAt: "2026-02-01T00:00:00Z" });
    const later = renewal({ _id: "txn2", createdAt: "2026-04-01T00:00:00Z" });
    expect([...firstTransactions([later, told(), failed])]).toEqual(["txn1"]);
  });
});

describe("A transaction says what was paid, for which period, and what was given back", () => {
  test("whole, in our words", () => {
    expect(readTransaction(told(), { seen_at })).toEqual({
      provider: "ghl",
      keys: [
        { provider: "ghl", key: "txn1" },
        { provider: "ghl", key: "order1" },
        { provider: "stripe", key: "pi_1" },
        { provider: "stripe", key: "ch_1" },
      ],
      status: "paid",
      is_live: true,
      contact: { external_id: "contact1", email: "ada@example.com", phone: null, name: null },
      items: [],
      amount_cents: 8900,
      currency: "USD",
      paid_at: Date.parse("2026-03-01T00:00:05Z"),
      period: null,
      subscription_id: null,
      refunded_cents: 0,
    });
  });

  test("a test payment is told apart", () => {
    expect(readTransaction(told({ liveMode: false }), { seen_at }).is_live).toBe(false);
    expect(readTransaction(told({ markAsTest: true }), { seen_at }).is_live).toBe(false);
  });

  test("it is dated by when it took effect, else when it was made, else when it reached us", () => {
    const paidAt = (facts: Record<string, unknown>) => readTransaction(told(facts), { seen_at }).paid_at;
    expect(paidAt({ fulfilledAt: "2026-03-02T00:00:00Z" })).toBe(Date.parse("2026-03-02T00:00:00Z"));
    expect(paidAt({ createdAt: null, updatedAt: "2026-03-03T00:00:00Z" })).toBe(Date.parse("2026-03-03T00:00:00Z"));
    expect(paidAt({ createdAt: null })).toBe(seen_at);
  });

  test("the period is that of the invoice's line, corrections aside", () => {
    expect(readTransaction(renewal(), { seen_at })).toMatchObject({
      subscription_id: "sub_1",
      period: { start_at: start * 1000, end_at: end * 1000 },
    });
    expect(readTransaction(told(), { seen_at }).period).toBeNull();
  });

  test("a period that cannot be is none", () => {
    for (const period of [{ start: end, end: start }, { start: 1e30, end: 1e31 }, { start: "x" }, null]) {
      const odd = renewal({}, { lines: { data: [{ period }] } });
      expect(readTransaction(odd, { seen_at }).period).toBeNull();
    }
  });

  test("paid, failed, pending and refunded", () => {
    const statusOf = (facts: Record<string, unknown>) => readTransaction(told(facts), { seen_at });
    expect(statusOf({})).toMatchObject({ status: "paid", amount_cents: 8900, refunded_cents: 0, currency: "USD" });
    expect(statusOf({ status: "failed" })).toMatchObject({ status: "failed" });
    expect(statusOf({ status: "requires_action" })).toMatchObject({ status: "pending" });
    expect(statusOf({ amountRefunded: 44.5 })).toMatchObject({ status: "paid", refunded_cents: 4450 });
    expect(statusOf({ status: "refunded", amountRefunded: null })).toMatchObject({
      status: "paid",
      refunded_cents: 8900,
    });
  });

  test("a merge shows itself", () => {
    expect(told({ mergedFromContactId: "contact0" }).merged_from_contact_id).toBe("contact0");
  });

  test("the lines that are known come along", () => {
    const item = { product_id: "p", price_id: "pr", name: "Ten", quantity: 2, amount_cents: 8900 };
    expect(readTransaction(told(), { seen_at, items: [item] }).items).toEqual([item]);
  });
});
