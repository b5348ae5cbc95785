import { describe, expect, test } from "vitest";
import type { ProductTerms } from "../catalog/product-terms.ts";
import { TestLedger } from "../credits/testing-ledger.ts";
import { at, catalogOf, lotOf, membershipOf, packOf } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import { bookingIn, BOOKED_AT, STARTS_AT, studioCancels, sync, tell, typesOf } from "./testing-bookings.ts";

const expires_at = at("2026-11-21T00:00");

/** Holds one credit of a lot that ends with the day of the service. */
function start(terms: ProductTerms = {}) {
  const ledger = new TestLedger(catalogOf([packOf("pack", terms)]), BOOKED_AT, [lotOf({ expires_at })]);
  sync(ledger);
  return ledger;
}
const madeGood = (ledger: TestLedger) => ledger.lots.find(({ origin }) => origin === "make_good");

describe("Rule 31. A booking's credits go back to where they were held", () => {
  test("a lot that expired before it was given back: a make-good lot of seven days, counted from then", () => {
    const ledger = start();
    tell(ledger, at("2026-11-22T09:00"), { status: "invalid" });
    expect(typesOf(ledger)).toEqual(["hold", "release", "make_good"]);
    expect(madeGood(ledger)).toMatchObject({ available: 1, expires_at: at("2026-11-30T00:00"), parent_id: "lot" });
  });

  test("given back before the lot expired, told after: it went back, and expired with the lot", () => {
    const ledger = start();
    ledger.now = at("2026-11-22T09:00");
    ledger.settle();
    sync(ledger, { status: "cancelled", updated_at: STARTS_AT - 30 * HOUR });
    expect(typesOf(ledger)).toEqual(["hold", "release"]);
    expect(ledger.entries.at(-1)).toMatchObject({ type: "expire", amount: 1, occurred_at: expires_at });
    expect(ledger.lot("lot")).toMatchObject({ available: 0, held: 0, live: false });
    expect(madeGood(ledger)).toBeUndefined();
  });

  test("given back before its end into a lot that is swept by now: it is swept once more", () => {
    const ledger = new TestLedger(catalogOf([packOf("pack")]), BOOKED_AT, [lotOf({ expires_at })]);
    ledger.deduct({ calendar_id: "yoga", external_ref: "b", appointment_time: STARTS_AT });
    ledger.now = at("2026-11-22T09:00");
    ledger.settle();
    expect(ledger.lot("lot").live).toBe(false);
    sync(ledger, { status: "cancelled", updated_at: STARTS_AT - 30 * HOUR });
    expect(typesOf(ledger)).toEqual(["deduct", "restore"]);
    expect(ledger.lot("lot")).toMatchObject({ available: 0, live: false });
  });

  test("out of a void lot: on to refunded", () => {
    const ledger = start();
    ledger.seed({ ...ledger.lot("lot"), state: "revoked", live: false });
    tell(ledger, STARTS_AT - 30 * HOUR, { status: "cancelled" });
    expect(typesOf(ledger)).toEqual(["hold", "release", "refund"]);
  });

  test("a cancellation after a period reset cannot exceed the allowance", () => {
    const gold = membershipOf("gold", { monthly_credits: 1 });
    const ledger = new TestLedger(catalogOf([gold]), at("2026-11-02T00:00"));
    const first = ledger.grant("gold").entitlement_id;
    sync(ledger, { starts_at: at("2026-12-01T18:00") });
    ledger.now = at("2026-12-02T09:00");
    const second = ledger.grant("gold").entitlement_id;
    sync(ledger, { starts_at: at("2026-12-01T18:00"), status: "invalid", updated_at: ledger.now });
    expect(ledger.lot(first)).toMatchObject({ available: 0, held: 0 });
    expect(ledger.lot(second)).toMatchObject({ granted: 1, available: 1 });
    expect(madeGood(ledger)).toMatchObject({ available: 1, membership_id: null });
  });
});

describe("Rule 28. A cancellation by the studio always restores; unknown means the member (clarification 24)", () => {
  test("a late one that staff mark: all of it back, penalty and all", () => {
    const ledger = start({ no_show_penalty: 2 });
    tell(ledger, STARTS_AT + HOUR, { status: "noshow" });
    expect(studioCancels(ledger)).toMatchObject({ reason_code: "booking_cancelled_by_studio" });
    expect(ledger.lot("lot")).toMatchObject({ available: 10, held: 0 });
    expect(bookingIn(ledger)).toMatchObject({ status: "cancelled", cancelled_by: "studio", settles_at: null });
  });

  test("a lot that has expired meanwhile: thirty days, unless make-goods are off", () => {
    for (const make_good_days of [undefined, 0]) {
      const ledger = start(make_good_days === undefined ? {} : { make_good_days });
      tell(ledger, STARTS_AT - HOUR, { status: "cancelled" });
      expect(bookingIn(ledger).cancelled_by).toBe("member");
      ledger.now = at("2026-11-25T09:00");
      studioCancels(ledger);
      if (make_good_days === 0) expect(madeGood(ledger)).toBeUndefined();
      else expect(madeGood(ledger)).toMatchObject({ available: 1, expires_at: at("2026-12-26T00:00") });
    }
  });

  test("said twice it is done once; what the provider tells later changes nothing", () => {
    const ledger = start();
    studioCancels(ledger);
    expect(studioCancels(ledger)).toMatchObject({ movements: [] });
    tell(ledger, STARTS_AT - HOUR, { status: "cancelled" });
    expect(typesOf(ledger)).toEqual(["hold", "release"]);
    expect(bookingIn(ledger)).toMatchObject({ cancelled_by: "studio" });
  });

  test("booked again after it, it costs again, and that is the member's to cancel", () => {
    const ledger = start();
    tell(ledger, STARTS_AT - 9 * HOUR, { status: "cancelled" });
    studioCancels(ledger);
    tell(ledger, STARTS_AT - 8 * HOUR);
    expect(typesOf(ledger).at(-1)).toBe("hold");
    tell(ledger, STARTS_AT - 7 * HOUR, { status: "cancelled" });
    expect(typesOf(ledger).at(-1)).toBe("settle_late_cancel");
    expect(bookingIn(ledger).cancelled_by).toBe("member");
  });

  test("only this generation's charge goes back, not the late cancellation before it", () => {
    const ledger = start();
    tell(ledger, STARTS_AT - 9 * HOUR, { status: "cancelled" });
    tell(ledger, STARTS_AT - 8 * HOUR);
    studioCancels(ledger);
    expect(typesOf(ledger)).toEqual(["hold", "settle_late_cancel", "hold", "release"]);
    expect(studioCancels(ledger, "unknown")).toEqual({ reason_code: "NOT_FOUND" });
  });

  test("a booking that came through the API alone: what was deducted is restored", () => {
    const ledger = new TestLedger(catalogOf([packOf("pack")]), BOOKED_AT, [lotOf()]);
    ledger.deduct({ calendar_id: "yoga", amount: 2, external_ref: "b", appointment_time: STARTS_AT });
    ledger.now = STARTS_AT - DAY / 2;
    studioCancels(ledger);
    expect(ledger.lot("lot").available).toBe(10);
    expect(bookingIn(ledger)).toMatchObject({ status: "cancelled", cancelled_by: "studio" });
  });
});

describe("Rule 28. The window of what it was drawn from", () => {
  test.each([
    ["the product's own", { cancellation_window_hours: 6 }, 6],
    ["the location's", {}, 24],
    ["none: until the start", { cancellation_window_hours: 0 }, 0],
  ])("%s", (_, terms, hours) => {
    for (const is_told_before of [true, false]) {
      for (const [late, type] of [
        [0, "release"],
        [1, "settle_late_cancel"],
      ] as const) {
        const ledger = new TestLedger(catalogOf([packOf("pack", terms)]), BOOKED_AT, [lotOf()]);
        if (is_told_before) sync(ledger);
        tell(ledger, STARTS_AT - hours * HOUR + late, { status: "cancelled" });
        const expected = is_told_before || type !== "release" ? ["hold", type] : [];
        expect(typesOf(ledger)).toEqual(expected);
      }
    }
  });
});
