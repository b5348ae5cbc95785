import { expect, test } from "vitest";
import { TestLedger } from "../credits/testing-ledger.ts";
import { catalogOf, lotOf, packOf } from "../testing.ts";
import { HOUR } from "../time/local-days.ts";
import { decideSettleAll } from "./settle-all-unfunded.ts";
import { BOOKED_AT, bookingIn, sync } from "./testing-bookings.ts";

function start(available: number) {
  const ledger = new TestLedger(catalogOf([packOf("pack")]), BOOKED_AT, [lotOf({ available: 0 })]);
  for (const [i, external_id] of ["first", "second", "third"].entries()) {
    sync(ledger, { external_id, added_at: BOOKED_AT - (3 - i) * HOUR, updated_at: BOOKED_AT - (3 - i) * HOUR });
  }
  if (available > 0) ledger.seed(lotOf({ id: "new", available }));
  return ledger;
}

const settle = (ledger: TestLedger, booking_ids?: string[]) =>
  ledger.decide(decideSettleAll, { booking_ids }, ledger.facts()).outcome;

test("Rule 30. Each booking has what the ones before it left, and what cannot be charged says why", () => {
  const ledger = start(2);
  expect(settle(ledger)).toMatchObject({
    reason_code: "booking_settled",
    settled: [
      { booking: "first", movements: [{ entitlement_id: "new", amount: 1 }] },
      { booking: "second", movements: [{ entitlement_id: "new", amount: 1 }] },
    ],
    left: [{ booking: "third", reason_code: "INSUFFICIENT_CREDITS" }],
  });
  expect(["first", "second", "third"].map((id) => bookingIn(ledger, id).unfunded === null)).toEqual([
    true,
    true,
    false,
  ]);
});

test("Rule 30. Only those that are named are meant; where none can be charged, none is", () => {
  const ledger = start(1);
  expect(settle(ledger, ["second"])).toMatchObject({ settled: [{ booking: "second" }], left: [] });
  expect(settle(ledger, ["third"])).toMatchObject({ reason_code: "INSUFFICIENT_CREDITS", booking: "third" });
  expect(settle(ledger, ["second"])).toEqual({ reason_code: "NOTHING_TO_SETTLE" });
});
