import { expect, test } from "vitest";
import { centsOf } from "./money.ts";

test.each([
  ["99", "USD", 9900],
  [" 99.5 ", "USD", 9950],
  ["99,50", "EUR", 9950],
  ["0", "USD", 0],
  ["1200", "JPY", 1200],
  ["1.250", "KWD", 1250],
])("%j of %s is %i of its smallest unit", (typed, currency, cents) => {
  expect(centsOf(typed, currency)).toBe(cents);
});

test.each([
  ["", "USD"],
  ["-1", "USD"],
  ["1.234", "USD"],
  ["1,200.00", "USD"],
  ["1.5", "JPY"],
  ["12 dollars", "USD"],
])("%j of %s is no amount", (typed, currency) => {
  expect(centsOf(typed, currency)).toBeNull();
});
