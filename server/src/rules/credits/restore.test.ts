import { describe, expect, test } from "vitest";
import type { ProductConfig } from "../catalog/product-config.ts";
import { at, catalogOf, contextOf, factsOf, lotOf, memberOf, packOf } from "../testing.ts";
import type { Lot } from "./lot.ts";
import { decideRestore, MAX_UNREFERENCED_CHARGES } from "./restore.ts";
import { TestLedger } from "./testing-ledger.ts";

const now = at("2026-11-04T09:00");
const yoga = { calendar_id: "yoga" };
const soon = lotOf({ id: "soon", available: 2, expires_at: at("2026-12-01T00:00") });
const later = lotOf({ id: "later", available: 5 });
const nothing = (restorable: number) => ({ reason_code: "NOTHING_TO_RESTORE", detail: null, restorable });

function start(lots: Lot[] = [soon, later], configs: ProductConfig[] = [packOf("pack")]) {
  return new TestLedger(catalogOf(configs), now, lots);
}

describe("Rule 31. A restore returns credits to the lots they came from, in reverse order (rule 9)", () => {
  test("the whole charge at once: the last lot drawn on first", () => {
    const ledger = start();
    ledger.deduct({ ...yoga, amount: 4, external_ref: "b" });
    expect(ledger.restore({ ...yoga, amount: 4, external_ref: "b" })).toEqual({
      reason_code: "restored",
      balance_after: 7,
      entitlement_id: "later",
      movements: [
        { entitlement_id: "later", amount: 2 },
        { entitlement_id: "soon", amount: 2 },
      ],
    });
    expect(ledger.entries.slice(2)).toMatchObject([
      { type: "restore", entitlement_id: "later", amount: 2, reverses: 2, external_ref: "b" },
      { type: "restore", entitlement_id: "soon", amount: 2, reverses: 1, external_ref: "b" },
    ]);
    expect(ledger.lots).toEqual([soon, later]);
  });

  test("in parts that add up, each taking up where the last one ended", () => {
    const ledger = start();
    ledger.deduct({ ...yoga, amount: 4, external_ref: "b" });
    const part = (amount: number) => ledger.restore({ external_ref: "b", amount }).movements;
    expect(part(1)).toEqual([{ entitlement_id: "later", amount: 1 }]);
    expect(part(2)).toEqual([
      { entitlement_id: "later", amount: 1 },
      { entitlement_id: "soon", amount: 1 },
    ]);
    expect(part(1)).toEqual([{ entitlement_id: "soon", amount: 1 }]);
    expect(ledger.restore({ external_ref: "b", amount: 1 })).toEqual(nothing(0));
  });

  test("T16: never more than was taken, and nothing moves where a part of it is too much", () => {
    const ledger = start();
    ledger.deduct({ ...yoga, amount: 4, external_ref: "b" });
    ledger.restore({ external_ref: "b", amount: 1 });
    const before = ledger.lots;
    expect(ledger.restore({ external_ref: "b", amount: 4 })).toEqual(nothing(3));
    expect(ledger.lots).toEqual(before);
  });

  test("a second booking of the same reference can be given back too, the latest first", () => {
    const ledger = start();
    ledger.deduct({ ...yoga, amount: 2, external_ref: "b" });
    ledger.deduct({ ...yoga, amount: 1, external_ref: "b" });
    expect(ledger.restore({ external_ref: "b", amount: 3 }).movements).toEqual([
      { entitlement_id: "later", amount: 1 },
      { entitlement_id: "soon", amount: 2 },
    ]);
  });
});

describe("Clarification 11. What a restore looks at", () => {
  test("an omitted amount is one credit, whatever the booking cost", () => {
    const ledger = start([lotOf()], [packOf("pack", { cost_by_calendar: { yoga: 3 } })]);
    ledger.deduct({ ...yoga, external_ref: "b" });
    expect(ledger.restore({ ...yoga, external_ref: "b" })).toMatchObject({
      movements: [{ amount: 1 }],
      balance_after: 8,
    });
  });

  test.each([
    ["each command alone", false],
    ["all within one batch", true],
  ])("without a reference: the latest deductions that carry none, and no others, %s", (_, is_batch) => {
    const ledger = start();
    ledger.is_batch = is_batch;
    ledger.deduct({ ...yoga, amount: 2 });
    ledger.deduct({ ...yoga, amount: 1, external_ref: "b" });
    ledger.deduct({ ...yoga, amount: 1 });
    expect(ledger.restore({ ...yoga, amount: 3 }).movements).toEqual([
      { entitlement_id: "later", amount: 1 },
      { entitlement_id: "soon", amount: 2 },
    ]);
    expect(ledger.restore(yoga)).toEqual(nothing(0));
    expect(ledger.restore({ ...yoga, amount: 2, external_ref: "b" })).toEqual(nothing(1));
  });

  test("without a reference: not further back than the last hundred", () => {
    const ledger = start([lotOf({ available: 200 })]);
    for (let i = 0; i <= MAX_UNREFERENCED_CHARGES; i += 1) ledger.deduct({ ...yoga, amount: 1 });
    expect(MAX_UNREFERENCED_CHARGES).toBe(100);
    expect(ledger.restore({ ...yoga, amount: 101 })).toEqual(nothing(100));
    expect(ledger.restore({ ...yoga, amount: 100 })).toMatchObject({ reason_code: "restored" });
  });

  test("another contact's reference, or one that was never used, is nothing to restore", () => {
    const ledger = start();
    ledger.deduct({ ...yoga, external_ref: "b" });
    expect(ledger.restore({ external_ref: "c" })).toEqual(nothing(0));
  });

  test("NO_ENTITLEMENT for an unknown contact, or one that holds nothing that matches in any state", () => {
    const catalog = catalogOf([packOf("pack"), packOf("swim", { calendars: ["pool"] })]);
    const refusal = (lots: Lot[] | null) => {
      const facts = factsOf(lots && memberOf(lots), catalog);
      return decideRestore(facts, { calendar_id: "pool" }, contextOf(now));
    };
    const none = (detail: string | null) => ({ outcome: { reason_code: "NO_ENTITLEMENT", detail } });
    const swept = lotOf({ product_config_id: "swim", available: 0, expires_at: now, live: false });
    expect(refusal(null)).toMatchObject(none("UNKNOWN_CONTACT"));
    expect(refusal([])).toMatchObject(none(null));
    expect(refusal([lotOf()])).toMatchObject(none("SERVICE_FAMILY_MISMATCH"));
    expect(refusal([swept])).toMatchObject({ outcome: { reason_code: "NOTHING_TO_RESTORE" } });
    expect(start([swept], [...catalog.configs.values()]).restore({ calendar_id: "pool" })).toEqual(nothing(0));
  });
});

describe("Rule 10. A restore that names a product or a calendar gives back what was drawn from it", () => {
  const configs = [
    packOf("pack", { priority: 1 }),
    packOf("swim", { calendars: ["yoga", "pool"] }),
    packOf("spa", { calendars: ["spa"] }),
  ];
  const lots = [
    lotOf({ id: "pack", available: 2 }),
    lotOf({ id: "swim", product_config_id: "swim" }),
    lotOf({ id: "spa", product_config_id: "spa" }),
  ];
  const booked = () => {
    const ledger = start(lots, configs);
    ledger.deduct({ ...yoga, amount: 5, external_ref: "b" });
    return ledger;
  };

  test.each([
    ["the one product", { product_config_id: "pack" }, 2],
    ["the other product", { product_config_id: "swim" }, 3],
    ["a calendar of both", yoga, 5],
    ["a calendar of one", { calendar_id: "pool" }, 3],
    ["none: the reference says it all", {}, 5],
  ])("%s", (_, ask, restorable) => {
    expect(booked().restore({ ...ask, external_ref: "b", amount: 6 })).toEqual(nothing(restorable));
    expect(booked().restore({ ...ask, external_ref: "b", amount: restorable })).toMatchObject({
      reason_code: "restored",
    });
  });

  test("the balance is that of the request, or of the products it was drawn from (clarification 4)", () => {
    expect(booked().restore({ ...yoga, external_ref: "b" })).toMatchObject({ balance_after: 8 });
    expect(booked().restore({ external_ref: "b", amount: 1 })).toMatchObject({ balance_after: 8 });
    expect(booked().restore({ external_ref: "b", amount: 5 })).toMatchObject({ balance_after: 12 });
    expect(booked().restore({ product_config_id: "pack", external_ref: "b" })).toMatchObject({ balance_after: 1 });
  });

  test("a product config that is gone: by its reference and by its id, not by a calendar", () => {
    for (const ask of [{}, { product_config_id: "pack" }]) {
      const ledger = booked();
      ledger.catalog = catalogOf(configs.slice(1));
      expect(ledger.restore({ external_ref: "b", product_config_id: "swim", amount: 4 })).toEqual(nothing(3));
      ledger.restore({ external_ref: "b", product_config_id: "swim", amount: 3 });
      expect(ledger.restore({ external_ref: "b", amount: 2, ...ask })).toMatchObject({ entitlement_id: "pack" });
      expect(ledger.lot("pack").available).toBe(2);
    }
    const ledger = booked();
    ledger.catalog = catalogOf([]);
    expect(ledger.restore({ external_ref: "b", ...yoga })).toMatchObject({ detail: "SERVICE_FAMILY_MISMATCH" });
  });
});

describe("Clarification 14. A full restore cancels the booking of that reference", () => {
  test("not before its last credit is back", () => {
    const ledger = start();
    ledger.deduct({ ...yoga, amount: 2, external_ref: "b" });
    ledger.restore({ external_ref: "b" });
    expect(ledger.appointments.get("b")?.status).toBe("confirmed");
    ledger.restore({ external_ref: "b" });
    expect(ledger.appointments.get("b")?.status).toBe("cancelled");
  });

  test("booked again under that reference, it stands again, at the start it had", () => {
    const ledger = start();
    const appointment_time = at("2026-11-20T09:00");
    ledger.deduct({ ...yoga, external_ref: "b", appointment_time });
    ledger.restore({ external_ref: "b" });
    expect(ledger.appointments.get("b")).toMatchObject({ status: "cancelled", starts_at: appointment_time });
    ledger.deduct({ ...yoga, external_ref: "b" });
    expect(ledger.appointments.get("b")).toMatchObject({ status: "confirmed", starts_at: appointment_time });
  });
});
