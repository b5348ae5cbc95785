import { describe, expect, test } from "vitest";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { at, catalogOf, contextOf, factsOf, memberOf, membershipOf, packOf } from "../testing.ts";
import { DAY } from "../time/local-days.ts";
import { attentionOf } from "./attention.ts";
import { decideResolvePayment } from "./resolve-payment.ts";
import { itemOf, TestPayments } from "./testing-payments.ts";

const now = at("2026-11-04T09:00");
const catalog = catalogOf([
  packOf("pack", { stripe_product_id: "prod_pack", ghl_product_id: "ghl_pack", expiry_days: 30 }),
  packOf("other", { credits_total: 4 }),
  packOf("retired", {}, false),
  membershipOf("gold", { stripe_product_id: "prod_gold" }),
]);
const start = () => new TestPayments(catalog, now);
const what = (quantity = 1) => itemOf({ product_id: "prod_what", quantity });

function heldBack(): { ledger: TestPayments; id: string } {
  const ledger = start();
  ledger.pay();
  ledger.pay({ names: ["ghl_1"], items: [itemOf({ product_id: "ghl_pack" })] });
  const [, second] = [...ledger.payments.values()];
  return { ledger, id: second!.id };
}

describe("Rule 32. Staff say what a probable duplicate is", () => {
  test("grant anyway: with its original date", () => {
    const { ledger, id } = heldBack();
    ledger.now += 2 * DAY;
    expect(ledger.resolve({ action: "grant" }, id)).toMatchObject({
      reason_code: "payment_resolved",
      status: "recorded",
      granted: [{ credits: 10 }],
    });
    expect(ledger.lots.map(({ effective_at }) => effective_at)).toEqual([now, now]);
    expect(ledger.payments.get(id)).toMatchObject({ duplicate_of: null, flags: ["late"] });
    expect(ledger.resolve({ action: "grant" }, id)).toEqual({ reason_code: "NOTHING_TO_RESOLVE" });
  });

  test("dismiss: what was and will be refunded of it is refunded of the one that it repeats", () => {
    const { ledger, id } = heldBack();
    ledger.refund(3000, { names: ["ghl_1"], provider: "ghl", refund_id: "r1" });
    expect(ledger.balance).toBe(10);
    expect(ledger.resolve({ action: "dismiss" }, id)).toMatchObject({ status: "dismissed", granted: [] });
    expect(ledger.balance).toBe(7);
    expect(ledger.refund(2000, { names: ["ghl_1"], provider: "ghl", refund_id: "r2" })).toMatchObject({ taken: 2 });
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("told again after it was dismissed: a duplicate of the one that it repeats", () => {
    const { ledger, id } = heldBack();
    ledger.resolve({ action: "dismiss" }, id);
    expect(ledger.pay({ names: ["ghl_1"], items: [itemOf({ product_id: "ghl_pack" })] })).toMatchObject({
      reason_code: "duplicate_payment_event",
      payment_event_id: ledger.payment.id,
    });
    expect(ledger.balance).toBe(10);
  });
});

describe("Rule 33. Staff map what is unmatched, and it is granted with its original date", () => {
  test("map: those items that are named, each as what it is; the others still wait", () => {
    const ledger = start();
    ledger.pay({ items: [what(2), what(), itemOf()] });
    ledger.now += DAY / 2;
    const items = [{ item: 1, product_config_id: "other" }];
    expect(ledger.resolve({ action: "map", items })).toMatchObject({ granted: [{ item: 1, credits: 8 }] });
    expect(ledger.payment.items.map(({ status }) => status)).toEqual(["granted", "unmatched", "granted"]);
    expect(ledger.lots.map(({ effective_at }) => effective_at)).toEqual([now, now]);
    expect(ledger.resolve({ action: "map", items })).toEqual({ reason_code: "NOTHING_TO_RESOLVE" });
  });

  test("no credits: its product grants nothing from now on", () => {
    const ledger = start();
    ledger.pay({ items: [what(), itemOf()] });
    const facts = ledger.factsById(ledger.payment.id);
    const decision = decideResolvePayment(facts, { action: "no_credits" }, contextOf(now));
    expect(decision).toMatchObject({
      changes: { no_credit_products: ["stripe:prod_what"], payments: [{ items: [{ status: "no_credits" }, {}] }] },
    });
  });

  test("dismiss: what is not granted will not be, mapped later or not", () => {
    const ledger = start();
    ledger.pay({ items: [what(), itemOf()] });
    ledger.resolve({ action: "dismiss" });
    expect(ledger.payment).toMatchObject({
      status: "recorded",
      items: [{ status: "dismissed" }, { status: "granted" }],
    });
    expect(ledger.resolve({ action: "map", items: [{ item: 1, product_config_id: "other" }] })).toEqual({
      reason_code: "NOTHING_TO_RESOLVE",
    });
  });

  test("assign a contact: the payment is its own from then on, granted with its original date", () => {
    const ledger = start();
    ledger.contact = { ...ledger.contact, external_id: "unknown:stripe:pi_1" };
    ledger.pay();
    ledger.refund(5000);
    const facts = ledger.factsById(ledger.payment.id);
    const ann = memberOf([], { contact: { ...ledger.contact, id: "ann", external_id: "ann" } });
    const decision = decideResolvePayment(
      { ...facts, member: ann, payer: facts.member },
      { action: "assign_contact" },
      contextOf(now),
    );
    expect(decision).toMatchObject({
      outcome: { reason_code: "payment_resolved", granted: [{ credits: 10 }] },
      changes: { payments: [{ contact_id: "ann" }], entries: [{ type: "grant" }, { type: "refund", amount: 5 }] },
    });
  });

  test("a payment that granted stays where it is", () => {
    const ledger = start();
    ledger.pay();
    const ann = memberOf([], { contact: { ...ledger.contact, id: "ann", external_id: "ann" } });
    const facts = { ...ledger.factsById(ledger.payment.id), member: ann };
    expect(decideResolvePayment(facts, { action: "assign_contact" }, contextOf(now))).toMatchObject({
      outcome: { reason_code: "NOTHING_TO_RESOLVE" },
    });
    expect(decideResolvePayment(facts, { action: "grant" }, contextOf(now))).toMatchObject({
      outcome: { reason_code: "PAYMENT_ELSEWHERE" },
    });
  });

  test("a period that was granted before is not granted again; what was paid may be mapped to something else", () => {
    const ledger = start();
    const period = { start_at: now, end_at: at("2026-12-04T00:00") };
    const gold = { items: [itemOf({ product_id: "prod_gold" })], period, subscription_id: "sub_1" };
    ledger.pay({ ...gold, names: ["in_1"] });
    ledger.pay({ ...gold, names: ["in_2"] });
    const [, second] = [...ledger.payments.values()];
    expect(ledger.resolve({ action: "grant" }, second!.id)).toEqual({ reason_code: "NOTHING_TO_RESOLVE" });
    const items = [{ item: 1, product_config_id: "other" }];
    expect(ledger.resolve({ action: "map", items }, second!.id)).toMatchObject({ granted: [{ credits: 4 }] });
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("every decision of staff leaves an audit event with what was before", () => {
    const { ledger, id } = heldBack();
    const decision = decideResolvePayment(ledger.factsById(id), { action: "dismiss" }, contextOf(now));
    expect(decision).toMatchObject({
      changes: {
        audits: [
          {
            action: "resolve_payment",
            subject: `payment ${id}`,
            before: { status: "probable_duplicate" },
            after: { status: "dismissed" },
          },
        ],
      },
    });
  });

  test.each([
    ["a suspended workspace comes first", { is_billing_live: false }, "retired", "BILLING_SUSPENDED"],
    ["then a config that is not sold", {}, "retired", "CONFIG_NOT_FOUND"],
    ["then a payment that is not there", {}, "other", "NOT_FOUND"],
  ])("%s", (_, changes, product_config_id, reason_code) => {
    const facts = factsOf(memberOf([]), catalog, changes);
    const ask = { action: "map", items: [{ item: 1, product_config_id }] } as const;
    expect(decideResolvePayment(facts, ask, contextOf(now))).toMatchObject({ outcome: { reason_code } });
  });
});

describe("Rule 34. A shortfall that staff have seen waits for nobody", () => {
  function short() {
    const ledger = start();
    ledger.pay();
    ledger.deduct({ calendar_id: "yoga", amount: 8 });
    ledger.refund(5000, { refund_id: "r1" });
    return ledger;
  }

  test("it stays flagged, and is there again when there is more of it", () => {
    const ledger = short();
    expect(attentionOf(ledger.payment)).toEqual(["shortfall"]);
    expect(ledger.resolve({ action: "acknowledge", reason: "paid in cash" })).toMatchObject({ status: "recorded" });
    expect(ledger.payment).toMatchObject({ flags: ["shortfall"], acknowledged: ["shortfall"] });
    expect(attentionOf(ledger.payment)).toEqual([]);
    expect(ledger.resolve({ action: "acknowledge" })).toEqual({ reason_code: "NOTHING_TO_RESOLVE" });
    ledger.refund(2000, { refund_id: "r2" });
    expect(attentionOf(ledger.payment)).toEqual(["shortfall"]);
  });

  test("only the flags that are named are meant", () => {
    const ledger = short();
    expect(ledger.resolve({ action: "acknowledge", flags: ["late"] })).toEqual({ reason_code: "NOTHING_TO_RESOLVE" });
    expect(attentionOf(ledger.payment)).toEqual(["shortfall"]);
  });
});

describe("Rules 23, 34. Money that staff gave back by hand", () => {
  test("takes the payment's credits as a full refund does, and its provider's word of it takes nothing twice", () => {
    const ledger = start();
    ledger.pay();
    ledger.deduct({ calendar_id: "yoga", amount: 3 });
    expect(ledger.resolve({ action: "take_back", reason: "frozen, and charged" })).toMatchObject({
      status: "recorded",
    });
    expect(ledger.balance).toBe(0);
    expect(ledger.payment.items).toMatchObject([{ taken: 7, shortfall: 3 }]);
    expect(ledger.refund(10_000, { refund_id: "r1" })).toMatchObject({ taken: 0 });
    expect(ledger.resolve({ action: "take_back" })).toEqual({ reason_code: "NOTHING_TO_RESOLVE" });
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("is nothing where nobody knows what was paid, or nothing was granted", () => {
    const ledger = start();
    ledger.pay({ amount_cents: null });
    expect(ledger.resolve({ action: "take_back" })).toEqual({ reason_code: "NOTHING_TO_RESOLVE" });
    const unmatched = start();
    unmatched.pay({ items: [what()] });
    expect(unmatched.resolve({ action: "take_back" })).toEqual({ reason_code: "NOTHING_TO_RESOLVE" });
  });
});
