import { describe, expect, test } from "vitest";
import { at, catalogOf, contextOf, factsOf, lotOf, memberOf, packOf, paymentOf } from "../testing.ts";
import { DAY } from "../time/local-days.ts";
import { decideGrant, type GrantAsk } from "./grant.ts";
import { TestLedger } from "./testing-ledger.ts";

const now = at("2026-11-04T09:00");
const catalog = catalogOf([packOf("pack", { expiry_days: 30 }), packOf("retired", {}, false)]);
const start = () => new TestLedger(catalog, now);
const payment: GrantAsk = {
  product_config_id: "pack",
  provider: "automation",
  external_payment_id: "pay_1",
  event_type: "payment_confirmed",
};

describe("Rule 14. A payment becomes one lot of its own, in effect from when it was paid", () => {
  test("the answer, the lot, the entry and the payment agree", () => {
    const ledger = start();
    const outcome = ledger.grant("pack", { ...payment, external_ref: "order" });
    expect(outcome).toEqual({
      reason_code: "grant_applied",
      location_id: "loc_test",
      contact_id: "contact",
      entitlement_id: expect.any(String),
      credits_granted: 10,
      balance_after: 10,
    });
    const lot = ledger.lot(outcome.entitlement_id);
    expect(lot).toMatchObject({ granted: 10, available: 10, effective_at: now, expires_at: at("2026-12-05T00:00") });
    expect(ledger.entries).toMatchObject([
      { type: "grant", amount: 10, entitlement_id: lot.id, balance_after: 10, external_ref: "order", occurred_at: now },
    ]);
    const [recorded] = ledger.payments.values();
    expect(recorded).toMatchObject({
      id: lot.payment_event_id,
      items: [{ entitlement_id: lot.id, granted: 10 }],
      paid_at: now,
      amount_cents: null,
    });
  });

  test("the balance is that of the product, over all its lots, and of no other", () => {
    const two = catalogOf([packOf("pack"), packOf("other")]);
    const ledger = new TestLedger(two, now, [
      lotOf({ available: 3 }),
      lotOf({ id: "other", product_config_id: "other" }),
    ]);
    expect(ledger.grant("pack")).toMatchObject({ balance_after: 13 });
  });

  test.each([
    ["exactly a day ahead: scheduled until then, and not in the balance", now + DAY, 0],
    ["days ago: counted and expiring from then", now - 3 * DAY, 10],
  ])("paid %s", (_, paid_at, balance_after) => {
    const ledger = start();
    const outcome = ledger.grant("pack", { paid_at });
    expect(outcome).toMatchObject({ credits_granted: 10, balance_after });
    expect(ledger.lot(outcome.entitlement_id)).toMatchObject({ effective_at: paid_at, created_at: now });
  });

  test("more than a day ahead is no payment yet: a validation error, before any refusal or duplicate", () => {
    const ask = { ...payment, paid_at: now + DAY + 1 };
    const suspended = factsOf(memberOf([]), catalog, { is_billing_live: false, payments: [paymentOf()] });
    expect(decideGrant(suspended, ask, contextOf(now))).toMatchObject({ invalid: { field: "paid_at" } });
  });

  test("paid so long ago that it is over: granted and expired, in this order also by time", () => {
    const ledger = start();
    const paid_at = at("2026-09-01T09:00");
    expect(ledger.grant("pack", { paid_at })).toMatchObject({ credits_granted: 10, balance_after: 0 });
    expect(ledger.entries).toMatchObject([
      { type: "grant", occurred_at: paid_at, balance_after: 10, is_due: false },
      { type: "expire", occurred_at: at("2026-10-02T00:00"), balance_after: 0, is_due: true },
    ]);
  });

  test("T6: a top-up never joins an expiring lot", () => {
    const expiring = lotOf({ expires_at: now + DAY, available: 3 });
    const ledger = new TestLedger(catalogOf([packOf("pack")]), now, [expiring]);
    const { entitlement_id } = ledger.grant("pack");
    expect(entitlement_id).not.toBe("lot");
    expect(ledger.lot("lot")).toEqual(expiring);
    expect(ledger.lot(entitlement_id)).toMatchObject({ available: 10, expires_at: null });
  });
});

describe("Rule 32. A payment grants once; a duplicate is told before any refusal (clarification 8)", () => {
  test("the ids of the original grant, no credits, the balance of now, nothing written", () => {
    const ledger = start();
    const { entitlement_id } = ledger.grant("pack", payment);
    ledger.deduct({ product_config_id: "pack", amount: 4 });
    const entries = [...ledger.entries];
    expect(ledger.grant("pack", { ...payment, email: "new@example.com" })).toEqual({
      reason_code: "duplicate_payment_event",
      location_id: "loc_test",
      contact_id: "contact",
      entitlement_id,
      credits_granted: 0,
      balance_after: 6,
    });
    expect(ledger.entries).toEqual(entries);
    expect(ledger.contact.email).toBeNull();
  });

  test("also while billing is suspended, and for a product that is gone", () => {
    const ledger = start();
    ledger.grant("pack", payment);
    ledger.is_billing_live = false;
    ledger.catalog = catalogOf([]);
    expect(ledger.grant("pack", payment)).toMatchObject({ reason_code: "duplicate_payment_event", balance_after: 0 });
  });

  test("sent again for another contact it tells of the first one's grant and balance", () => {
    const [item] = paymentOf().items;
    const known = paymentOf({ contact_id: "payer", items: [{ ...item!, entitlement_id: "theirs" }] });
    const payer = memberOf([lotOf({ id: "theirs", contact_id: "payer", available: 7 })]);
    const facts = factsOf(memberOf([lotOf({ available: 1 })]), catalog, { payments: [known], payer });
    expect(decideGrant(facts, payment, contextOf(now))).toMatchObject({
      outcome: { contact_id: "payer", entitlement_id: "theirs", balance_after: 7 },
      changes: null,
    });
  });

  test("an expired, unswept lot is not in the balance of now", () => {
    const ledger = start();
    ledger.grant("pack", payment);
    ledger.now = at("2026-12-05T00:00");
    expect(ledger.grant("pack", payment)).toMatchObject({ balance_after: 0 });
    expect(ledger.entries).toHaveLength(1);
  });
});

describe("Precedence: billing before the product config, and a refused grant records no payment", () => {
  test.each([
    ["suspended", "unknown", false, "BILLING_SUSPENDED"],
    ["an unknown product", "unknown", true, "CONFIG_NOT_FOUND"],
    ["a product that is no longer active", "retired", true, "CONFIG_NOT_FOUND"],
  ])("%s", (_, product, is_billing_live, reason_code) => {
    const ledger = start();
    ledger.is_billing_live = is_billing_live;
    expect(ledger.grant(product)).toEqual({ reason_code });
    expect([ledger.lots, ledger.entries, [...ledger.payments]]).toEqual([[], [], []]);
  });
});

describe("Hints fill what is empty, never overwrite", () => {
  test("each on its own", () => {
    const ledger = start();
    ledger.grant("pack", { email: "ann@example.com" });
    expect(ledger.contact).toMatchObject({ email: "ann@example.com", name: null });
    ledger.grant("pack", { email: "other@example.com", name: "Ann" });
    ledger.grant("pack", { name: "Bea" });
    expect(ledger.contact).toMatchObject({ email: "ann@example.com", name: "Ann" });
  });

  test("they are written only where something changes", () => {
    const contact = { ...memberOf([]).contact, email: "ann@example.com" };
    const hints = (ask: Partial<GrantAsk>) => {
      const facts = factsOf(memberOf([], { contact }), catalog);
      return decideGrant(facts, { ...payment, ...ask }, contextOf(now));
    };
    expect(hints({ email: "other@example.com" })).toMatchObject({ changes: { contact: null } });
    expect(hints({ name: "Ann" })).toMatchObject({ changes: { contact: { email: "ann@example.com", name: "Ann" } } });
  });
});
