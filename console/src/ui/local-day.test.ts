import { expect, test } from "vitest";
import { startOfLocalDay } from "./local-day.ts";

test.each([
  ["2026-11-21", "America/New_York", "2026-11-21T05:00:00.000Z"],
  ["2026-07-01", "America/New_York", "2026-07-01T04:00:00.000Z"],
  ["2026-03-08", "America/New_York", "2026-03-08T05:00:00.000Z"],
  ["2026-11-01", "America/New_York", "2026-11-01T04:00:00.000Z"],
  ["2026-11-21", "Asia/Kolkata", "2026-11-20T18:30:00.000Z"],
  ["2026-11-21", "Pacific/Auckland", "2026-11-20T11:00:00.000Z"],
  ["2026-11-21", "UTC", "2026-11-21T00:00:00.000Z"],
])("%s begins in %s at %s", (day, timezone, begins) => {
  expect(startOfLocalDay(day, timezone)).toBe(begins);
});

test("a day whose midnight is skipped begins an hour later", () => {
  expect(startOfLocalDay("2026-09-06", "America/Santiago")).toBe("2026-09-06T04:00:00.000Z");
});
