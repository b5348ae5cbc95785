import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  addMonths,
  DAY,
  endOfDayAfter,
  firstOfMonth,
  localDate,
  startOfDay,
  startOfWeek,
  type Instant,
} from "./local-days.ts";

const utc = (text: string): Instant => Temporal.Instant.from(text).epochMilliseconds;

/** Zones whose clocks change at two in the night, by half an hour, over midnight, no longer, or never. */
const zones = [
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Santiago",
  "America/Sao_Paulo",
  "America/Havana",
  "America/St_Johns",
  "Pacific/Apia",
  "Asia/Kathmandu",
  "UTC",
];
const anyZone = fc.constantFrom(...zones);
/** Midnights that come twice, never, or with a date left out. */
const odd_midnights = fc.constantFrom(
  utc("2010-11-07T02:30:00Z"),
  utc("2011-12-30T10:00:00Z"),
  utc("2018-11-04T03:00:00Z"),
  utc("2026-04-05T04:00:00Z"),
  utc("2026-11-01T04:00:00Z"),
);
const nearOddMidnight = fc.tuple(odd_midnights, fc.integer({ min: -2 * DAY, max: 2 * DAY })).map(([at, by]) => at + by);
const anyInstant = fc.oneof(
  fc.integer({ min: utc("2000-01-01T00:00:00Z"), max: utc("2060-01-01T00:00:00Z") }),
  nearOddMidnight,
);
const anyDate = anyInstant.map((at) => new Date(at).toISOString().slice(0, 10));

describe("Rule 14. A local day begins at its midnight, a missing one at the first instant after the gap", () => {
  test.each([
    ["an ordinary day", "2026-07-01", "America/New_York", "2026-07-01T04:00:00Z"],
    ["the day clocks go forward in New York", "2026-03-08", "America/New_York", "2026-03-08T05:00:00Z"],
    ["the day after", "2026-03-09", "America/New_York", "2026-03-09T04:00:00Z"],
    ["the day clocks go back in New York", "2026-11-01", "America/New_York", "2026-11-01T04:00:00Z"],
    ["the day after", "2026-11-02", "America/New_York", "2026-11-02T05:00:00Z"],
    ["half an hour back on Lord Howe", "2026-04-06", "Australia/Lord_Howe", "2026-04-05T13:30:00Z"],
    ["half an hour forward on Lord Howe", "2026-10-05", "Australia/Lord_Howe", "2026-10-04T13:00:00Z"],
    ["midnight missing in Santiago: one o'clock", "2026-09-06", "America/Santiago", "2026-09-06T04:00:00Z"],
    ["eleven o'clock twice in Santiago", "2026-04-05", "America/Santiago", "2026-04-05T04:00:00Z"],
    ["midnight missing in Sao Paulo in 2018", "2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"],
    ["no summer time in Sao Paulo since 2019", "2026-11-04", "America/Sao_Paulo", "2026-11-04T03:00:00Z"],
    ["midnight twice in Havana: the earlier", "2026-11-01", "America/Havana", "2026-11-01T04:00:00Z"],
    ["leap day", "2028-02-29", "America/New_York", "2028-02-29T05:00:00Z"],
    ["new year", "2027-01-01", "Australia/Lord_Howe", "2026-12-31T13:00:00Z"],
  ])("%s, %s in %s", (_, date, zone, expected) => {
    expect(startOfDay(date, zone)).toBe(utc(expected));
  });
});

describe("Rule 14. The last usable local day is the local date of the instant plus n days", () => {
  test.each([
    [
      "bought on 1 November for 30 days, through 1 December",
      "2026-11-01T15:00:00Z",
      30,
      "America/New_York",
      "2026-12-02T05:00:00Z",
    ],
    [
      "bought late in the evening, when it is tomorrow in UTC",
      "2026-11-02T04:59:59.999Z",
      30,
      "America/New_York",
      "2026-12-02T05:00:00Z",
    ],
    [
      "bought at the first instant of the next day",
      "2026-11-02T05:00:00Z",
      30,
      "America/New_York",
      "2026-12-03T05:00:00Z",
    ],
    [
      "over the spring change: not a multiple of 24 hours",
      "2026-03-07T12:00:00Z",
      1,
      "America/New_York",
      "2026-03-09T04:00:00Z",
    ],
    ["over the autumn change", "2026-10-31T12:00:00Z", 1, "America/New_York", "2026-11-02T05:00:00Z"],
    ["over half an hour on Lord Howe", "2026-04-04T00:00:00Z", 1, "Australia/Lord_Howe", "2026-04-05T13:30:00Z"],
    ["into a midnight that Santiago skips", "2026-09-04T12:00:00Z", 1, "America/Santiago", "2026-09-06T04:00:00Z"],
    ["for no day more than today", "2026-07-01T12:00:00Z", 0, "UTC", "2026-07-02T00:00:00Z"],
    ["over leap day", "2028-02-28T12:00:00Z", 1, "UTC", "2028-03-01T00:00:00Z"],
    ["over the year's end", "2026-12-31T12:00:00Z", 1, "UTC", "2027-01-02T00:00:00Z"],
    ["a year", "2026-01-31T12:00:00Z", 365, "UTC", "2027-02-01T00:00:00Z"],
  ])("%s: %s + %i in %s", (_, from, days, zone, expected) => {
    expect(endOfDayAfter(utc(from), days, zone)).toBe(utc(expected));
  });

  test("in whatever zone, the lot is good at every instant of that day and at none of the next", () => {
    fc.assert(
      fc.property(anyInstant, fc.nat(800), anyZone, (at, days, zone) => {
        const expires_at = endOfDayAfter(at, days, zone);
        const last_day = addDays(localDate(at, zone), days);
        // A zone may skip a whole date, as Apia did on 30 December 2011.
        expect(localDate(expires_at - 1, zone) <= last_day).toBe(true);
        expect(localDate(expires_at, zone) > last_day).toBe(true);
        expect(expires_at).toBeGreaterThan(at);
      }),
    );
  });
});

describe("Rule 14. Every instant lies in exactly one local day", () => {
  test("the day that has begun by then and whose successor has not", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (at, zone) => {
        const date = localDate(at, zone);
        expect(startOfDay(date, zone)).toBeLessThanOrEqual(at);
        expect(startOfDay(addDays(date, 1), zone)).toBeGreaterThan(at);
      }),
    );
  });

  test("also where the clocks fell back over midnight: the second evening belongs to the day that had begun", () => {
    const zone = "America/St_Johns";
    const second_evening = utc("2010-11-07T02:45:00Z");
    expect(localDate(utc("2010-11-07T02:29:59Z"), zone)).toBe("2010-11-06");
    expect(localDate(second_evening, zone)).toBe("2010-11-07");
    expect(localDate(utc("2010-11-07T03:30:00Z"), zone)).toBe("2010-11-07");
    expect(localDate(second_evening, zone)).toBe("2010-11-07");
  });

  test("whatever was asked before: the answer does not depend on the memory of other answers", () => {
    fc.assert(
      fc.property(nearOddMidnight, nearOddMidnight, anyZone, (at, other, zone) => {
        const first = localDate(at, zone);
        localDate(other, zone);
        expect(localDate(at, zone)).toBe(first);
        expect(localDate(Math.min(at, other), zone) <= localDate(Math.max(at, other), zone)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("Rule 19. Months are added to the original date and clamped to the month's last day", () => {
  test.each([
    ["2026-01-31", 1, "2026-02-28"],
    ["2026-01-31", 2, "2026-03-31"],
    ["2026-01-31", 3, "2026-04-30"],
    ["2028-01-31", 1, "2028-02-29"],
    ["2028-02-29", 12, "2029-02-28"],
    ["2028-02-29", 48, "2032-02-29"],
    ["2026-12-31", 2, "2027-02-28"],
    ["2026-11-15", 2, "2027-01-15"],
  ])("%s + %i months = %s", (date, months, expected) => {
    expect(addMonths(date, months)).toBe(expected);
  });

  test("a calendar month is reckoned from its first day", () => {
    expect(firstOfMonth("2026-02-28")).toBe("2026-02-01");
  });
});

describe("Rule 12. A week begins on Monday", () => {
  test.each([
    ["a Sunday still belongs to the week before", "2026-11-01", "2026-10-26"],
    ["a Monday is its own", "2026-11-02", "2026-11-02"],
    ["over the year's end", "2027-01-01", "2026-12-28"],
  ])("%s", (_, date, monday) => {
    expect(startOfWeek(date)).toBe(monday);
  });

  test("every date lies in a week that began on a Monday at most six days before", () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const monday = startOfWeek(date);
        expect(Temporal.PlainDate.from(monday).dayOfWeek).toBe(1);
        expect(monday <= date && date < addDays(monday, 7)).toBe(true);
      }),
    );
  });
});
