import { describe, expect, test } from "vitest";
import { TestLedger } from "../credits/testing-ledger.ts";
import { at, catalogOf, lotOf, packOf } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import { bookingIn, BOOKED_AT, STARTS_AT, sync, tell, typesOf } from "./testing-bookings.ts";

const before = (hours: number) => STARTS_AT - hours * HOUR;
const pack = packOf("pack", { calendars: ["yoga", "pool"], cost_by_calendar: { pool: 3 } });
const spa = packOf("spa", { calendars: ["spa"] });

function start(lots = [lotOf(), lotOf({ id: "spa", product_config_id: "spa" })], configs = [pack, spa]) {
  const ledger = new TestLedger(catalogOf(configs), BOOKED_AT, lots);
  sync(ledger);
  return ledger;
}
const held = (ledger: TestLedger) => ledger.lots.map((lot) => lot.held);
const available = (ledger: TestLedger) => ledger.lots.map((lot) => lot.available);

describe("Rule 29. Cancelled and confirmed again is a new generation, charged afresh", () => {
  test("after a cancellation in time: held once more", () => {
    const ledger = start();
    tell(ledger, before(48), { status: "cancelled" });
    tell(ledger, before(40));
    expect(typesOf(ledger)).toEqual(["hold", "release", "hold"]);
    expect(ledger.entries.at(-1)).toMatchObject({ occurred_at: before(40) });
    expect(bookingIn(ledger)).toMatchObject({ generation: 2, cancelled_at: null });
  });

  test("after a late one: the late one stays paid, and the new one is paid too", () => {
    const ledger = start();
    tell(ledger, before(5), { status: "cancelled" });
    tell(ledger, before(4));
    expect(typesOf(ledger)).toEqual(["hold", "settle_late_cancel", "hold"]);
    tell(ledger, STARTS_AT, { status: "showed" });
    expect(typesOf(ledger).at(-1)).toBe("settle_used");
    expect(available(ledger)).toEqual([8, 10]);
  });

  test("heard of in any order, the same is paid", () => {
    const versions = [
      {},
      { updated_at: before(5), status: "cancelled" },
      { updated_at: before(4) },
      { updated_at: before(3), status: "cancelled" },
      { updated_at: before(2) },
    ] as const;
    for (const order of permutations([0, 1, 2, 3, 4])) {
      const ledger = new TestLedger(catalogOf([pack]), STARTS_AT, [lotOf()]);
      for (const i of order) sync(ledger, versions[i]);
      expect([available(ledger), held(ledger)]).toEqual([[7], [1]]);
    }
  });
});

function permutations(of: number[]): number[][] {
  if (of.length < 2) return [of];
  return of.flatMap((first) => permutations(of.filter((other) => other !== first)).map((rest) => [first, ...rest]));
}

describe("Rule 29. Another calendar: the same family posts the difference, else given back and charged anew", () => {
  test("dearer, cheaper, and the same", () => {
    const ledger = start();
    tell(ledger, before(100), { calendar_id: "pool" });
    expect(typesOf(ledger)).toEqual(["hold", "hold"]);
    expect(ledger.entries.at(-1)).toMatchObject({ amount: 2, reason: "calendar_changed", service_on: null });
    expect(held(ledger)).toEqual([3, 0]);
    expect(ledger.usage()).toEqual([{ product_config_id: "pack", service_on: "2026-11-20", bookings: 1 }]);
    tell(ledger, before(90), { calendar_id: "yoga" });
    expect(ledger.entries.at(-1)).toMatchObject({ type: "release", amount: 2 });
    expect(held(ledger)).toEqual([1, 0]);
    tell(ledger, before(80), { calendar_id: "yoga", ends_at: STARTS_AT + 2 * HOUR });
    expect(typesOf(ledger)).toHaveLength(3);
  });

  test("the difference belongs to the booking: settled and given back with it", () => {
    const ledger = start();
    tell(ledger, before(100), { calendar_id: "pool" });
    tell(ledger, STARTS_AT, { calendar_id: "pool", status: "showed" });
    expect([available(ledger), held(ledger)]).toEqual([
      [7, 10],
      [0, 0],
    ]);
    tell(ledger, STARTS_AT + HOUR, { calendar_id: "pool", status: "invalid" });
    expect(available(ledger)).toEqual([10, 10]);
  });

  test("another family", () => {
    const ledger = start();
    tell(ledger, before(100), { calendar_id: "spa" });
    expect(typesOf(ledger)).toEqual(["hold", "release", "hold"]);
    expect(held(ledger)).toEqual([0, 1]);
  });

  test("a difference that is not there: nothing is half paid, and the booking is unfunded", () => {
    const ledger = start([lotOf({ available: 2 })]);
    expect(tell(ledger, before(100), { calendar_id: "pool" })).toMatchObject({
      reason_code: "booking_unfunded",
      unfunded: { reason: "INSUFFICIENT_CREDITS" },
    });
    expect([available(ledger), held(ledger)]).toEqual([[2], [0]]);
  });
});

describe("Rule 29. Another time", () => {
  test("of the same day keeps its charge, and is settled by the new end", () => {
    const ledger = start();
    tell(ledger, before(100), { starts_at: STARTS_AT + HOUR });
    expect(typesOf(ledger)).toEqual(["hold"]);
    expect(bookingIn(ledger).settles_at).toBe(STARTS_AT + DAY + 2 * HOUR);
  });

  test("of another day is charged anew, with its own service date", () => {
    const ledger = start();
    tell(ledger, before(100), { starts_at: STARTS_AT + DAY });
    expect(typesOf(ledger)).toEqual(["hold", "release", "hold"]);
    expect(ledger.entries.at(-1)).toMatchObject({ service_on: "2026-11-21", occurred_at: before(100) });
  });

  test("beyond its lot's life it is charged anew, from one that serves the day", () => {
    const soon = lotOf({ id: "soon", expires_at: at("2026-11-25T00:00") });
    const ledger = start([soon, lotOf({ id: "later" })]);
    expect(held(ledger)).toEqual([1, 0]);
    tell(ledger, before(100), { starts_at: STARTS_AT + 7 * DAY });
    expect(held(ledger)).toEqual([0, 1]);
  });

  test("where a limit counts days it counts on the new one", () => {
    const ledger = start([lotOf()], [packOf("pack", { limits: { per_day: 1 } })]);
    tell(ledger, before(100), { starts_at: STARTS_AT + DAY });
    expect(ledger.usage()).toEqual([{ product_config_id: "pack", service_on: "2026-11-21", bookings: 1 }]);
    expect(sync(ledger, { external_id: "c" })).toMatchObject({ reason_code: "booking_synced" });
    expect(sync(ledger, { external_id: "d" })).toMatchObject({ reason_code: "booking_unfunded" });
  });

  test("the clock of an on_first_use lot follows the day of its first booking (rule 16)", () => {
    const first_use = packOf("pack", { activation: "on_first_use", expiry_days: 10 });
    const ledger = new TestLedger(catalogOf([first_use]), BOOKED_AT);
    const { entitlement_id } = ledger.grant("pack");
    sync(ledger);
    expect(ledger.lot(entitlement_id).activation?.activated_on).toBe("2026-11-20");
    tell(ledger, before(100), { starts_at: STARTS_AT + DAY });
    expect(ledger.lot(entitlement_id).activation?.activated_on).toBe("2026-11-21");
  });

  test("a move within a lot's life that we hear of after its end keeps what was held", () => {
    const ledger = start([lotOf({ expires_at: at("2026-11-22T00:00") })], [packOf("pack", { limits: { per_day: 1 } })]);
    ledger.now = at("2026-11-23T09:00");
    sync(ledger, { updated_at: before(100), starts_at: STARTS_AT + DAY });
    expect(bookingIn(ledger).unfunded).toBeNull();
    expect(typesOf(ledger)).toEqual(["hold", "settle_used"]);
  });
});
