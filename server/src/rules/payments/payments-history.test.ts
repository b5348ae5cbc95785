import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { at, catalogOf, membershipOf, packOf } from "../testing.ts";
import { HOUR } from "../time/local-days.ts";
import { itemOf, keyOf, TestPayments, toldPayment } from "./testing-payments.ts";
import type { ToldDispute, ToldPayment, ToldRefund } from "./told.ts";

const paid_at = at("2026-11-04T09:00");
const now = at("2026-11-20T09:00");
const catalog = catalogOf([
  packOf("pack", { stripe_product_id: "prod_pack", ghl_product_id: "ghl_pack", expiry_days: 30 }),
  packOf("odd", { stripe_product_id: "prod_odd", credits_total: 7, expiry_days: 20 }),
  membershipOf("gold", { stripe_product_id: "prod_gold" }),
]);

type Telling =
  | { kind: "payment"; payment: ToldPayment }
  | { kind: "refund"; refund: ToldRefund }
  | { kind: "dispute"; dispute: ToldDispute };

function tell(ledger: TestPayments, telling: Telling): void {
  if (telling.kind === "payment") ledger.tell(telling.payment);
  else if (telling.kind === "refund") ledger.refund(telling.refund.amount_cents, telling.refund);
  else ledger.dispute(telling.dispute.status, telling.dispute);
}

const reversal: Pick<ToldRefund, "provider" | "keys" | "is_live"> = {
  provider: "stripe",
  keys: [keyOf("pi_1")],
  is_live: true,
};
const hours = fc.nat(380);
const anyRefund = fc
  .record({
    id: fc.constantFrom("re_1", "re_2", "re_3"),
    status: fc.constantFrom("succeeded", "failed", "pending"),
    at: hours,
  })
  .map(({ id, status, at: hour }): Telling => {
    // A refund is of one amount, whatever becomes of it.
    const amount_cents = { re_1: 1500, re_2: 3333, re_3: 5167 }[id];
    const refunded_at = paid_at + hour * HOUR;
    return {
      kind: "refund",
      refund: { ...reversal, refund_id: id, amount_cents, status, refunded_at },
    };
  });
const anyFigure = fc.record({ amount_cents: fc.nat(10_000), at: hours }).map(({ amount_cents, at: hour }): Telling => ({
  kind: "refund",
  refund: { ...reversal, refund_id: null, amount_cents, status: "succeeded", refunded_at: paid_at + hour * HOUR },
}));
const anyDispute = fc
  .record({ id: fc.constantFrom("dp_1", "dp_2"), status: fc.constantFrom("open", "won", "lost"), at: hours })
  .map(({ id, status, at: hour }): Telling => ({
    kind: "dispute",
    dispute: {
      ...reversal,
      dispute_id: id,
      status,
      changed_at: paid_at + hour * HOUR,
    },
  }));
const anyPaid = fc.constantFrom("prod_pack", "prod_odd", "prod_gold").map((product_id): ToldPayment => {
  const items = [itemOf({ product_id }), itemOf({ product_id: "prod_pack", quantity: 2 })];
  return toldPayment(paid_at, { items });
});
const anyHistory = fc
  .tuple(anyPaid, fc.array(fc.oneof(anyRefund, anyFigure, anyDispute), { maxLength: 8 }), fc.nat(12))
  .chain(([payment, reversals, spent]) => {
    const told: Telling[] = [{ kind: "payment", payment }, ...reversals];
    const repeated = fc.shuffledSubarray([...told, ...told], { minLength: told.length, maxLength: told.length * 2 });
    // Whatever is left out of the repetitions is told at the end: each is told at least once.
    const order = repeated.map((some) => [...some, ...told.filter((one) => !some.includes(one))]);
    return fc.record({ told: fc.constant(told), order, spent: fc.constant(spent) });
  });

function endOf(told: readonly Telling[]): TestPayments {
  const ledger = new TestPayments(catalog, now);
  for (const telling of told) tell(ledger, telling);
  return ledger;
}

function balances(ledger: TestPayments) {
  return {
    lots: ledger.lots
      .map(({ product_config_id, available, held, state, expires_at }) => [
        product_config_id,
        available,
        held,
        state,
        expires_at,
      ])
      .map((lot) => JSON.stringify(lot))
      .sort(),
    items: ledger.payment.items.map(({ taken, shortfall, granted }) => ({ taken, shortfall, granted })),
    flags: ledger.payment.flags,
  };
}

describe("Rules 34, 35. What is true of a payment does not depend on how it was told", () => {
  test("any order and repetition of payment, refunds, figures and disputes ends in the same balances", () => {
    fc.assert(
      fc.property(anyHistory, ({ told, order }) => {
        const [one, other] = [endOf(told), endOf(order)];
        expect(balances(other)).toEqual(balances(one));
        for (const ledger of [one, other]) expect(brokenInvariants(ledger)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("never takes more than was granted, and telling all of it again posts nothing", () => {
    fc.assert(
      fc.property(anyHistory, ({ told, order, spent }) => {
        const ledger = new TestPayments(catalog, now);
        for (const telling of told.slice(0, 1)) tell(ledger, telling);
        if (spent > 0) ledger.deduct({ amount: spent, product_config_id: "pack" });
        for (const telling of order) {
          tell(ledger, telling);
          expect(brokenInvariants(ledger)).toEqual([]);
          for (const { granted, taken, shortfall } of ledger.payment.items) {
            expect(taken).toBeGreaterThanOrEqual(0);
            expect(shortfall).toBeGreaterThanOrEqual(0);
            expect(taken + shortfall).toBeLessThanOrEqual(granted);
          }
        }
        const posted = ledger.entries.length;
        for (const telling of told) tell(ledger, telling);
        expect(ledger.entries.length).toBe(posted);
      }),
      { numRuns: 300 },
    );
  });
});

describe("Rule 32. A payment grants at most once, whatever names arrive in whatever order", () => {
  const names = ["pi_1", "ch_1", "in_1", "ghl_1", "ghl_2"];
  const anyTelling = fc
    .record({
      names: fc.subarray(names, { minLength: 1 }),
      status: fc.constantFrom("paid", "paid", "pending", "failed"),
      is_named: fc.boolean(),
    })
    .map(({ names: told, status, is_named }) => {
      const keys = told.map(keyOf);
      const provider = told.some((name) => name.startsWith("ghl")) ? "ghl" : "stripe";
      const items = is_named ? [itemOf({ product_id: provider === "ghl" ? "ghl_pack" : "prod_pack" })] : [];
      return toldPayment(paid_at, { keys, provider, status, items });
    });

  test("each event once, none under a name of one that granted; two that granted apart are flagged when they meet", () => {
    const anyStep = fc.oneof(
      { weight: 5, arbitrary: anyTelling },
      { weight: 1, arbitrary: fc.constant("wait" as const) },
    );
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), fc.constantFrom(0, 120), (steps, stripe_settle_seconds) => {
        const policy = { ...catalog.policy, stripe_settle_seconds };
        const ledger = new TestPayments({ ...catalog, policy }, now);
        for (const step of steps) {
          if (step === "wait") {
            ledger.now += 120_000;
            for (const { id } of ledger.payments.values()) ledger.settlePayment(id);
            continue;
          }
          const met = ledger
            .paymentsOf(step.keys)
            .filter(({ items }) => items.some(({ status }) => status === "granted"));
          const before = ledger.lots.length;
          ledger.tell(step);
          if (met.length > 0) expect(ledger.lots.length).toBe(before);
          if (met.length > 1) {
            const flagged = met.filter(({ id }) => ledger.payments.get(id)?.flags.includes("told_twice"));
            expect(flagged.length).toBeGreaterThanOrEqual(met.length - 1);
          }
          expect(brokenInvariants(ledger)).toEqual([]);
        }
        const lots = ledger.lots.map(({ payment_event_id, payment_item }) => `${payment_event_id} ${payment_item}`);
        expect(new Set(lots).size).toBe(lots.length);
        const standing = [...ledger.payments.values()].filter(({ status }) => status !== "dismissed");
        const keys = standing.flatMap((payment) => payment.keys.map(({ key }) => key));
        expect(new Set(keys).size, "a name belongs to one event").toBe(keys.length);
      }),
      { numRuns: 500 },
    );
  });
});
