import { describe, expect, test } from "vitest";
import { TestLedger } from "../credits/testing-ledger.ts";
import { catalogOf, lotOf, packOf } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import { bookingIn, BOOKED_AT, STARTS_AT, sync, tell, typesOf } from "./testing-bookings.ts";

const before = (hours: number) => STARTS_AT - hours * HOUR;
const ask = { calendar_id: "yoga", external_ref: "b", appointment_time: STARTS_AT };
const start = () => {
  const pack = packOf("pack", { calendars: ["yoga", "pool"], cost_by_calendar: { pool: 3 } });
  return new TestLedger(catalogOf([pack]), BOOKED_AT, [lotOf()]);
};
const left = (ledger: TestLedger) => ledger.lot("lot").available;

describe("Clarification 14. Told by its provider and by the API's deduct, a booking is charged once (rule 27)", () => {
  test("the provider first: the deduction names the lot that it is held in, and moves nothing", () => {
    const ledger = start();
    sync(ledger);
    expect(ledger.deduct(ask).outcome).toEqual({
      reason_code: "deducted",
      balance_after: 9,
      entitlement_id: "lot",
      movements: [],
    });
    expect(typesOf(ledger)).toEqual(["hold"]);
  });

  test("a deduction of more than is held takes the rest, and it is one booking to a limit", () => {
    const ledger = start();
    sync(ledger);
    expect(ledger.deduct({ ...ask, amount: 3 }).outcome).toMatchObject({
      movements: [{ amount: 2 }],
      balance_after: 7,
    });
    expect(ledger.usage()).toEqual([{ product_config_id: "pack", service_on: "2026-11-20", bookings: 1 }]);
    tell(ledger, before(48), { status: "cancelled" });
    expect(left(ledger)).toBe(10);
  });

  test("the API first: the provider's word adds nothing, takes nothing, and a cancellation in time gives all back", () => {
    const ledger = start();
    ledger.deduct({ ...ask, amount: 2 });
    expect(sync(ledger)).toMatchObject({ reason_code: "booking_synced", movements: [] });
    tell(ledger, before(50), { calendar_id: "pool" });
    expect([left(ledger), typesOf(ledger)]).toEqual([8, ["deduct"]]);
    expect(bookingIn(ledger)).toMatchObject({ source: "ghl", settles_at: null });
    tell(ledger, before(48), { status: "cancelled" });
    expect([left(ledger), typesOf(ledger)]).toEqual([10, ["deduct", "restore"]]);
  });

  test.each(["showed", "noshow", "cancelled"] as const)("what the API used at once stays used: %s", (status) => {
    const ledger = start();
    ledger.deduct(ask);
    sync(ledger);
    tell(ledger, STARTS_AT, { status });
    expect(typesOf(ledger)).toEqual(["deduct"]);
  });

  test("an unfunded booking that the API pays for is funded", () => {
    const ledger = new TestLedger(catalogOf([packOf("pack")]), BOOKED_AT);
    sync(ledger);
    expect(bookingIn(ledger).unfunded).not.toBeNull();
    ledger.now += DAY;
    ledger.grant("pack");
    ledger.deduct(ask);
    expect(bookingIn(ledger)).toMatchObject({ unfunded: null, status: "confirmed", source: "ghl" });
    tell(ledger, STARTS_AT, { status: "showed" });
    expect(typesOf(ledger)).toEqual(["deduct"]);
  });
});

describe("Clarification 14. What the API gave back stays given back (rule 27)", () => {
  test.each([
    ["the provider, then the API", (ledger: TestLedger) => (sync(ledger), ledger.deduct(ask))],
    ["the API alone", (ledger: TestLedger) => ledger.deduct(ask)],
  ])("%s: neither an edit nor a late cancellation charges it again", (_, book) => {
    const ledger = start();
    book(ledger);
    expect(ledger.restore({ ...ask, amount: 1 })).toMatchObject({ reason_code: "restored" });
    tell(ledger, before(30), { ends_at: STARTS_AT + 2 * HOUR });
    tell(ledger, before(2), { status: "cancelled" });
    expect(left(ledger)).toBe(10);
  });

  test("taken again by the API, it stays taken", () => {
    const ledger = start();
    sync(ledger);
    ledger.restore({ ...ask, amount: 1 });
    ledger.deduct(ask);
    tell(ledger, before(30), { ends_at: STARTS_AT + 2 * HOUR });
    expect(left(ledger)).toBe(9);
  });

  test("booked afresh, it is charged afresh", () => {
    const ledger = start();
    sync(ledger);
    ledger.restore({ ...ask, amount: 1 });
    tell(ledger, before(30), { status: "cancelled" });
    tell(ledger, before(28));
    expect(left(ledger)).toBe(9);
  });

  test("a hold that the API gives back is released, in part too", () => {
    const ledger = start();
    tell(ledger, BOOKED_AT, { calendar_id: "pool" });
    tell(ledger, before(20), { calendar_id: "pool", status: "showed" });
    ledger.now = before(25);
    expect(ledger.restore({ external_ref: "b", amount: 2 })).toMatchObject({ reason_code: "restored" });
    expect(typesOf(ledger)).toEqual(["hold", "settle_used", "unsettle_used", "release", "settle_used"]);
    expect([left(ledger), ledger.lot("lot").held]).toEqual([9, 0]);
    ledger.restore({ external_ref: "b", amount: 1 });
    expect([left(ledger), ledger.lot("lot").held]).toEqual([10, 0]);
  });

  test("a part that goes back into a lot that is gone is made good at once, and the rest stays settled", () => {
    const ledger = start();
    tell(ledger, BOOKED_AT, { calendar_id: "pool" });
    tell(ledger, STARTS_AT, { calendar_id: "pool", status: "showed" });
    ledger.seed({ ...ledger.lot("lot"), expires_at: STARTS_AT + HOUR });
    ledger.now = STARTS_AT + DAY;
    ledger.settle();
    ledger.restore({ external_ref: "b", amount: 2, appointment_time: STARTS_AT + 9 * DAY });
    expect(typesOf(ledger).slice(2)).toEqual(["unsettle_used", "release", "make_good", "settle_used"]);
  });
});

test("restores never exceed deductions, whichever way they were charged and given back (rules 6, 31)", () => {
  const ledger = start();
  sync(ledger);
  ledger.deduct({ ...ask, amount: 2 });
  tell(ledger, before(48), { status: "cancelled" });
  expect(ledger.restore({ external_ref: "b", amount: 1 })).toMatchObject({ reason_code: "NOTHING_TO_RESTORE" });
  tell(ledger, before(47), { status: "invalid" });
  expect(left(ledger)).toBe(10);
});
