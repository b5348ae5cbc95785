import { describe, expect, test } from "vitest";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { TestLedger } from "../credits/testing-ledger.ts";
import { at, catalogOf, lotOf, membershipOf, packOf } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import { bookingIn, BOOKED_AT, settleBooking, STARTS_AT, sync, tell, typesOf } from "./testing-bookings.ts";

const before = (hours: number) => STARTS_AT - hours * HOUR;

function start(terms = {}, lots = [lotOf()]) {
  const configs = [
    packOf("pack", { calendars: ["yoga", "pool"], cost_by_calendar: { pool: 3 }, ...terms }),
    packOf("spa", { calendars: ["spa"] }),
  ];
  const ledger = new TestLedger(catalogOf(configs), BOOKED_AT, lots);
  return ledger;
}
const balances = ({ available, held }: { available: number; held: number }) => [available, held];

describe("Rule 27. What a status deserves is posted, as the difference to what was posted", () => {
  test("confirmed: held, true since it was booked, with its service date and its reference", () => {
    const ledger = start();
    ledger.now += HOUR;
    expect(sync(ledger)).toMatchObject({
      reason_code: "booking_synced",
      movements: [{ type: "hold", entitlement_id: "lot", amount: 1 }],
    });
    expect(ledger.entries).toMatchObject([
      { type: "hold", occurred_at: BOOKED_AT, service_on: "2026-11-20", external_ref: "b", reason: "booked" },
    ]);
    expect(balances(ledger.lot("lot"))).toEqual([9, 1]);
    expect(bookingIn(ledger)).toMatchObject({ status: "confirmed", unfunded: null, flags: [], generation: 1 });
  });

  test.each([
    ["showed", "settle_used", STARTS_AT + HOUR, 9],
    ["noshow", "settle_no_show", STARTS_AT + HOUR, 9],
    ["cancelled", "release", before(24), 10],
    ["cancelled", "settle_late_cancel", before(24) + 1, 9],
    ["invalid", "release", before(1), 10],
    ["deleted", "release", STARTS_AT + HOUR, 10],
  ] as const)("%s: %s", (status, type, told_at, available) => {
    const ledger = start();
    sync(ledger);
    tell(ledger, told_at, { status });
    expect(typesOf(ledger)).toEqual(["hold", type]);
    expect(ledger.entries.at(-1)).toMatchObject({ occurred_at: told_at, reverses: 1 });
    expect(balances(ledger.lot("lot"))).toEqual([available, 0]);
    expect(bookingIn(ledger)).toMatchObject({ status, settles_at: null });
  });

  test.each([
    ["no-show to showed", "noshow", "showed", ["unsettle_no_show", "settle_used"], [9, 0]],
    ["showed to confirmed", "showed", "confirmed", ["unsettle_used"], [9, 1]],
    ["showed to invalid", "showed", "invalid", ["unsettle_used", "release"], [10, 0]],
    [
      "no-show to cancelled, after its start",
      "noshow",
      "cancelled",
      ["unsettle_no_show", "settle_late_cancel"],
      [9, 0],
    ],
  ] as const)("a correction of %s", (_, first, then, types, expected) => {
    const ledger = start();
    sync(ledger);
    tell(ledger, STARTS_AT + HOUR, { status: first });
    const so_far = typesOf(ledger).length;
    tell(ledger, STARTS_AT + 2 * HOUR, { status: then });
    expect(typesOf(ledger).slice(so_far)).toEqual(types);
    expect(balances(ledger.lot("lot"))).toEqual(expected);
    expect(brokenInvariants(seeded(ledger))).toEqual([]);
  });

  test("a delivery that was told before changes nothing: duplicate_event", () => {
    const ledger = start();
    sync(ledger);
    tell(ledger, before(1), { status: "cancelled" });
    const entries = ledger.entries.length;
    for (const version of [{}, { status: "cancelled", updated_at: before(1) } as const]) {
      expect(sync(ledger, version)).toEqual({ reason_code: "duplicate_event", booking: "b" });
    }
    expect(ledger.entries).toHaveLength(entries);
    expect(ledger.booking_versions).toHaveLength(2);
  });

  test("what is older than the last update is kept, and posts nothing but what follows from it", () => {
    const ledger = start();
    ledger.now = STARTS_AT;
    sync(ledger, { updated_at: before(20), status: "cancelled" });
    expect(typesOf(ledger)).toEqual(["hold", "settle_late_cancel"]);
    sync(ledger, { updated_at: before(30), status: "cancelled" });
    expect(typesOf(ledger)).toEqual(["hold", "settle_late_cancel", "unsettle_late_cancel", "release"]);
    expect(sync(ledger)).toMatchObject({ reason_code: "booking_synced", movements: [] });
  });

  test("while billing is suspended nothing is recorded", () => {
    const ledger = start();
    ledger.is_billing_live = false;
    expect(sync(ledger)).toEqual({ reason_code: "BILLING_SUSPENDED" });
    expect([ledger.booking_versions, ledger.entries, [...ledger.appointments]]).toEqual([[], [], []]);
  });

  test("an unlimited membership covers it as usage, and gives it back as usage", () => {
    const ledger = new TestLedger(catalogOf([membershipOf("gold", { monthly_credits: "unlimited" })]), BOOKED_AT);
    ledger.grant("gold");
    tell(ledger, BOOKED_AT, { starts_at: at("2026-11-20T18:00") });
    tell(ledger, before(48), { status: "cancelled" });
    expect(typesOf(ledger)).toEqual(["usage", "usage_restore"]);
  });
});

/** Lots that were seeded have no grant entry: the audit is given one. */
function seeded(ledger: TestLedger): TestLedger {
  const entry = { ...ledger.entries[0]!, type: "grant", amount: 10, reverses: null, external_ref: null } as const;
  const twin = new TestLedger(ledger.catalog, ledger.now, ledger.lots);
  twin.entries.push({ ...entry, entry_number: 1, balance_after: 10 });
  for (const other of ledger.entries) {
    const reverses = other.reverses === null ? null : other.reverses + 1;
    twin.entries.push({ ...other, entry_number: other.entry_number + 1, reverses });
  }
  return twin;
}

describe("Clarification 1. Without a final status it counts as used a day after its end (rule 27)", () => {
  const due = STARTS_AT + HOUR + DAY;

  test("the job settles it then, true since then, and not a moment before", () => {
    const ledger = start();
    sync(ledger);
    expect(bookingIn(ledger).settles_at).toBe(due);
    ledger.now = due - 1;
    expect(settleBooking(ledger)).toMatchObject({ reason_code: "NOTHING_TO_SETTLE" });
    ledger.now = due + 5 * DAY;
    expect(settleBooking(ledger)).toMatchObject({ reason_code: "booking_settled" });
    expect(ledger.entries.at(-1)).toMatchObject({ type: "settle_used", occurred_at: due, is_due: true });
    expect(bookingIn(ledger)).toMatchObject({ status: "confirmed", settles_at: null });
    expect(settleBooking(ledger)).toMatchObject({ reason_code: "NOTHING_TO_SETTLE" });
  });

  test("a booking that we hear of only then is held and settled at once, and marked as told late", () => {
    const ledger = start();
    ledger.now = due;
    sync(ledger);
    expect(ledger.entries).toMatchObject([
      { type: "hold", occurred_at: BOOKED_AT },
      { type: "settle_used", occurred_at: due },
    ]);
    expect(bookingIn(ledger)).toMatchObject({ flags: ["late"], settles_at: null });
  });

  test.each([
    ["within a day", DAY, []],
    ["later", DAY + 1, ["late"]],
  ] as const)(
    "what we hear of %s after it was true, of a booking that we know: staff see that it was late",
    (_, after, flags) => {
      const ledger = start();
      sync(ledger);
      ledger.now = BOOKED_AT + HOUR + after;
      sync(ledger, { status: "cancelled", updated_at: BOOKED_AT + HOUR });
      expect(bookingIn(ledger).flags).toEqual(flags);
    },
  );

  test("a booking from before there were any books is taken over, and is not late", () => {
    const ledger = start({}, []);
    ledger.now = BOOKED_AT + 3 * DAY;
    sync(ledger);
    expect(bookingIn(ledger).flags).toEqual([]);
  });

  test("a final status that comes after that corrects it", () => {
    const ledger = start();
    sync(ledger);
    ledger.now = due;
    settleBooking(ledger);
    tell(ledger, due + HOUR, { status: "noshow" });
    expect(typesOf(ledger)).toEqual(["hold", "settle_used", "unsettle_used", "settle_no_show"]);
  });
});

describe("Rule 27. A no-show may cost a penalty", () => {
  test("of the product it was drawn on, beside the booking, and no limit counts it", () => {
    const ledger = start({ no_show_penalty: 2, limits: { per_day: 1 } });
    sync(ledger);
    tell(ledger, STARTS_AT + HOUR, { status: "noshow" });
    expect(ledger.entries.at(-1)).toMatchObject({
      type: "deduct",
      amount: 2,
      reason: "no_show_penalty",
      service_on: null,
    });
    expect(balances(ledger.lot("lot"))).toEqual([7, 0]);
    expect(ledger.usage()).toEqual([{ product_config_id: "pack", service_on: "2026-11-20", bookings: 1 }]);
  });

  test("never below zero, and staff see what is missing", () => {
    const ledger = start({ no_show_penalty: 5 }, [lotOf({ available: 3 })]);
    sync(ledger);
    tell(ledger, STARTS_AT + HOUR, { status: "noshow" });
    expect(balances(ledger.lot("lot"))).toEqual([0, 0]);
    expect(bookingIn(ledger).flags).toEqual(["partly_funded_penalty"]);
  });

  test("given back when the status is corrected, and its flag with it", () => {
    const ledger = start({ no_show_penalty: 5 }, [lotOf({ available: 3 })]);
    sync(ledger);
    tell(ledger, STARTS_AT + HOUR, { status: "noshow" });
    tell(ledger, STARTS_AT + 2 * HOUR, { status: "showed" });
    expect(balances(ledger.lot("lot"))).toEqual([2, 0]);
    expect(bookingIn(ledger).flags).toEqual([]);
    tell(ledger, STARTS_AT + 3 * HOUR, { status: "noshow" });
    expect(balances(ledger.lot("lot"))).toEqual([0, 0]);
  });

  test("a no-show that is told twice costs it once", () => {
    const ledger = start({ no_show_penalty: 2 });
    sync(ledger);
    tell(ledger, STARTS_AT + HOUR, { status: "noshow" });
    tell(ledger, STARTS_AT + 2 * HOUR, { status: "noshow" });
    expect(balances(ledger.lot("lot"))).toEqual([7, 0]);
  });
});
