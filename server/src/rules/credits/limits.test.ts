import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UsageLimits } from "../catalog/product-config.ts";
import { at, catalogOf, lotOf, membershipOf, NEW_YORK, packOf } from "../testing.ts";
import { hasLimits, isLimitReached, type DayUsage } from "./limits.ts";
import type { Lot } from "./lot.ts";
import { TestLedger } from "./testing-ledger.ts";

function reached(limits: UsageLimits, booked_on: string[], when: string, lot: Partial<Lot> = {}): boolean {
  const usage: DayUsage[] = booked_on.map((service_on) => ({ product_config_id: "pack", service_on, bookings: 1 }));
  return isLimitReached(packOf("pack", { limits }), lotOf(lot), usage, at(when), NEW_YORK);
}

describe("Rule 12. Limits count bookings by service date in local time", () => {
  test.each<[string, UsageLimits, string[], string, boolean]>([
    ["one a day: none yet", { per_day: 1 }, [], "2026-11-04T09:00", false],
    ["one a day: taken", { per_day: 1 }, ["2026-11-04"], "2026-11-04T09:00", true],
    ["one a day: the last minute of that day", { per_day: 1 }, ["2026-11-04"], "2026-11-04T23:59", true],
    ["one a day: midnight belongs to the next", { per_day: 1 }, ["2026-11-04"], "2026-11-05T00:00", false],
    ["two a day: one is left", { per_day: 2 }, ["2026-11-04"], "2026-11-04T09:00", false],
    ["a day of 25 hours is one day", { per_day: 1 }, ["2026-11-01"], "2026-11-01T23:30", true],
    ["two a week: Monday and Sunday are one", { per_week: 2 }, ["2026-11-02", "2026-11-08"], "2026-11-04T09:00", true],
    ["two a week: last Sunday was another", { per_week: 2 }, ["2026-11-01", "2026-11-02"], "2026-11-04T09:00", false],
    ["two a week: Sunday still counts", { per_week: 2 }, ["2026-11-02", "2026-11-03"], "2026-11-08T23:59", true],
    ["two a week: next Monday does not", { per_week: 2 }, ["2026-11-02", "2026-11-03"], "2026-11-09T00:00", false],
    ["whichever is reached first", { per_day: 5, per_week: 1 }, ["2026-11-02"], "2026-11-04T09:00", true],
    ["no limit", {}, ["2026-11-04", "2026-11-04"], "2026-11-04T09:00", false],
  ])("%s", (_, limits, booked_on, when, expected) => {
    expect(reached(limits, booked_on, when)).toBe(expected);
  });

  const january = {
    period_start_at: at("2026-01-31T15:00"),
    period_end_at: at("2026-02-28T00:00"),
    expires_at: at("2026-03-07T00:00"),
  };

  test.each<[string, string[], Partial<Lot>, boolean]>([
    ["the day it was paid and its last day are inside", ["2026-01-31", "2026-02-27"], january, true],
    ["the days before it are not", ["2026-01-29", "2026-01-30"], january, false],
    ["the next period's first day is not, though its credits live on", ["2026-02-28", "2026-02-28"], january, false],
    ["a package counts its own life", ["2026-01-01", "2026-12-31"], { expires_at: null }, true],
    ["and nothing before or after it", ["2025-12-31", "2026-12-31"], { expires_at: at("2026-12-31T00:00") }, false],
  ])("two a period: %s", (_, booked_on, lot, expected) => {
    expect(reached({ per_period: 2 }, booked_on, "2026-02-10T09:00", lot)).toBe(expected);
  });

  test("bookings on other products do not count", () => {
    const usage = [{ product_config_id: "other", service_on: "2026-11-04", bookings: 9 }];
    const config = packOf("pack", { limits: { per_day: 1, per_week: 1, per_period: 1 } });
    expect(isLimitReached(config, lotOf(), usage, at("2026-11-04T09:00"), NEW_YORK)).toBe(false);
  });

  test("a config has limits when it names at least one", () => {
    expect(hasLimits(packOf("pack"))).toBe(false);
    expect(hasLimits(packOf("pack", { limits: { per_day: undefined } }))).toBe(false);
    expect(hasLimits(packOf("pack", { limits: { per_week: 3 } }))).toBe(true);
  });
});

describe("Rule 12. What counts is a booking, not a credit, and not one that was given back", () => {
  const config = packOf("pack", { limits: { per_day: 1 } });
  const start = (is_batch = false) => {
    const ledger = new TestLedger(catalogOf([config]), at("2026-11-04T09:00"), [lotOf()]);
    ledger.is_batch = is_batch;
    return ledger;
  };
  const limit_reached = { reason_code: "NO_ENTITLEMENT", detail: "USAGE_LIMIT_REACHED" };

  test("a booking of three credits is one booking", () => {
    const ledger = start();
    expect(ledger.deduct({ calendar_id: "yoga", amount: 3 }).outcome).toMatchObject({ balance_after: 7 });
    expect(ledger.check({ calendar_id: "yoga" }).outcome).toMatchObject(limit_reached);
  });

  test("the service date counts, not the day of the booking", () => {
    const ledger = start();
    ledger.deduct({ calendar_id: "yoga", appointment_time: at("2026-11-07T09:00") });
    expect(ledger.check({ calendar_id: "yoga" }).outcome).toMatchObject({ reason_code: "eligible" });
    const that_evening = { calendar_id: "yoga", appointment_time: at("2026-11-07T20:00") };
    expect(ledger.check(that_evening).outcome).toMatchObject(limit_reached);
  });

  test.each([
    ["each command alone", false],
    ["all within one batch", true],
  ])("a booking counts until the last of its credits is given back, %s", (_, is_batch) => {
    const ledger = start(is_batch);
    ledger.deduct({ calendar_id: "yoga", amount: 2, external_ref: "b" });
    ledger.restore({ external_ref: "b", amount: 1 });
    expect(ledger.check({ calendar_id: "yoga" }).outcome).toMatchObject(limit_reached);
    ledger.restore({ external_ref: "b", amount: 1 });
    expect(ledger.check({ calendar_id: "yoga" }).outcome).toMatchObject({ reason_code: "eligible" });
  });

  test("a booking over two lots of one product is one booking", () => {
    const two = packOf("pack", { limits: { per_day: 2 } });
    const lots = [lotOf({ id: "a", available: 1 }), lotOf({ id: "b", available: 5 })];
    const ledger = new TestLedger(catalogOf([two]), at("2026-11-04T09:00"), lots);
    expect(ledger.deduct({ calendar_id: "yoga", amount: 3 }).outcome).toMatchObject({ reason_code: "deducted" });
    expect(ledger.deduct({ calendar_id: "yoga" }).outcome).toMatchObject({ reason_code: "deducted" });
    expect(ledger.deduct({ calendar_id: "yoga" }).outcome).toMatchObject(limit_reached);
  });
});

describe("Rule 12. An unlimited membership is used without a balance, while its limits allow", () => {
  const gold = membershipOf("gold", {
    monthly_credits: "unlimited",
    limits: { per_day: 1 },
    cost_by_calendar: { yoga: 2 },
  });
  const start = () => {
    const ledger = new TestLedger(catalogOf([gold, packOf("pack")]), at("2026-11-04T09:00"), [lotOf()]);
    const { entitlement_id } = ledger.grant("gold");
    return { ledger, gold_lot: entitlement_id };
  };

  test("it is granted without an entry, with 0 credits and the mark", () => {
    const ledger = new TestLedger(catalogOf([gold]), at("2026-11-04T09:00"));
    expect(ledger.grant("gold")).toMatchObject({ credits_granted: 0, balance_after: 0, unlimited: true });
    expect(ledger.entries).toEqual([]);
  });

  test("it comes first, writes a usage entry of the booking's cost, and leaves the finite balance alone", () => {
    const { ledger, gold_lot } = start();
    const { outcome } = ledger.deduct({ calendar_id: "yoga" });
    expect(outcome).toMatchObject({ entitlement_id: gold_lot, balance_after: 10, unlimited: true });
    expect(ledger.entries.at(-1)).toMatchObject({
      type: "usage",
      amount: 2,
      entitlement_id: gold_lot,
      balance_after: 0,
    });
  });

  test("when its limit is reached the package is next, at its own price", () => {
    const { ledger } = start();
    ledger.deduct({ calendar_id: "yoga" });
    const { outcome } = ledger.deduct({ calendar_id: "yoga" });
    expect(outcome).toMatchObject({ movements: [{ entitlement_id: "lot", amount: 1 }], balance_after: 9 });
    expect(outcome).not.toHaveProperty("unlimited");
  });

  test("its usage is given back as usage, and the day is free again", () => {
    const { ledger, gold_lot } = start();
    ledger.deduct({ calendar_id: "yoga", external_ref: "b" });
    expect(ledger.restore({ external_ref: "b", amount: 2 })).toMatchObject({
      entitlement_id: gold_lot,
      unlimited: true,
    });
    expect(ledger.entries.at(-1)).toMatchObject({ type: "usage_restore", amount: 2, balance_after: 0 });
    expect(ledger.deduct({ calendar_id: "yoga" }).outcome).toMatchObject({ entitlement_id: gold_lot });
  });

  test("its limit is no part of a grant's balance: nothing is asked for there", () => {
    const { ledger } = start();
    ledger.deduct({ calendar_id: "yoga" });
    expect(ledger.grant("gold")).toMatchObject({ balance_after: 0, unlimited: true });
    const limited = packOf("pack", { limits: { per_day: 1 } });
    const packs = new TestLedger(catalogOf([limited]), at("2026-11-04T09:00"), [lotOf()]);
    packs.deduct({ calendar_id: "yoga" });
    expect(packs.grant("pack")).toMatchObject({ balance_after: 19 });
  });
});

test("Rule 12. A limit of n lets exactly n bookings of a day through, whatever else was booked or given back", () => {
  const steps = fc.array(fc.record({ day: fc.nat(2), gives_back: fc.boolean() }), { maxLength: 12 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), steps, (per_day, all) => {
      const catalog = catalogOf([packOf("pack", { limits: { per_day } })]);
      const ledger = new TestLedger(catalog, at("2026-11-01T00:00"), [lotOf({ granted: 50 })]);
      const standing = [0, 0, 0];
      all.forEach(({ day, gives_back }, i) => {
        const appointment_time = at(`2026-11-0${String(day + 5)}T12:00`);
        const ask = { calendar_id: "yoga", appointment_time, external_ref: String(i) };
        const passes = ledger.deduct(ask).outcome.reason_code === "deducted";
        expect(passes).toBe(standing[day]! < per_day);
        if (passes && gives_back) ledger.restore(ask);
        else if (passes) standing[day]! += 1;
      });
    }),
    { numRuns: 60 },
  );
});
