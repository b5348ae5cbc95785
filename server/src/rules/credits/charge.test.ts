import { describe, expect, test } from "vitest";
import type { ProductConfig } from "../catalog/product-config.ts";
import { at, bookingOf, catalogOf, contextOf, factsOf, lotOf, packOf } from "../testing.ts";
import { decideCheck, decideDeduct } from "./charge.ts";
import type { Lot } from "./lot.ts";
import { TestLedger } from "./testing-ledger.ts";

const now = at("2026-11-04T09:00");
const yoga = { calendar_id: "yoga" };

function ledgerOf(lots: Lot[], configs: ProductConfig[] = [packOf("pack"), packOf("swim", { calendars: ["pool"] })]) {
  return new TestLedger(catalogOf(configs), now, lots);
}

describe("Rule 7. A deduction takes at once what a check found, all or nothing", () => {
  test("the answer names the balance, the first lot drawn on and every movement", () => {
    const ledger = ledgerOf([lotOf({ id: "b", available: 5 }), lotOf({ id: "a", available: 2, expires_at: now + 1 })]);
    const ask = { ...yoga, amount: 3 };
    expect(ledger.check(ask).outcome).toEqual({ reason_code: "eligible", balance_after: 4 });
    expect(ledger.deduct(ask).outcome).toEqual({
      reason_code: "deducted",
      balance_after: 4,
      entitlement_id: "a",
      movements: [
        { entitlement_id: "a", amount: 2 },
        { entitlement_id: "b", amount: 1 },
      ],
    });
    expect(ledger.entries).toMatchObject([
      { entry_number: 1, type: "deduct", entitlement_id: "a", amount: 2, balance_after: 0 },
      { entry_number: 2, type: "deduct", entitlement_id: "b", amount: 1, balance_after: 4 },
    ]);
  });

  test("a refused one takes nothing, not even a part", () => {
    const ledger = ledgerOf([lotOf({ available: 2 })]);
    expect(ledger.deduct({ ...yoga, amount: 3 }).outcome).toEqual({
      reason_code: "INSUFFICIENT_CREDITS",
      balance: 2,
      detail: null,
    });
    expect([ledger.lot("lot").available, ledger.entries]).toEqual([2, []]);
  });

  test("the balance counts what is usable for this request at its service time, nothing else", () => {
    const ledger = ledgerOf([
      lotOf({ id: "now", available: 5, expires_at: now + 1 }),
      lotOf({ id: "then", available: 7, effective_at: now + 1 }),
      lotOf({ id: "elsewhere", product_config_id: "swim" }),
      lotOf({ id: "paused", state: "paused" }),
    ]);
    expect(ledger.check(yoga).outcome).toMatchObject({ balance_after: 4 });
    expect(ledger.check({ ...yoga, appointment_time: now + 1 }).outcome).toMatchObject({ balance_after: 6 });
  });

  test("clarification 14: one with a reference records the booking of that id", () => {
    const ledger = ledgerOf([lotOf()]);
    const appointment_time = at("2026-11-07T18:00");
    ledger.deduct({ ...yoga, external_ref: "booking", appointment_time });
    expect(ledger.appointments.get("booking")).toEqual(bookingOf({ starts_at: appointment_time, booked_at: now }));
    expect(ledger.entries[0]).toMatchObject({ external_ref: "booking", service_on: "2026-11-07", occurred_at: now });
  });
});

describe("Rule 15. Expired but not yet swept is not spendable (T13), and a check says what a deduction will", () => {
  const lots = [lotOf({ id: "old", expires_at: now }), lotOf({ id: "new", available: 1 })];

  test("only the living lot counts, before and after the sweep", () => {
    const ledger = ledgerOf(lots);
    const shortage = { reason_code: "INSUFFICIENT_CREDITS", balance: 1, detail: null };
    expect(ledger.check({ ...yoga, amount: 2 }).outcome).toEqual(shortage);
    expect(ledger.entries).toEqual([]);
    expect(ledger.deduct({ ...yoga, amount: 2 }).outcome).toEqual(shortage);
    expect(ledger.entries).toMatchObject([{ type: "expire", entitlement_id: "old", is_due: true }]);
    expect(ledger.check({ ...yoga, amount: 2 }).outcome).toEqual(shortage);
  });
});

describe("Clarification 13, rule 13. A refusal tells the foremost of its finer reasons", () => {
  const lot = {
    limited: lotOf({ id: "limited", product_config_id: "limited" }),
    paused: lotOf({ id: "paused", state: "paused" }),
    early: lotOf({ id: "early", effective_at: now + 1 }),
    expired: lotOf({ id: "expired", expires_at: now }),
    over_by_then: lotOf({ id: "over_by_then", expires_at: now + 1 }),
    revoked: lotOf({ id: "revoked", state: "revoked", available: 0, live: false }),
    elsewhere: lotOf({ id: "elsewhere", product_config_id: "swim" }),
    elsewhere_empty: lotOf({ id: "elsewhere_empty", product_config_id: "swim", available: 0 }),
    small: lotOf({ id: "small", available: 1 }),
  };
  const configs = [
    packOf("pack"),
    packOf("swim", { calendars: ["pool"] }),
    packOf("limited", { limits: { per_day: 0 } }),
  ];
  const none = (detail: string | null) => ({ reason_code: "NO_ENTITLEMENT", detail });
  const short = (detail: string | null) => ({ reason_code: "INSUFFICIENT_CREDITS", balance: 1, detail });
  const { limited, paused, early, expired, revoked, elsewhere, elsewhere_empty, small } = lot;

  test.each<[string, Lot[], object]>([
    ["a limit before everything", [elsewhere, expired, early, paused, limited], none("USAGE_LIMIT_REACHED")],
    ["paused before not yet active", [elsewhere, expired, early, paused], none("ENTITLEMENT_PAUSED")],
    ["not yet active before expired", [elsewhere, expired, early], none("NOT_YET_ACTIVE")],
    ["expired before other calendars", [elsewhere, expired], none("ENTITLEMENT_EXPIRED")],
    ["revoked is as good as expired", [elsewhere, revoked], none("ENTITLEMENT_EXPIRED")],
    ["other calendars, while credits are there", [elsewhere, elsewhere_empty], none("SERVICE_FAMILY_MISMATCH")],
    ["nothing to tell of other calendars' used-up lots", [elsewhere_empty], none(null)],
    ["nothing to tell of a member without lots", [], none(null)],
    ["a shortage, though a limit keeps more away", [small, elsewhere, paused, limited], short("USAGE_LIMIT_REACHED")],
    ["a shortage, though more is paused", [small, elsewhere, early, paused], short("ENTITLEMENT_PAUSED")],
    ["a shortage, though more is to come", [small, elsewhere, early], short("NOT_YET_ACTIVE")],
    ["a shortage, though other calendars have more", [small, elsewhere], short("SERVICE_FAMILY_MISMATCH")],
    ["a shortage: what has expired tells nothing, swept or not", [small, expired, revoked], short(null)],
    ["a shortage: a used-up paused lot tells nothing", [small, { ...paused, available: 0 }], short(null)],
  ])("%s", (_, lots, outcome) => {
    const ledger = ledgerOf(lots, configs);
    expect(ledger.check({ ...yoga, amount: 2 }).outcome).toEqual(outcome);
    ledger.settle();
    expect(ledger.check({ ...yoga, amount: 2 }).outcome).toEqual(outcome);
    expect(ledger.deduct({ ...yoga, amount: 2 }).outcome).toEqual(outcome);
  });

  test("a shortage on a later date: credits that will have expired by then are told", () => {
    const ledger = ledgerOf([small, lot.over_by_then], configs);
    const { outcome } = ledger.check({ ...yoga, amount: 2, appointment_time: now + 1 });
    expect(outcome).toEqual(short("ENTITLEMENT_EXPIRED"));
  });

  test("an unknown contact", () => {
    const facts = factsOf(null, catalogOf(configs));
    for (const decide of [decideCheck, decideDeduct]) {
      expect(decide(facts, yoga, contextOf(now))).toMatchObject({ outcome: none("UNKNOWN_CONTACT"), changes: null });
    }
  });

  test("closed lots are asked for only where the refusal depends on them", () => {
    const swept = lotOf({ expires_at: now, available: 0, live: false });
    const ask = { ...yoga, amount: 1 };
    expect(decideCheck(ledgerOf([swept]).facts(), ask, contextOf(now))).toEqual({ needs: "closed_lots" });
    expect(decideCheck(ledgerOf([swept, small]).facts(), ask, contextOf(now))).toHaveProperty("outcome");
    expect(ledgerOf([swept]).check(ask).outcome).toEqual(none("ENTITLEMENT_EXPIRED"));
  });
});

describe("Rule 13. Every answer can explain itself", () => {
  test("chosen lots with their amounts, rejected ones with the reason for each", () => {
    const lots = [
      lotOf({ id: "first", available: 2, expires_at: now + 1 }),
      lotOf({ id: "second", available: 5 }),
      lotOf({ id: "spare", available: 5, created_at: now }),
      lotOf({ id: "paused", state: "paused" }),
    ];
    expect(ledgerOf(lots).check({ ...yoga, amount: 3 }).explanation).toEqual({
      chosen: [
        { entitlement_id: "first", product_config_id: "pack", amount: 2 },
        { entitlement_id: "second", product_config_id: "pack", amount: 1 },
      ],
      rejected: [
        { entitlement_id: "paused", product_config_id: "pack", reason: "ENTITLEMENT_PAUSED" },
        { entitlement_id: "spare", product_config_id: "pack", reason: "NOT_NEEDED" },
      ],
    });
  });

  test("a refusal rejects every lot", () => {
    const { explanation } = ledgerOf([lotOf({ available: 2 })]).deduct({ ...yoga, amount: 3 });
    expect(explanation).toMatchObject({
      chosen: [],
      rejected: [{ entitlement_id: "lot", reason: "INSUFFICIENT_CREDITS" }],
    });
  });
});

describe("Billing suspended: mutations are refused before anything else, checks go on", () => {
  test("a deduction changes nothing, not even what is due", () => {
    const ledger = ledgerOf([lotOf({ expires_at: now })]);
    ledger.is_billing_live = false;
    expect(ledger.deduct({ product_config_id: "unknown" }).outcome).toEqual({ reason_code: "BILLING_SUSPENDED" });
    expect(ledger.settle()).toEqual({ reason_code: "BILLING_SUSPENDED" });
    expect(ledger.entries).toEqual([]);
  });

  test("a check works as ever", () => {
    const ledger = ledgerOf([lotOf()]);
    ledger.is_billing_live = false;
    expect(ledger.check(yoga).outcome).toEqual({ reason_code: "eligible", balance_after: 9 });
  });
});
