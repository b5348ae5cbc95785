import { expect, test } from "vitest";
import { addDays, dayOf } from "./calendar-day.ts";

test("a day is its zone's own", () => {
  const at = Date.parse("2026-11-21T04:30:00Z");
  expect(dayOf(at, "America/New_York")).toBe("2026-11-20");
  expect(dayOf(at, "Asia/Kolkata")).toBe("2026-11-21");
});

test("days are added over the ends of months and years", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
});
