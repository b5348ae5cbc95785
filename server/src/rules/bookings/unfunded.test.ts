import { describe, expect, test } from "vitest";
import { MemberBooks } from "../credits/member-books.ts";
import { TestLedger } from "../credits/testing-ledger.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { at, catalogOf, lotOf, membershipOf, packOf } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import { settleAwaiting } from "./settle-awaiting.ts";
import { bookingIn, BOOKED_AT, settleUnfunded, STARTS_AT, sync, tell, typesOf } from "./testing-bookings.ts";

const pack = packOf("pack", { no_show_penalty: 1 });
const spa = packOf("spa", { calendars: ["spa"] });

function start(lots = [lotOf({ available: 0 })], configs = [pack, spa], policy = {}) {
  return new TestLedger(catalogOf(configs, policy), BOOKED_AT, lots);
}

/** What every grant does when it has granted. */
function awaiting(ledger: TestLedger) {
  const rule = ({ member, catalog }: Facts, _: unknown, context: Context): Decision => {
    const books = new MemberBooks(member!);
    settleAwaiting(books, catalog, context);
    return { outcome: { reason_code: "due_settled" }, changes: books.changes(), member: books.member() };
  };
  return ledger.decide(rule, null, ledger.facts());
}

describe("Rule 30. A booking that cannot be charged is recorded as unfunded, with its reason", () => {
  test.each([
    ["nothing left", [lotOf({ available: 0 })], "yoga", "INSUFFICIENT_CREDITS", null],
    ["nothing at all", [], "yoga", "NO_ENTITLEMENT", null],
    [
      "credits for other calendars",
      [lotOf({ product_config_id: "spa" })],
      "yoga",
      "SERVICE_FAMILY_MISMATCH",
      "SERVICE_FAMILY_MISMATCH",
    ],
    ["no product covers that calendar", [lotOf()], "sauna", "CONFIG_NOT_FOUND", "SERVICE_FAMILY_MISMATCH"],
    ["expired by then", [lotOf({ expires_at: STARTS_AT })], "yoga", "NO_ENTITLEMENT", "ENTITLEMENT_EXPIRED"],
    ["not valid yet", [lotOf({ effective_at: STARTS_AT + 1 })], "yoga", "NO_ENTITLEMENT", "NOT_YET_ACTIVE"],
    ["paused", [lotOf({ state: "paused" })], "yoga", "NO_ENTITLEMENT", "ENTITLEMENT_PAUSED"],
  ] as const)("%s", (_, lots, calendar_id, reason, detail) => {
    const ledger = start([...lots]);
    expect(sync(ledger, { calendar_id })).toMatchObject({
      reason_code: "booking_unfunded",
      status: "confirmed",
      movements: [],
      unfunded: { reason, detail },
    });
    expect(bookingIn(ledger)).toMatchObject({ unfunded: { since: BOOKED_AT, awaits_period: false }, settles_at: null });
    expect(ledger.entries).toEqual([]);
  });

  test("expired but unswept is not spendable, and swept or not the reason is the same", () => {
    const expired = lotOf({ expires_at: at("2026-11-10T00:00") });
    const outcomes = [false, true].map((is_swept) => {
      const ledger = start([expired]);
      ledger.now = at("2026-11-12T09:00");
      if (is_swept) ledger.settle();
      return sync(ledger, { starts_at: at("2026-11-09T18:00"), ends_at: null });
    });
    expect(outcomes[0]).toMatchObject({ unfunded: { reason: "NO_ENTITLEMENT", detail: "ENTITLEMENT_EXPIRED" } });
    expect(outcomes[1]).toEqual(outcomes[0]);
  });

  test("cancelled in time it deserves nothing and is nobody's concern any more", () => {
    const ledger = start();
    sync(ledger);
    tell(ledger, STARTS_AT - 30 * HOUR, { status: "cancelled" });
    expect(bookingIn(ledger).unfunded).toBeNull();
  });

  test("over and booked again: only the new one is charged, then and later", () => {
    const ledger = start();
    sync(ledger);
    tell(ledger, STARTS_AT - 3 * HOUR, { status: "cancelled" });
    expect(bookingIn(ledger).unfunded).not.toBeNull();
    ledger.grant("pack", { paid_at: ledger.now });
    tell(ledger, STARTS_AT - 2 * HOUR);
    expect(typesOf(ledger)).toEqual(["hold"]);
    tell(ledger, STARTS_AT, { status: "showed" });
    expect(typesOf(ledger)).toEqual(["hold", "settle_used"]);
  });

  test("the same delivery again does not charge it, the next word of it does", () => {
    const ledger = start();
    sync(ledger);
    ledger.seed(lotOf());
    expect(sync(ledger)).toMatchObject({ reason_code: "duplicate_event" });
    tell(ledger, STARTS_AT, { status: "showed" });
    expect(typesOf(ledger)).toEqual(["hold", "settle_used"]);
  });
});

describe("Rule 30. Staff settle it when credits have come", () => {
  test.each([
    ["confirmed", "confirmed", BOOKED_AT, ["hold"]],
    ["showed", "showed", STARTS_AT, ["hold", "settle_used"]],
    ["no-show, with its penalty", "noshow", STARTS_AT, ["hold", "settle_no_show", "deduct"]],
    ["cancelled late", "cancelled", STARTS_AT - HOUR, ["hold", "settle_late_cancel"]],
    ["without a final status", "confirmed", STARTS_AT + 3 * DAY, ["hold", "settle_used"]],
  ] as const)("as its status deserves: %s", (_, status, now, types) => {
    const ledger = start();
    tell(ledger, now, { status });
    ledger.seed(lotOf());
    expect(settleUnfunded(ledger)).toMatchObject({
      reason_code: "booking_settled",
      movements: [{ entitlement_id: "lot", amount: 1 }],
    });
    expect(typesOf(ledger)).toEqual(types);
    expect(bookingIn(ledger).unfunded).toBeNull();
    expect(settleUnfunded(ledger)).toEqual({ reason_code: "NOTHING_TO_SETTLE" });
  });

  test("without credits it is refused, and an unknown booking is NOT_FOUND", () => {
    const ledger = start();
    sync(ledger);
    expect(settleUnfunded(ledger)).toMatchObject({ reason_code: "INSUFFICIENT_CREDITS" });
    expect(settleUnfunded(ledger, "nobody's")).toEqual({ reason_code: "NOT_FOUND" });
    ledger.is_billing_live = false;
    expect(settleUnfunded(ledger)).toEqual({ reason_code: "BILLING_SUSPENDED" });
  });
});

describe("Clarification 23. What settles by itself when credits come (rule 30)", () => {
  const gold = membershipOf("gold", { monthly_credits: 1 });
  const december = { starts_at: at("2026-12-10T18:00"), added_at: BOOKED_AT };

  test("a booking in a period that is not open yet is settled by the renewal, oldest first", () => {
    const ledger = start([], [gold]);
    ledger.grant("gold");
    ledger.now = BOOKED_AT + HOUR;
    sync(ledger, { ...december, external_id: "second", added_at: BOOKED_AT + HOUR, updated_at: BOOKED_AT + HOUR });
    sync(ledger, { ...december, external_id: "first" });
    expect(bookingIn(ledger, "first").unfunded).toMatchObject({ awaits_period: true });

    ledger.now = at("2026-12-02T09:00");
    ledger.grant("gold");
    awaiting(ledger);
    expect(ledger.entries.filter(({ type }) => type === "hold")).toMatchObject([
      { external_ref: "first", occurred_at: at("2026-12-02T00:00") },
    ]);
    expect(bookingIn(ledger, "second").unfunded).toMatchObject({
      reason: "INSUFFICIENT_CREDITS",
      awaits_period: false,
      since: BOOKED_AT + HOUR,
    });
  });

  test("a renewal by the schedule settles it too, and as nobody's request", () => {
    const scheduled = membershipOf("gold", { monthly_credits: 1, renewal: "schedule" });
    const ledger = start([], [scheduled]);
    ledger.grant("gold");
    sync(ledger, december);
    expect(bookingIn(ledger).unfunded).toMatchObject({ awaits_period: true });
    ledger.now = at("2026-12-03T09:00");
    ledger.deduct({ calendar_id: "yoga" });
    expect(bookingIn(ledger).unfunded).toBeNull();
    const holds = ledger.entries.filter(({ type }) => type === "hold");
    expect(holds).toMatchObject([{ external_ref: "b", is_due: true, occurred_at: at("2026-12-02T00:00") }]);
  });

  test("what is bought beside it does not pay for a booking that waits for the renewal", () => {
    const ledger = start([], [gold, pack]);
    ledger.grant("gold");
    sync(ledger, december);
    ledger.now = at("2026-11-20T09:00");
    ledger.grant("pack");
    awaiting(ledger);
    expect(typesOf(ledger)).toEqual([]);
  });

  test("a membership that ends before the date is not waited for", () => {
    const ledger = start([], [gold]);
    ledger.grant("gold");
    const [membership] = [...ledger.memberships.values()];
    ledger.memberships.set(membership!.id, { ...membership!, ends_at: membership!.open_until });
    sync(ledger, december);
    expect(bookingIn(ledger).unfunded).toMatchObject({ awaits_period: false });
  });

  test("credits that were paid for before it was booked, and that we heard of later", () => {
    const ledger = start();
    sync(ledger, { updated_at: BOOKED_AT });
    ledger.now += HOUR;
    ledger.grant("pack", { paid_at: BOOKED_AT - HOUR });
    awaiting(ledger);
    // As it would have been, had the payment been heard of first: the booking's provider told of it.
    expect(ledger.entries.at(-1)).toMatchObject({ type: "hold", occurred_at: BOOKED_AT, told_by: "ghl", is_due: true });
    expect(bookingIn(ledger)).toMatchObject({ unfunded: null, settles_at: STARTS_AT + HOUR + DAY });
  });

  test.each([
    ["showed", "settle_used"],
    ["noshow", "settle_no_show"],
    ["cancelled", "settle_late_cancel"],
  ] as const)("what %s is true since its provider said so, however late the credits are heard of", (status, type) => {
    const told_at = STARTS_AT - 5 * HOUR;
    for (const [paid_at, settled_at] of [
      [BOOKED_AT - HOUR, told_at],
      [told_at + HOUR, told_at + HOUR],
    ] as const) {
      const ledger = start([], [packOf("pack")], { auto_settle: true });
      tell(ledger, told_at, { status });
      ledger.now = told_at + 3 * DAY;
      ledger.grant("pack", { paid_at });
      awaiting(ledger);
      expect(ledger.entries.find((entry) => entry.type === type)).toMatchObject({ occurred_at: settled_at });
    }
  });

  test("credits paid for later wait for staff, unless the location says auto_settle", () => {
    for (const auto_settle of [false, true]) {
      const ledger = start([], [pack], { auto_settle });
      sync(ledger);
      ledger.now += HOUR;
      ledger.grant("pack");
      awaiting(ledger);
      expect(typesOf(ledger)).toEqual(auto_settle ? ["hold"] : []);
    }
  });

  test.each([true, false])(
    "bookings that one grant settles count each for itself (rule 12), in one batch: %s",
    (is_batch) => {
      const limited = packOf("pack", { limits: { per_day: 3 } });
      const ledger = start([], [limited], { auto_settle: true });
      for (const external_id of ["a", "b"]) sync(ledger, { external_id });
      ledger.is_batch = is_batch;
      ledger.now += HOUR;
      ledger.grant("pack");
      awaiting(ledger);
      const deduct = () =>
        ledger.deduct({ calendar_id: "yoga", amount: 1, appointment_time: STARTS_AT }).outcome.reason_code;
      expect([deduct(), deduct()]).toEqual(["deducted", "NO_ENTITLEMENT"]);
      tell(ledger, ledger.now, { external_id: "a", status: "cancelled" });
      expect([deduct(), deduct()]).toEqual(["deducted", "NO_ENTITLEMENT"]);
    },
  );
});
