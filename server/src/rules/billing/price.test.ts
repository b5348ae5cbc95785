import fc from "fast-check";
import { expect, test } from "vitest";
import { monthlyPrice, priceLines, priceOfLocation } from "./price.ts";

test.each([
  [0, 0],
  [1, 59],
  [2, 78],
  [5, 135],
  [10, 230],
])("Rule 38. %i active locations cost %i dollars a month", (locations, dollars) => {
  expect(monthlyPrice(locations)).toBe(dollars * 100);
});

test("Rule 38. The lines of a bill add up to its price, and name every location once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (locations) => {
      const lines = priceLines(locations);
      expect(lines.reduce((sum, line) => sum + line.locations, 0)).toBe(locations);
      expect(lines.every((line) => line.total_cents === line.locations * line.unit_cents)).toBe(true);
      expect(monthlyPrice(locations)).toBe(5900 + 1900 * (locations - 1));
      expect(priceOfLocation(locations)).toBe(locations === 1 ? 5900 : 1900);
    }),
  );
});
