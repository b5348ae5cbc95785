import { describe, expect, test } from "vitest";
import { decideExtend } from "../credits/extend-expiry.ts";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { at } from "../testing.ts";
import { decideCancel } from "./cancel.ts";
import { openMember } from "./testing-membership.ts";

describe("Rule 26. A boundary that passes unpaid", () => {
  const open = () => {
    const member = openMember({ gold: { rollover: { cap: 3 } } }, "2026-01-31T15:00");
    member.pay("2026-01-31T15:00");
    const end = (when: string) => {
      member.wait(when);
      const ask = { membership_id: member.membership().id, mode: "now", keep_credits: true } as const;
      return member.command(decideCancel, ask);
    };
    return { ...member, end };
  };

  test("is past due for grace_days, in which the last period's credits count and nothing new is granted", () => {
    const member = open();
    member.settle("2026-02-28T00:00");
    expect(member.membership()).toMatchObject({ status: "past_due", grace_until: at("2026-03-07T00:00") });
    expect(member.creditsAt("2026-03-06T23:59")).toBe(8);
    expect(member.creditsAt("2026-03-07T00:00")).toBe(0);
    expect(member.entries()).toEqual(["grant 8 @2026-01-31"]);
  });

  test("is suspended when grace has passed: the credits expire there, and it is never cancelled by itself", () => {
    const member = open();
    member.settle("2026-09-01T00:00");
    expect(member.membership()).toMatchObject({ status: "suspended", grace_until: null, ends_at: null });
    expect(member.entries()).toEqual(["grant 8 @2026-01-31", "expire 8 @2026-03-07"]);
  });

  test("paid within grace: the missed period opens from its own start, and what rolls rolls when it is paid (rule 22)", () => {
    const member = open();
    expect(member.pay("2026-03-03T12:00")).toMatchObject({ effective_at: at("2026-02-28T00:00") });
    expect(member.membership()).toMatchObject({ status: "active", open_until: at("2026-03-31T00:00") });
    expect(member.entries()).toEqual([
      "grant 8 @2026-01-31",
      "grant 8 @2026-03-03",
      "rollover 3 @2026-03-03",
      "expire 5 @2026-03-03",
    ]);
  });

  test("paid in time but told after the boundary: the entries are those of a payment told at once", () => {
    const [in_time, late] = [open(), open()];
    in_time.pay("2026-02-27T23:30");
    in_time.settle("2026-02-28T00:30");
    late.settle("2026-02-28T00:00");
    late.pay("2026-02-27T23:30", { told: "2026-02-28T00:30" });
    const booked = ({ ledger }: typeof late) =>
      ledger.entries.map(({ type, amount, occurred_at }) => ({ type, amount, occurred_at }));
    expect(booked(late)).toEqual(booked(in_time));
    expect(late.membership().periods.map(({ start_at }) => start_at)).toEqual(
      in_time.membership().periods.map(({ start_at }) => start_at),
    );
  });

  test.each([
    ["paid within grace", (member: ReturnType<typeof open>) => void member.pay("2026-03-03T12:00")],
    ["ended by staff", (member: ReturnType<typeof open>) => void member.end("2026-03-03T12:00")],
    ["not paid at all", (member: ReturnType<typeof open>) => member.settle("2026-03-15T00:00")],
    [
      "frozen since before",
      (member: ReturnType<typeof open>) => void member.freeze({ from_on: "2026-02-25", to_on: "2026-03-05" }),
    ],
  ])("what staff extended meanwhile (rule 17) keeps its time, %s", (_, goOn) => {
    const member = open();
    member.settle("2026-03-01T09:00");
    const ask = { until_on: "2026-03-31", reason: "flood" };
    expect(member.command(decideExtend, ask)).toMatchObject({ reason_code: "expiry_extended" });
    goOn(member);
    const [first] = member.ledger.lots;
    expect(first?.expires_at).toBeGreaterThanOrEqual(at("2026-04-01T00:00"));
    expect(first?.available).toBeGreaterThan(0);
  });

  test("paid after grace: the missed period while it runs, without rollover", () => {
    const member = open();
    expect(member.pay("2026-03-20T12:00")).toMatchObject({ period_start_at: at("2026-02-28T00:00"), available: 8 });
    expect(member.membership().status).toBe("active");
    expect(member.entries()).toEqual(["grant 8 @2026-01-31", "expire 8 @2026-03-07", "grant 8 @2026-03-20"]);
  });

  test("grace of no days suspends at the boundary", () => {
    const member = openMember({ gold: { grace_days: 0 } }, "2026-01-31T15:00");
    member.pay("2026-01-31T15:00");
    member.settle("2026-02-28T00:00");
    expect(member.membership().status).toBe("suspended");
    expect(member.entries()).toEqual(["grant 8 @2026-01-31", "expire 8 @2026-02-28"]);
  });

  test.each([
    ["America/New_York", "2026-02-05T10:00", "2026-03-12T00:00"], // Clocks go forward on 8 March.
    ["America/New_York", "2026-09-29T10:00", "2026-11-05T00:00"], // And back on 1 November.
    ["Australia/Lord_Howe", "2026-09-01T10:00", "2026-10-08T00:00"],
    ["Australia/Lord_Howe", "2026-03-02T10:00", "2026-04-09T00:00"],
    ["America/Santiago", "2026-08-03T10:00", "2026-09-10T00:00"], // The midnight of 6 September does not exist.
    ["America/Santiago", "2026-03-01T10:00", "2026-04-08T00:00"],
  ])("in %s grace after %s ends at local midnight, %s", (zone, began, grace_until) => {
    const member = openMember({ gold: {} }, began, zone);
    member.pay(began);
    member.settle(grace_until);
    expect(member.ledger.entries.at(-1)).toMatchObject({ type: "expire", occurred_at: at(grace_until, zone) });
    expect(member.membership().status).toBe("suspended");
  });
});

describe("Rule 20. Missed boundaries are caught up in order", () => {
  test("a prepaid term after half a year without a job: each period granted and expired at its own time (rule 18)", () => {
    const member = openMember({ gold: { term_months: 3 } }, "2026-01-31T15:00");
    member.pay("2026-01-31T15:00");
    member.settle("2026-07-31T00:00");
    expect(member.entries()).toEqual([
      "grant 8 @2026-01-31",
      "grant 8 @2026-02-28",
      "expire 8 @2026-02-28",
      "grant 8 @2026-03-31",
      "expire 8 @2026-03-31",
      "expire 8 @2026-05-07",
    ]);
    expect(member.membership()).toMatchObject({ status: "suspended", prepaid_through: 3 });
    expect(brokenInvariants(member.ledger)).toEqual([]);
  });

  test("a prepaid term that is paid on early opens every month of both terms, each at its own time", () => {
    const member = openMember({ gold: { term_months: 3 } }, "2026-01-31T15:00");
    member.pay("2026-01-31T15:00");
    member.pay("2026-02-10T15:00");
    member.settle("2026-07-20T00:00");
    expect(member.membership().periods.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(member.membership()).toMatchObject({ status: "active", open_until: at("2026-07-31T00:00") });
    const expired = member.entries().filter((entry) => entry.startsWith("expire"));
    expect(expired.map((entry) => entry.split("@")[1])).toEqual([
      "2026-02-28",
      "2026-03-31",
      "2026-04-30",
      "2026-05-31",
      "2026-06-30",
    ]);
    expect(brokenInvariants(member.ledger)).toEqual([]);
  });

  test("renewed by the schedule it goes on for ever, from the original anchor: 31 January, 29 February, 31 March", () => {
    const member = openMember({ gold: { renewal: "schedule" } }, "2028-01-31T15:00");
    member.pay("2028-01-31T15:00");
    member.settle("2028-05-31T00:00");
    const starts = member.membership().periods.map(({ start_at }) => start_at);
    expect(starts).toEqual([
      at("2028-01-31T15:00"),
      ...["2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"].map((date) => at(`${date}T00:00`)),
    ]);
    expect(member.creditsAt("2028-05-31T00:00")).toBe(8);
  });

  test("a first period that is wholly past when it is told is granted, and expires after its grace", () => {
    const member = openMember({ gold: {} }, "2026-06-01T09:00");
    member.pay("2026-01-31T15:00", { told: "2026-06-01T09:00" });
    expect(member.entries()).toEqual(["grant 8 @2026-01-31", "expire 8 @2026-03-07"]);
  });
});

describe("Rule 22. Rollover", () => {
  const rolled = (rollover: "none" | "all" | { cap?: number; max_balance?: number }, used: number) => {
    const member = openMember({ gold: { rollover, renewal: "schedule" } }, "2026-01-31T15:00");
    member.pay("2026-01-31T15:00");
    if (used > 0) member.use("2026-02-10T09:00", used);
    member.settle("2026-02-28T00:00");
    const child = member.ledger.lots.find(({ origin }) => origin === "rollover");
    return { member, child, moved: child?.granted ?? 0 };
  };

  test.each([
    ["none", "none", 0, 0],
    ["all that is left", "all", 3, 5],
    ["at most the cap", { cap: 2 }, 3, 2],
    ["what is left below the cap", { cap: 6 }, 3, 5],
    ["no more than max_balance less the next allowance", { max_balance: 12 }, 0, 4],
    ["nothing where the next allowance reaches max_balance", { max_balance: 8 }, 0, 0],
    ["the smaller of cap and max_balance", { cap: 3, max_balance: 10 }, 0, 2],
  ] as const)("%s", (_, rollover, used, moved) => {
    const { member, ...result } = rolled(rollover, used);
    expect(result.moved).toBe(moved);
    expect(member.creditsAt("2026-02-28T00:00")).toBe(8 + moved);
    expect(brokenInvariants(member.ledger)).toEqual([]);
  });

  test("rollover lives to the next boundary, burns before the fresh lot, and does not roll again", () => {
    const { member, child } = rolled("all", 3);
    expect(child).toMatchObject({ expires_at: at("2026-03-31T00:00"), effective_at: at("2026-02-28T00:00") });
    expect(member.use("2026-03-01T09:00")).toMatchObject({ entitlement_id: child?.id });
    member.settle("2026-03-31T00:00");
    expect(member.entries().slice(-4)).toEqual([
      "deduct 1 @2026-02-28",
      "grant 8 @2026-03-31",
      "rollover 8 @2026-03-31",
      "expire 4 @2026-03-31",
    ]);
  });

  test("what is held stays where it is", () => {
    const member = openMember({ gold: { rollover: "all", renewal: "schedule" } }, "2026-01-31T15:00");
    const lot = member.pay("2026-01-31T15:00");
    member.ledger.seed({ ...lot, available: 6, held: 2 });
    member.settle("2026-02-28T00:00");
    expect(member.ledger.lot(lot.id)).toMatchObject({ available: 0, held: 2, live: true });
    expect(member.ledger.lots.find(({ origin }) => origin === "rollover")).toMatchObject({ available: 6 });
  });

  test("after a downgrade the next allowance is the new plan's", () => {
    const plans = {
      gold: { rollover: { max_balance: 10 }, renewal: "schedule" as const },
      small: { monthly_credits: 4 },
    };
    const member = openMember(plans, "2026-01-31T15:00");
    member.pay("2026-01-31T15:00");
    member.ledger.memberships.set(member.membership().id, { ...member.membership(), next_config_id: "small" });
    member.settle("2026-02-28T00:00");
    expect(member.membership()).toMatchObject({ product_config_id: "small", next_config_id: null });
    expect(member.ledger.lots.find(({ origin }) => origin === "rollover")?.granted).toBe(6);
  });

  test("none when the membership has ended", () => {
    const member = openMember({ gold: { rollover: "all", renewal: "schedule" } }, "2026-01-31T15:00");
    member.pay("2026-01-31T15:00");
    const ends_at = member.membership().open_until;
    member.ledger.memberships.set(member.membership().id, { ...member.membership(), ends_at });
    member.settle("2026-02-28T00:00");
    expect(member.membership().status).toBe("ended");
    expect(member.entries()).toEqual(["grant 8 @2026-01-31", "expire 8 @2026-02-28"]);
  });
});

describe("Rule 15. Lots are apart", () => {
  test("a top-up never joins an expiring lot", () => {
    const member = openMember({ gold: {} }, "2026-02-01T09:00");
    member.pay("2026-02-01T09:00");
    const pack = member.pay("2026-02-27T09:00", { config: "pack" });
    expect(pack).toMatchObject({ expires_at: null, available: 10 });
    member.settle("2026-04-01T00:00");
    expect(member.ledger.lot(pack.id)).toMatchObject({ available: 10, live: true });
  });

  test("expiry of one lot never falls through to another", () => {
    const member = openMember({ gold: { rollover: "all", renewal: "schedule" } }, "2026-02-01T09:00");
    member.pay("2026-02-01T09:00");
    member.pay("2026-02-02T09:00", { config: "pack" });
    member.settle("2026-06-01T00:00");
    const expired = member.ledger.entries.filter(({ type }) => type === "expire");
    expect(new Set(expired.map(({ entitlement_id }) => member.ledger.lot(entitlement_id).origin))).toEqual(
      new Set(["rollover"]),
    );
    expect(expired.map(({ amount }) => amount)).toEqual([8, 8, 8]);
    expect(member.creditsAt("2026-06-01T00:00")).toBe(26);
  });
});
