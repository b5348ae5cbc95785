import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, membershipOf, NEW_YORK, startedMembership } from "../testing.ts";
import { DAY, localDate } from "../time/local-days.ts";
import type { Membership } from "./membership.ts";
import { anchorOf, periodAt, periodToOpen } from "./periods.ts";

function started(
  wall_clock: string,
  anchor: "billing_date" | "calendar_month" = "billing_date",
  zone = NEW_YORK,
): Membership {
  const started_at = at(wall_clock, zone);
  const anchor_on = anchorOf(membershipOf("gold", { anchor }), started_at, zone);
  return startedMembership(started_at, { anchor_on });
}

/** The membership with these numbers of its periods paid. */
function paidFor(membership: Membership, paid: readonly number[]): Membership {
  return { ...membership, periods: paid.map((index) => ({ index, start_at: 0, end_at: 0, lot_id: "lot" })) };
}

const startsOf = (membership: Membership, count: number, zone = NEW_YORK) =>
  Array.from({ length: count }, (_, k) => localDate(periodAt(membership, k, zone).start_at, zone));

describe("Rule 19. The k-th boundary is the original anchor plus k months, clamped, never from a clamped date", () => {
  test.each<[string, string, "billing_date" | "calendar_month", string[]]>([
    ["31 January", "2026-01-31T15:00", "billing_date", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]],
    ["31 January of a leap year", "2028-01-31T15:00", "billing_date", ["2028-01-31", "2028-02-29", "2028-03-31"]],
    ["29 February", "2028-02-29T15:00", "billing_date", ["2028-02-29", "2028-03-29", "2028-04-29"]],
    [
      "over the year's end",
      "2026-11-30T15:00",
      "billing_date",
      ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28"],
    ],
    ["by calendar month", "2026-01-31T15:00", "calendar_month", ["2026-01-31", "2026-02-01", "2026-03-01"]],
    [
      "by calendar month, on the first",
      "2026-02-01T00:00",
      "calendar_month",
      ["2026-02-01", "2026-03-01", "2026-04-01"],
    ],
  ])("%s", (_, when, anchor, expected) => {
    expect(startsOf(started(when, anchor), expected.length)).toEqual(expected);
  });

  test("29 February comes again in the next leap year", () => {
    const { start_at } = periodAt(started("2028-02-29T15:00"), 48, NEW_YORK);
    expect(localDate(start_at, NEW_YORK)).toBe("2032-02-29");
  });

  test("the first period starts at the payment itself, every boundary is a local midnight", () => {
    const membership = started("2026-02-08T15:30");
    expect(periodAt(membership, 0, NEW_YORK)).toEqual({
      index: 0,
      start_at: at("2026-02-08T15:30"),
      end_at: at("2026-03-08T00:00"),
    });
    expect(periodAt(membership, 1, NEW_YORK)).toEqual({
      index: 1,
      start_at: at("2026-03-08T00:00"),
      end_at: at("2026-04-08T00:00"),
    });
  });

  test("a boundary on a midnight that Santiago skips is the first instant after the gap", () => {
    const zone = "America/Santiago";
    const membership = started("2026-08-06T15:00", "billing_date", zone);
    expect(periodAt(membership, 1, zone).start_at).toBe(at("2026-09-06T01:00", zone));
  });

  test("periods follow each other without a gap or an overlap, each at most 31 days and an hour", () => {
    const instants = fc.integer({ min: at("2020-01-01T00:00"), max: at("2040-01-01T00:00") });
    const zones = fc.constantFrom(NEW_YORK, "Australia/Lord_Howe", "America/Santiago", "UTC");
    const anchors = fc.constantFrom("billing_date", "calendar_month");
    fc.assert(
      fc.property(instants, zones, anchors, fc.nat(60), (started_at, zone, anchor, k) => {
        const anchor_on = anchorOf(membershipOf("gold", { anchor }), started_at, zone);
        const [one, next] = [k, k + 1].map((n) => periodAt(startedMembership(started_at, { anchor_on }), n, zone));
        expect(one!.end_at).toBe(next!.start_at);
        expect(one!.start_at).toBeLessThan(one!.end_at);
        expect(one!.end_at - one!.start_at).toBeLessThanOrEqual(31 * DAY + DAY / 24);
      }),
    );
  });
});

describe("Rule 18. A payment opens the first unpaid period that is not wholly past when it was paid", () => {
  const membership = started("2026-01-31T15:00"); // Boundaries: 28 February, 31 March, 30 April.
  const opened = (paid: string, also_paid: number[] = []) =>
    localDate(periodToOpen(paidFor(membership, [0, ...also_paid]), at(paid), NEW_YORK).start_at, NEW_YORK);

  test.each([
    ["at the boundary, which belongs to the new period", "2026-02-28T00:00", [], "2026-02-28"],
    ["early, in the period before", "2026-02-10T09:00", [], "2026-02-28"],
    ["early twice: the one after", "2026-02-10T09:00", [1], "2026-03-31"],
    ["late, while the missed period still runs: that one", "2026-03-20T09:00", [], "2026-02-28"],
    ["in the last millisecond of the missed period", "2026-03-30T23:59:59.999", [], "2026-02-28"],
    ["when the missed period is over: the running one", "2026-03-31T00:00", [], "2026-03-31"],
    ["after months without a payment", "2026-07-15T09:00", [], "2026-06-30"],
    ["a hole that is not yet over is filled before what follows", "2026-03-20T09:00", [2], "2026-02-28"],
    ["dated before the membership began: nothing before it opens", "2025-12-01T09:00", [], "2026-02-28"],
  ])("%s", (_, paid, also_paid, expected) => {
    expect(opened(paid, also_paid)).toBe(expected);
  });

  test("none that was unpaid and not over is passed by, for any anchor and any day", () => {
    const days = fc.integer({ min: -40, max: 1500 });
    const anchors = fc.integer({ min: at("2023-12-01T00:00"), max: at("2028-03-01T00:00") });
    fc.assert(
      fc.property(anchors, days, fc.boolean(), (started_at, day, is_first_paid) => {
        const paid_at = started_at + day * DAY;
        const one = paidFor(startedMembership(started_at), is_first_paid ? [0] : []);
        const all = Array.from({ length: 60 }, (_, k) => periodAt(one, k, NEW_YORK));
        const first = all.find(({ end_at, index }) => end_at > paid_at && !(is_first_paid && index === 0));
        expect(periodToOpen(one, paid_at, NEW_YORK)).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });

  test("whenever the payments come, no period is opened twice", () => {
    const payments = fc.array(fc.integer({ min: -40, max: 500 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        payments,
        fc.constantFrom("2026-01-31T15:00", "2026-01-31T00:00", "2028-02-29T23:59"),
        (days, when) => {
          const membership_of_case = started(when);
          const paid = [0];
          for (const day of days) {
            const paid_at = membership_of_case.started_at + day * DAY;
            const period = periodToOpen(paidFor(membership_of_case, paid), paid_at, NEW_YORK);
            expect(paid).not.toContain(period.index);
            expect(period.end_at).toBeGreaterThan(paid_at);
            paid.push(period.index!);
          }
        },
      ),
    );
  });

  test("a period that was paid stays paid when the location's time zone is corrected", () => {
    for (const anchor of ["billing_date", "calendar_month"] as const) {
      const before = started("2026-01-31T15:00", anchor);
      for (const zone of ["America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
        const next = periodToOpen(paidFor(before, [0, 1]), at("2026-02-15T09:00"), zone);
        expect(next).toEqual(periodAt(before, 2, zone));
      }
    }
  });

  test("a first period of less than a day does not stand for the month after it", () => {
    const short = started("2026-01-31T23:00", "calendar_month");
    expect(periodToOpen(short, at("2026-02-01T00:00"), NEW_YORK)).toEqual(periodAt(short, 1, NEW_YORK));
  });
});
