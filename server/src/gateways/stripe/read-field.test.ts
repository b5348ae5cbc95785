import { expect, test } from "vitest";
import { amountAt, at, idAt, instantAt, integerAt, listAt, textAt } from "./read-field.ts";

test("A path leads only through what the object has itself", () => {
  expect(at({ a: { b: 1 } }, "a.b")).toBe(1);
  for (const path of ["constructor", "__proto__.polluted", "a.length", "a.b.c"])
    expect(at({ a: "x" }, path)).toBe(undefined);
});

test("An id is found bare or expanded, at the first path that has one", () => {
  expect(idAt({ customer: { id: "cus_1" } }, "owner", "customer")).toBe("cus_1");
  for (const id of ["", 7, null, {}, "x".repeat(256), "a\0b", "\uD800"]) expect(idAt({ id }, "id")).toBeNull();
});

test("A text is trimmed, cut without breaking a character, and never empty", () => {
  expect(textAt({ name: "  Ann " }, "name")).toBe("Ann");
  expect(textAt({ name: " ", email: "a@b" }, "name", "email")).toBe("a@b");
  const cut = textAt({ name: `${"x".repeat(499)}😀` }, "name")!;
  expect(cut.isWellFormed()).toBe(true);
  expect(cut.length).toBe(500);
});

test("Amounts are whole and not below zero; a line may be", () => {
  expect(amountAt({ amount: 5 }, "amount")).toBe(5);
  for (const amount of [-1, 0.5, "5", 2 ** 53, Number.NaN]) expect(amountAt({ amount }, "amount")).toBeNull();
  expect(integerAt({ amount: -5 }, "amount")).toBe(-5);
  expect(Object.is(integerAt({ amount: -0 }, "amount"), 0)).toBe(true);
});

test("Instants are milliseconds of a time that a calendar has", () => {
  expect(instantAt({ at: 1_790_000_000 }, "at")).toBe(1_790_000_000_000);
  for (const seconds of [0, -1, 1.5, 253_402_300_800]) expect(instantAt({ at: seconds }, "at")).toBeNull();
});

test("A list is read bare or in its envelope, and only its objects", () => {
  expect(listAt({ lines: [{ id: 1 }, null, 7] }, "lines")).toEqual([{ id: 1 }]);
  expect(listAt({ lines: { data: [{ id: 1 }] } }, "lines")).toEqual([{ id: 1 }]);
  expect(listAt({ lines: "none" }, "lines")).toEqual([]);
});
