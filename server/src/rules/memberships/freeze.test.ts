import { describe, expect, test } from "vitest";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { at } from "../testing.ts";
import { localDate } from "../time/local-days.ts";
import { decideFreeze } from "./freeze.ts";
import { openMember } from "./testing-membership.ts";

/** Eight credits from 10 January, boundaries on the 10th. */
function open(terms: object = {}, began = "2026-01-10T15:00", zone = "America/New_York") {
  const member = openMember({ gold: terms }, began, zone);
  const lot = member.pay(began);
  const boundaries = () => member.membership().periods.map(({ end_at }) => localDate(end_at, zone));
  return { ...member, lot: () => member.ledger.lot(lot.id), boundaries };
}

describe("Rule 23. A freeze over local days", () => {
  test("now: period and expiry move by its days when it is planned, and its days cannot be used", () => {
    const member = open();
    member.wait("2026-01-20T09:00");
    expect(member.freeze({ to_on: "2026-01-30" })).toMatchObject({
      reason_code: "membership_frozen",
      freeze: { from_on: "2026-01-20", to_on: "2026-01-30", days: 10, status: "active", is_open: false },
      membership: { is_frozen: true },
    });
    expect(member.lot()).toMatchObject({ expires_at: at("2026-02-20T00:00"), period_end_at: at("2026-02-20T00:00") });
    expect(member.boundaries()).toEqual(["2026-02-20"]);
    expect(member.creditsAt("2026-01-20T09:00")).toBe(0);
    expect(member.creditsAt("2026-01-29T23:59")).toBe(0);
    expect(member.creditsAt("2026-01-30T00:00")).toBe(8);
    expect(member.creditsAt("2026-02-19T23:59")).toBe(8);
    expect(member.entries()).toEqual(["grant 8 @2026-01-10"]);
  });

  test("a booking inside is ENTITLEMENT_PAUSED", () => {
    const member = open();
    member.wait("2026-01-20T09:00");
    member.freeze({ to_on: "2026-01-30" });
    expect(member.use("2026-01-25T09:00")).toMatchObject({
      reason_code: "NO_ENTITLEMENT",
      detail: "ENTITLEMENT_PAUSED",
    });
  });

  test("ahead: usable until then, and unfrozen by the clock alone at local midnight", () => {
    const member = open();
    expect(member.freeze({ from_on: "2026-02-01", to_on: "2026-02-15" })).toMatchObject({
      freeze: { status: "planned" },
    });
    expect(member.creditsAt("2026-01-31T23:59")).toBe(8);
    expect(member.creditsAt("2026-02-01T00:00")).toBe(0);
    member.settle("2026-02-15T00:00");
    expect(member.membership().freezes).toMatchObject([{ status: "ended" }]);
    expect(member.creditsAt("2026-02-15T00:00")).toBe(8);
    expect(member.boundaries()).toEqual(["2026-02-24"]);
  });

  test("no boundary passes inside: nothing is granted, nothing falls past due", () => {
    const member = open({ renewal: "schedule" });
    member.freeze({ from_on: "2026-02-10", to_on: "2026-03-10" });
    member.settle("2026-03-09T23:59");
    expect(member.membership()).toMatchObject({ status: "active", open_until: at("2026-03-10T00:00") });
    expect(member.entries()).toEqual(["grant 8 @2026-01-10"]);
    member.settle("2026-03-10T00:00");
    expect(member.entries()).toEqual(["grant 8 @2026-01-10", "grant 8 @2026-03-10", "expire 8 @2026-03-10"]);
  });

  test("open: planned to max_days, and ends itself there", () => {
    const member = open({ freeze: { max_days: 20 } });
    expect(member.freeze({ from_on: "2026-01-15" })).toMatchObject({
      freeze: { to_on: "2026-02-04", days: 20, is_open: true },
    });
    expect(member.creditsAt("2026-02-03T23:59")).toBe(0);
    expect(member.creditsAt("2026-02-04T00:00")).toBe(8);
  });

  test("an early end counts only the days really frozen", () => {
    const member = open();
    member.wait("2026-01-20T09:00");
    member.freeze();
    member.wait("2026-01-25T18:00");
    expect(member.unfreeze()).toMatchObject({
      reason_code: "membership_unfrozen",
      freeze: { from_on: "2026-01-20", to_on: "2026-01-25", days: 5, status: "ended" },
    });
    expect(member.boundaries()).toEqual(["2026-02-15"]);
    expect(member.lot().expires_at).toBe(at("2026-02-15T00:00"));
    expect(member.creditsAt("2026-01-25T18:00")).toBe(8);
  });

  test("an early end ahead of its day shortens the plan", () => {
    const member = open();
    member.freeze({ from_on: "2026-01-20", to_on: "2026-01-30" });
    expect(member.unfreeze({ on: "2026-01-22" })).toMatchObject({ freeze: { days: 2, status: "planned" } });
    expect(member.boundaries()).toEqual(["2026-02-12"]);
  });

  test("one that has not begun is cancelled, and all is as it was", () => {
    const member = open({ expiry_days: 7 });
    const before = [member.lot(), member.membership().periods];
    member.freeze({ from_on: "2026-02-12", to_on: "2026-02-20" });
    expect(member.lot().expires_at).toBe(at("2026-02-25T00:00"));
    expect(member.unfreeze()).toMatchObject({ freeze: { status: "cancelled", days: 0 } });
    expect([member.lot(), member.membership().periods]).toEqual(before);
  });

  test("a lot that had expired before is not revived", () => {
    const member = open();
    member.settle("2026-02-18T09:00");
    member.pay("2026-02-18T09:00");
    member.freeze({ to_on: "2026-03-01" });
    expect(member.lot()).toMatchObject({ available: 0, live: false, expires_at: at("2026-02-17T00:00") });
  });

  test("several freezes add up, a later one that moves along with an earlier one too", () => {
    const member = open();
    member.freeze({ from_on: "2026-02-15", to_on: "2026-02-20" });
    expect(member.boundaries()).toEqual(["2026-02-10"]);
    member.freeze({ from_on: "2026-01-20", to_on: "2026-01-30" });
    expect(member.boundaries()).toEqual(["2026-02-25"]);
    member.unfreeze();
    expect(member.boundaries()).toEqual(["2026-02-10"]);
  });

  test("boundaries go on from the original anchor: 31 January, ten frozen days, 10 March, 10 April", () => {
    const member = open({ renewal: "schedule" }, "2026-01-31T15:00");
    member.freeze({ from_on: "2026-02-05", to_on: "2026-02-15" });
    member.settle("2026-05-20T00:00");
    expect(member.boundaries()).toEqual(["2026-03-10", "2026-04-10", "2026-05-10", "2026-06-10"]);
  });

  test.each([
    // Clocks go forward on 8 March, back on 1 November.
    ["America/New_York", "2026-03-01T10:00", "2026-03-05", "2026-03-12", "2026-04-08"],
    ["America/New_York", "2026-10-05T10:00", "2026-10-30", "2026-11-03", "2026-11-09"],
    // Half an hour, on 5 April and 4 October.
    ["Australia/Lord_Howe", "2026-03-28T10:00", "2026-04-01", "2026-04-08", "2026-05-05"],
    ["Australia/Lord_Howe", "2026-09-20T10:00", "2026-10-01", "2026-10-08", "2026-10-27"],
    // Over midnight, on 4 April and 5 September; 6 September begins at one.
    ["America/Santiago", "2026-03-20T10:00", "2026-04-01", "2026-04-08", "2026-04-27"],
    ["America/Santiago", "2026-08-20T10:00", "2026-08-27", "2026-09-06", "2026-09-30"],
    ["America/New_York", "2028-01-31T10:00", "2028-02-10", "2028-02-12", "2028-03-02"],
  ])("in %s since %s, from %s to %s: local days, whatever the clocks do", (zone, began, from_on, to_on, boundary) => {
    const member = open({}, began, zone);
    member.freeze({ from_on, to_on });
    expect(member.lot().expires_at).toBe(at(`${boundary}T00:00`, zone));
    const [begin, end] = [from_on, to_on].map((date) => at(`${date}T00:00`, zone));
    expect([begin! - 1, begin!, end! - 1, end!].map((when) => member.creditsAt(when))).toEqual([8, 0, 0, 8]);
  });
});

describe("Rule 23. What a freeze refuses", () => {
  test("FREEZE_OVERLAPS: another freeze in the way; one that touches it is none", () => {
    const member = open();
    member.freeze({ from_on: "2026-01-20", to_on: "2026-01-30" });
    expect(member.freeze({ from_on: "2026-01-29", to_on: "2026-02-05" })).toMatchObject({
      reason_code: "FREEZE_OVERLAPS",
      from_on: "2026-01-20",
    });
    expect(member.freeze({ from_on: "2026-01-30", to_on: "2026-02-05" }).reason_code).toBe("membership_frozen");
  });

  test("FREEZE_LIMIT_REACHED: longer than max_days, or one more than max_per_year begun in twelve rolling months", () => {
    const member = open({ renewal: "schedule", freeze: { max_days: 30, max_per_year: 2 } });
    expect(member.freeze({ from_on: "2026-02-01", to_on: "2026-03-04" })).toMatchObject({
      reason_code: "FREEZE_LIMIT_REACHED",
      max_days: 30,
    });
    expect(member.freeze({ from_on: "2026-02-01", to_on: "2026-02-10" }).reason_code).toBe("membership_frozen");
    expect(member.freeze({ from_on: "2026-12-01", to_on: "2026-12-02" }).reason_code).toBe("membership_frozen");
    const third = { from_on: "2027-01-31", to_on: "2027-02-02" };
    expect(member.freeze(third)).toMatchObject({ reason_code: "FREEZE_LIMIT_REACHED", max_per_year: 2 });
    expect(member.freeze({ from_on: "2027-02-01", to_on: "2027-02-02" }).reason_code).toBe("membership_frozen");
  });

  test("a cancelled freeze counts towards no limit", () => {
    const member = open({ freeze: { max_per_year: 1 } });
    member.freeze({ from_on: "2026-02-01", to_on: "2026-02-10" });
    member.unfreeze();
    expect(member.freeze({ from_on: "2026-02-02", to_on: "2026-02-10" }).reason_code).toBe("membership_frozen");
  });

  test("USED_INSIDE_FREEZE: back-dated over a day on which something was used", () => {
    const member = open();
    member.use("2026-01-15T09:00");
    member.wait("2026-01-20T09:00");
    expect(member.freeze({ from_on: "2026-01-15" })).toMatchObject({
      reason_code: "USED_INSIDE_FREEZE",
      used_on: "2026-01-15",
    });
    expect(member.freeze({ from_on: "2026-01-16" }).reason_code).toBe("membership_frozen");
  });

  test("without a date it begins today, or tomorrow where something was used today", () => {
    const member = open();
    member.wait("2026-01-20T09:00");
    member.use("2026-01-20T18:00");
    expect(member.freeze()).toMatchObject({ freeze: { from_on: "2026-01-21", status: "planned" } });
  });

  test("MEMBERSHIP_NOT_ACTIVE: unpaid since before; NOT_FROZEN: nothing to unfreeze; MEMBERSHIP_NOT_FOUND: another id", () => {
    const member = open();
    expect(member.unfreeze()).toMatchObject({ reason_code: "NOT_FROZEN" });
    member.settle("2026-02-12T09:00");
    expect(member.freeze()).toMatchObject({ reason_code: "MEMBERSHIP_NOT_ACTIVE", status: "past_due" });
    const other = { membership_id: "another" };
    expect(member.command(decideFreeze, other)).toMatchObject({ reason_code: "MEMBERSHIP_NOT_FOUND" });
  });

  test.each([
    ["more than 28 days ago", "2026-03-20T09:00", { from_on: "2026-02-19" }, "from_on"],
    ["before the membership began", "2026-01-20T09:00", { from_on: "2026-01-09" }, "from_on"],
    ["that ends before it begins", "2026-01-20T09:00", { from_on: "2026-01-25", to_on: "2026-01-25" }, "to_on"],
    ["years ahead", "2026-01-20T09:00", { from_on: "2029-01-25" }, "from_on"],
  ])("one %s is not well-formed", (_, now, ask, field) => {
    const member = open({ renewal: "schedule" });
    member.wait(now);
    expect(() => member.freeze(ask)).toThrow(`"field":"${field}"`);
  });
});

describe("Rule 23. Back-dated: what time did inside is taken back", () => {
  test("entries booked to expired since then are reversed (clarification 20)", () => {
    const member = open({ grace_days: 0 });
    member.settle("2026-02-20T09:00");
    expect(member.membership().status).toBe("suspended");
    expect(member.freeze({ from_on: "2026-02-05", to_on: "2026-03-05" }).reason_code).toBe("membership_frozen");
    expect(member.ledger.entries.at(-1)).toMatchObject({ type: "reinstate", amount: 8, reverses: 2 });
    expect(member.lot()).toMatchObject({ available: 8, live: true, expires_at: at("2026-03-10T00:00") });
    expect(member.membership()).toMatchObject({ status: "active", open_until: at("2026-03-10T00:00") });
    expect(member.creditsAt("2026-03-05T09:00")).toBe(8);
    expect(brokenInvariants(member.ledger)).toEqual([]);
  });

  test("a renewal inside is moved behind, and what had rolled over is moved back", () => {
    const member = open({ renewal: "schedule", rollover: { cap: 3 } });
    member.settle("2026-02-20T09:00");
    member.freeze({ from_on: "2026-02-05", to_on: "2026-02-25" });
    expect(member.entries().slice(-2)).toEqual(["transfer 3 @2026-02-20", "reinstate 5 @2026-02-20"]);
    expect(member.lot()).toMatchObject({ available: 8, expires_at: at("2026-03-02T00:00") });
    expect(member.creditsAt("2026-02-26T09:00")).toBe(8);
    member.settle("2026-03-02T00:00");
    expect(member.entries().slice(-2)).toEqual(["rollover 3 @2026-03-02", "expire 5 @2026-03-02"]);
    expect(member.creditsAt("2026-03-02T00:00")).toBe(11);
    expect(brokenInvariants(member.ledger)).toEqual([]);
  });

  test("a boundary that passed unpaid inside has not passed", () => {
    const member = open();
    member.settle("2026-02-12T09:00");
    expect(member.membership().status).toBe("past_due");
    member.freeze({ from_on: "2026-02-08", to_on: "2026-02-18" });
    expect(member.membership()).toMatchObject({ status: "active", lots_in_grace: [], grace_until: null });
    expect(member.lot().expires_at).toBe(at("2026-02-20T00:00"));
  });

  test("over a boundary that was paid in grace: at the moved one what rolls rolls, and the rest expires there", () => {
    const member = open({ rollover: { cap: 3 } });
    member.pay("2026-02-12T15:00");
    member.freeze({ from_on: "2026-02-08", to_on: "2026-02-20" });
    expect(member.lot()).toMatchObject({ available: 8, expires_at: at("2026-02-22T00:00") });
    member.settle("2026-02-22T00:00");
    expect(member.entries().slice(-2)).toEqual(["rollover 3 @2026-02-22", "expire 5 @2026-02-22"]);
    expect(brokenInvariants(member.ledger)).toEqual([]);
  });

  test("after a boundary that was paid in grace: what had rolled over stays, what lived by grace alone is not revived", () => {
    const [planned, back_dated] = [open({ rollover: { cap: 3 } }), open({ rollover: { cap: 3 } })];
    const days = { from_on: "2026-02-11", to_on: "2026-02-20" };
    planned.freeze(days);
    for (const member of [planned, back_dated]) member.pay("2026-02-12T15:00");
    back_dated.settle("2026-02-13T15:00");
    expect(back_dated.freeze(days)).toMatchObject({ reason_code: "membership_frozen" });
    for (const member of [planned, back_dated]) {
      expect(member.entries().slice(1)).toEqual([
        "grant 8 @2026-02-12",
        "rollover 3 @2026-02-12",
        "expire 5 @2026-02-12",
      ]);
      expect(member.creditsAt("2026-02-21T09:00")).toBe(11);
      expect(brokenInvariants(member.ledger)).toEqual([]);
    }
  });

  test("planned ahead, begun now or back-dated: the same freeze leaves the same credits and boundaries", () => {
    const terms = { renewal: "schedule" as const, rollover: "all" as const };
    const days = { from_on: "2026-02-05", to_on: "2026-02-25" };
    const results = ["2026-01-12T09:00", "2026-02-05T09:00", "2026-02-24T09:00"].map((when) => {
      const member = open(terms);
      member.settle(when);
      member.freeze(days);
      member.settle("2026-04-20T00:00");
      return [member.boundaries(), member.creditsAt("2026-04-20T09:00"), member.membership().open_until];
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });
});

describe("Rule 23. Payments and grace around a freeze", () => {
  const from = { start_at: at("2026-01-10T15:00"), end_at: at("2026-02-10T15:00") };

  test("a payment that arrives meanwhile is taken, and said to have been charged while frozen", () => {
    const member = open();
    member.freeze({ from_on: "2026-02-05", to_on: "2026-02-15" });
    const lot = member.pay("2026-02-10T09:00");
    expect(lot).toMatchObject({ effective_at: at("2026-02-20T00:00"), period_end_at: at("2026-03-20T00:00") });
    expect([...member.ledger.payments.values()].at(-1)?.flags).toEqual(["charged_while_frozen"]);
    member.wait("2026-02-12T09:00");
    member.unfreeze();
    expect(member.ledger.lot(lot.id)).toMatchObject({ effective_at: at("2026-02-17T00:00") });
  });

  /** Billed by a provider, with these periods; the books of `open`. */
  function billed() {
    const member = open();
    const { lot } = member;
    member.ledger.seed({ ...lot(), period_end_at: from.end_at, expires_at: from.end_at });
    member.ledger.memberships.set(member.membership().id, {
      ...member.membership(),
      renewal: "provider",
      periods: [{ ...from, index: null, lot_id: lot().id }],
      open_until: from.end_at,
    });
    return member;
  }

  test("billed by a provider: its lots move, its period does not (clarification 20)", () => {
    const member = billed();
    member.freeze({ from_on: "2026-01-20", to_on: "2026-01-30" });
    expect(member.membership()).toMatchObject({ open_until: from.end_at });
    expect(member.lot()).toMatchObject({ expires_at: at("2026-02-20T15:00"), period_end_at: from.end_at });
  });

  test("billed by a provider over its boundary: the boundary waits for the end of the freeze", () => {
    const member = billed();
    member.freeze({ from_on: "2026-02-01", to_on: "2026-02-20" });
    member.settle("2026-02-19T00:00");
    expect(member.membership().status).toBe("active");
    member.settle("2026-02-20T00:00");
    expect(member.membership()).toMatchObject({ status: "past_due", grace_until: at("2026-02-27T00:00") });
    expect(member.creditsAt("2026-02-28T00:00")).toBe(8);
  });

  test("grace stands still too", () => {
    const member = open();
    member.freeze({ from_on: "2026-02-12", to_on: "2026-02-22" });
    member.settle("2026-02-10T00:00");
    expect(member.membership()).toMatchObject({ status: "past_due", grace_until: at("2026-02-27T00:00") });
    expect(member.creditsAt("2026-02-13T09:00")).toBe(0);
    member.wait("2026-02-15T09:00");
    member.unfreeze();
    expect(member.membership()).toMatchObject({ grace_until: at("2026-02-20T00:00") });
    expect(member.lot().expires_at).toBe(at("2026-02-20T00:00"));
  });

  test("holds on days inside are told and left", () => {
    const member = open();
    member.ledger.deduct({ calendar_id: "yoga", appointment_time: at("2026-01-25T09:00"), external_ref: "class" });
    expect(member.freeze({ from_on: "2026-01-20", to_on: "2026-01-30" })).toMatchObject({
      bookings_inside: [{ external_ref: "class", service_on: "2026-01-25", credits: 1 }],
    });
    expect(member.lot().available).toBe(7);
  });
});
