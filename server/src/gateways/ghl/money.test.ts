import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalsOf, lineAmount, toSmallestUnit } from "./money.ts";

describe("Money of GoHighLevel is turned into the smallest unit exactly", () => {
  test.each([
    [150.1, "USD", 15_010],
    [19.99, "usd", 1999],
    [1.1, "EUR", 110],
    [0, "USD", 0],
    [1700, "PKR", 170_000],
    [1700, "JPY", 1700],
    [1.234, "KWD", 1234],
    [4.35, "USD", 435],
    ["150.10", "USD", 15_010],
    [-5.5, "USD", -550],
    [12.105, "USD", 1211],
    [12.104_999, "USD", 1210],
    [0.4, "JPY", 0],
    [0.5, "JPY", 1],
    [".5", "JPY", 1],
    [".4", "JPY", 0],
    [1e-7, "USD", 0],
    [1e3, null, 100_000],
  ])("%s %s is %s", (amount, currency, units) => {
    expect(toSmallestUnit(amount, currency)).toBe(units);
  });

  test("what is no amount, or too large to be exact, is null and not a guess", () => {
    for (const odd of ["", ".", "abc", "1,5", null, undefined, {}, Number.NaN, Infinity, 1e300, 9e15, "0x10"]) {
      expect(toSmallestUnit(odd, "USD")).toBeNull();
    }
  });

  test("any amount of units comes back from its major-unit number", () => {
    const currencies = fc.constantFrom("USD", "JPY", "KWD", "EUR");
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), currencies, (units, currency) => {
        const major = Number((units / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency)));
        expect(toSmallestUnit(major, currency)).toBe(units === 0 ? 0 : units);
      }),
    );
  });

  test("a line costs its quantity, counted after the conversion", () => {
    expect(lineAmount(19.99, 3, "USD")).toBe(5997);
    expect(lineAmount(null, 3, "USD")).toBeNull();
  });
});
