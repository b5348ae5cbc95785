import { describe, expect, test } from "vitest";
import type { LocationPolicy } from "../catalog/product-config.ts";
import type { ProductTerms } from "../catalog/product-terms.ts";
import { at, catalogOf, lotOf, packOf } from "../testing.ts";
import type { Lot } from "./lot.ts";
import { TestLedger } from "./testing-ledger.ts";

const booked_at = at("2026-11-04T09:00");
const expires_at = at("2026-11-10T00:00");
const restored_at = at("2026-11-12T15:00");

/** Books three of ten credits, then puts the lot into another state, and gives them back. */
function restoreInto(
  changes: Partial<Lot>,
  terms: ProductTerms = {},
  policy: Partial<LocationPolicy> = {},
  amount = 3,
) {
  const ledger = new TestLedger(catalogOf([packOf("pack", terms)], policy), booked_at, [lotOf({ expires_at })]);
  ledger.deduct({ calendar_id: "yoga", amount: 3, external_ref: "b" });
  ledger.seed({ ...ledger.lot("lot"), ...changes });
  const before = ledger.entries.length;
  const give = (part: number) => ledger.restore({ external_ref: "b", amount: part });
  ledger.now = restored_at;
  const outcome = give(amount);
  return { ledger, outcome, give, posted: ledger.entries.slice(before) };
}

describe("Rule 31. A lot that expired meanwhile: the credits live on in a make-good lot", () => {
  test("of that size, effective at once, good for seven local days, linked to the lot it makes good", () => {
    const { ledger, outcome, posted } = restoreInto({});
    const made_good = ledger.lot(outcome.entitlement_id);
    expect(outcome).toMatchObject({ balance_after: 3, movements: [{ entitlement_id: made_good.id, amount: 3 }] });
    expect(made_good).toMatchObject({
      origin: "make_good",
      parent_id: "lot",
      product_config_id: "pack",
      granted: 3,
      available: 3,
      effective_at: restored_at,
      expires_at: at("2026-11-20T00:00"),
    });
    expect(posted).toMatchObject([
      { type: "expire", entitlement_id: "lot", amount: 7, occurred_at: expires_at, is_due: true },
      { type: "restore", entitlement_id: "lot", amount: 3, balance_after: 3 },
      { type: "make_good", entitlement_id: "lot", to_entitlement_id: made_good.id, amount: 3, balance_after: 0 },
    ]);
  });

  test("the same whether the job had swept the lot before or not", () => {
    const swept = restoreInto({ available: 0, live: false });
    const unswept = restoreInto({});
    expect(swept.outcome).toEqual(unswept.outcome);
    expect(swept.ledger.lots).toEqual(unswept.ledger.lots);
  });

  test("exactly at its expiry it is expired, a millisecond before it is alive", () => {
    expect(restoreInto({ expires_at: restored_at }).outcome.entitlement_id).not.toBe("lot");
    expect(restoreInto({ expires_at: restored_at + 1 }).outcome.entitlement_id).toBe("lot");
  });

  test.each<[string, ProductTerms, Partial<LocationPolicy>, string]>([
    ["the location's days", {}, { make_good_days: 2 }, "2026-11-15T00:00"],
    ["the product's own days", { make_good_days: 14 }, { make_good_days: 2 }, "2026-11-27T00:00"],
    [
      "the product's own, though the location has none",
      { make_good_days: 1 },
      { make_good_days: 0 },
      "2026-11-14T00:00",
    ],
  ])("%s", (_, terms, policy, expected) => {
    const { ledger, outcome } = restoreInto({}, terms, policy);
    expect(ledger.lot(outcome.entitlement_id).expires_at).toBe(at(expected));
  });

  test("each part gets its own lot, and together never more than was taken", () => {
    const { ledger, give } = restoreInto({}, {}, {}, 1);
    expect(give(2)).toMatchObject({ balance_after: 3 });
    expect(give(1)).toMatchObject({ reason_code: "NOTHING_TO_RESTORE" });
    expect(ledger.lots.map((lot) => lot.granted)).toEqual([10, 1, 2]);
  });

  test("T18: a period that is over makes good beside the new one, which never holds more than its allowance", () => {
    const period = {
      membership_id: "m",
      period_start_at: booked_at,
      period_end_at: expires_at,
      origin: "period" as const,
      payment_event_id: "payment",
    };
    const { ledger, outcome } = restoreInto(period);
    expect(ledger.lot(outcome.entitlement_id)).toMatchObject({
      membership_id: null,
      period_start_at: null,
      payment_event_id: null,
    });
    expect(ledger.lot("lot").available).toBe(0);
  });
});

describe("Rule 31. make_good_days 0: restored and expired, in two entries that both show", () => {
  test.each<[string, ProductTerms, Partial<LocationPolicy>]>([
    ["by the location", {}, { make_good_days: 0 }],
    ["by the product", { make_good_days: 0 }, {}],
  ])("%s", (_, terms, policy) => {
    const { ledger, outcome, posted } = restoreInto({ available: 0, live: false }, terms, policy);
    expect(outcome).toMatchObject({ reason_code: "restored", balance_after: 0, entitlement_id: "lot" });
    expect(posted).toMatchObject([
      { type: "restore", amount: 3, balance_after: 3 },
      { type: "expire", amount: 3, balance_after: 0, is_due: false },
    ]);
    expect(ledger.lots).toHaveLength(1);
  });

  test("clarification 24: a make-good lot is not made good again", () => {
    const { ledger, posted } = restoreInto({ origin: "make_good" });
    expect(posted.map(({ type }) => type)).toEqual(["expire", "restore", "expire"]);
    expect(ledger.lots).toHaveLength(1);
  });
});

describe("Rule 31. A void lot gives nothing to the member, a paused one takes back its own", () => {
  test.each([
    ["while it would still be alive", restored_at + 1],
    ["and it would have expired too", expires_at],
  ])("void: back to the lot and out to refunded, %s", (_, lot_expires_at) => {
    const { ledger, outcome, posted } = restoreInto({
      state: "revoked",
      available: 0,
      expires_at: lot_expires_at,
      live: false,
    });
    expect(outcome).toMatchObject({ reason_code: "restored", balance_after: 0, entitlement_id: null, movements: [] });
    expect(posted).toMatchObject([
      { type: "restore", amount: 3, balance_after: 3 },
      { type: "refund", amount: 3, balance_after: 0 },
    ]);
    expect(ledger.lots).toHaveLength(1);
  });

  test("paused: back into it, and not in the balance while it is paused", () => {
    const { ledger, outcome } = restoreInto({ state: "paused", expires_at: null });
    expect(outcome).toMatchObject({ entitlement_id: "lot", balance_after: 0 });
    expect(ledger.lot("lot")).toMatchObject({ state: "paused", available: 10 });
  });
});
