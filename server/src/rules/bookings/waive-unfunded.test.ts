import { expect, test } from "vitest";
import { TestLedger } from "../credits/testing-ledger.ts";
import { catalogOf, lotOf, packOf } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import { BOOKED_AT, bookingIn, settleUnfunded, STARTS_AT, sync, tell, typesOf } from "./testing-bookings.ts";
import { decideWaive } from "./waive-unfunded.ts";

function start() {
  const ledger = new TestLedger(catalogOf([packOf("pack")], { auto_settle: true }), BOOKED_AT, [
    lotOf({ available: 0 }),
  ]);
  sync(ledger);
  return ledger;
}

function waive(ledger: TestLedger, external_id = "b") {
  return ledger.decide(decideWaive, { external_id, reason: "a trial class" }, ledger.facts(external_id));
}

test("Rule 30. A booking that staff let go costs nothing, whatever its provider tells of it and whatever credits come", () => {
  const ledger = start();
  const { outcome, changes } = waive(ledger);
  expect(outcome).toEqual({ reason_code: "booking_waived", booking: "b" });
  expect(changes?.audits).toMatchObject([{ action: "waive_booking", after: { reason: "a trial class" } }]);
  ledger.grant("pack");
  tell(ledger, STARTS_AT + HOUR, { status: "showed" });
  tell(ledger, STARTS_AT + DAY, { status: "noshow" });
  expect(typesOf(ledger)).toEqual([]);
  expect(bookingIn(ledger)).toMatchObject({ unfunded: null, settles_at: null });
  expect(settleUnfunded(ledger)).toEqual({ reason_code: "NOTHING_TO_SETTLE" });
});

test("Rules 29, 30. Cancelled and booked anew it is a new generation, and charged", () => {
  const ledger = start();
  waive(ledger);
  ledger.grant("pack");
  tell(ledger, BOOKED_AT + DAY, { status: "cancelled" });
  tell(ledger, BOOKED_AT + 2 * DAY, { status: "confirmed" });
  expect(typesOf(ledger)).toEqual(["hold"]);
});

test("Rule 30. What is charged, unknown, or let go already is left as it is", () => {
  const ledger = start();
  waive(ledger);
  expect(waive(ledger).outcome).toEqual({ reason_code: "NOTHING_TO_SETTLE" });
  expect(waive(ledger, "unknown").outcome).toEqual({ reason_code: "NOT_FOUND" });
  ledger.is_billing_live = false;
  expect(waive(ledger).outcome).toEqual({ reason_code: "BILLING_SUSPENDED" });
});
