import { expect, test } from "vitest";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { at, catalogOf, membershipOf, packOf } from "../testing.ts";
import { DAY } from "../time/local-days.ts";
import { attentionOf } from "./attention.ts";
import { itemOf, TestPayments } from "./testing-payments.ts";

// What of a reversal waits for a person.

const now = at("2026-11-04T09:00");
const catalog = catalogOf([
  packOf("pack", { stripe_product_id: "prod_pack", expiry_days: 30 }),
  membershipOf("gold", { stripe_product_id: "prod_gold", rollover: "all" }),
]);

function paid(changes: Parameters<TestPayments["pay"]>[0] = {}): TestPayments {
  const ledger = new TestPayments(catalog, now);
  ledger.pay(changes);
  return ledger;
}

test("rule 34: a refund of nobody knows how much takes nothing and waits for staff, until the amount is told", () => {
  const ledger = paid({ amount_cents: null });
  expect(ledger.refund(5000)).toMatchObject({ taken: 0, shortfall: 0 });
  expect(attentionOf(ledger.payment)).toEqual(["refund_unreckoned"]);
  ledger.pay();
  expect(ledger.balance).toBe(5);
  expect(attentionOf(ledger.payment)).toEqual([]);
});

test("rule 34: what was free, what is not refunded yet and what was lost whole is reckoned though its price is unknown", () => {
  const free = paid({ amount_cents: null, items: [itemOf({ amount_cents: 0 })] });
  free.refund(5000);
  const promised = paid({ amount_cents: null });
  promised.refund(5000, { refund_id: "re_1", status: "pending" });
  const lost = paid({ amount_cents: null });
  lost.refund(5000);
  lost.dispute("lost");
  expect([free, promised, lost].map(({ payment }) => payment.flags)).toEqual([[], [], []]);
});

test("rule 34: what a failed refund gives back after its lot ended expires, and staff see that", () => {
  const ledger = paid();
  ledger.refund(10_000, { refund_id: "re_1" });
  ledger.now += 60 * DAY;
  ledger.refund(10_000, { refund_id: "re_1", status: "failed" });
  expect(attentionOf(ledger.payment)).toEqual(["returned_expired"]);
});

test("rules 22, 34: so it is with what had rolled over when it was refunded", () => {
  const gold = { items: [itemOf({ product_id: "prod_gold" })], subscription_id: "sub_1" };
  const ledger = paid({ ...gold, period: { start_at: now, end_at: at("2026-12-04T00:00") } });
  ledger.now = at("2026-12-04T09:00");
  const next = { start_at: at("2026-12-04T00:00"), end_at: at("2027-01-04T00:00") };
  ledger.pay({ ...gold, names: ["pi_2"], period: next });
  ledger.refund(10_000, { refund_id: "re_1" });
  ledger.refund(10_000, { refund_id: "re_1", status: "failed" });
  expect([...ledger.payments.values()].map(({ flags }) => flags)).toEqual([["returned_expired"], []]);
  expect(brokenInvariants(ledger)).toEqual([]);
});

test("rule 34: given back in time, nobody need look at it", () => {
  const ledger = paid();
  ledger.refund(10_000, { refund_id: "re_1" });
  ledger.refund(10_000, { refund_id: "re_1", status: "failed" });
  expect(ledger.balance).toBe(10);
  expect(attentionOf(ledger.payment)).toEqual([]);
});
