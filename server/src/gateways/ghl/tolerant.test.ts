import { describe, expect, test } from "vitest";
import { z } from "zod";
import { contactShape } from "./contacts.ts";
import { decimal, flag, list, number, readId, readInstant, readText, record } from "./tolerant.ts";

const nul = String.fromCharCode(0);

describe("What GoHighLevel writes is read as far as it can be kept", () => {
  test.each([
    [" abc ", "abc"],
    [7, "7"],
    ["x".repeat(200), "x".repeat(200)],
    ["x".repeat(201), null],
    ["", null],
    ["  ", null],
    [1.5, null],
    [null, null],
    [{}, null],
    [`a${nul}b`, null],
    ["a\uD800b", null],
  ])("the id %j is %j", (value, read) => {
    expect(readId(value)).toBe(read);
  });

  test.each([
    ["  Zoë ", "Zoë"],
    [`A${nul}da`, "Ada"],
    ["A\uD800", "A\uFFFD"],
    ["x".repeat(1500), "x".repeat(1000)],
    ["", null],
    [7, null],
  ])("the text %j is %j", (value, read) => {
    expect(readText(value)).toBe(read);
  });

  test.each([
    ["2026-03-05T09:00:00-05:00", "2026-03-05T14:00:00Z"],
    ["2026-03-05T09:00:00+0530", "2026-03-05T03:30:00Z"],
    ["2026-03-05T09:00:00.250Z", "2026-03-05T09:00:00.250Z"],
    ["2026-03-05 09:00:00", "2026-03-05T09:00:00Z"],
    ["2026-03-05", "2026-03-05T00:00:00Z"],
    ["1772701200000", "2026-03-05T09:00:00Z"],
    [1_772_701_200_000, "2026-03-05T09:00:00Z"],
  ])("the time %j is %s", (value, at) => {
    expect(readInstant(value)).toBe(Date.parse(at));
  });

  test.each(["", "soon", "5 March 2026", "2026-13-01", 0, -5, 1.5, 1e18, Number.NaN, null, {}, true])(
    "%j is no time",
    (value) => {
      expect(readInstant(value)).toBeNull();
    },
  );

  test("pieces of a parser read as null what is of another kind, and what is missing", () => {
    const shape = z.object({ flag, number, decimal, record, list: list(z.object({ n: number })) });
    const nothing = { flag: null, number: null, decimal: null, record: {}, list: [] };
    expect(shape.parse({})).toEqual(nothing);
    expect(shape.parse({ flag: "yes", number: "", decimal: [], record: [], list: {} })).toEqual(nothing);
    expect(
      shape.parse({ flag: false, number: "12", decimal: "1.10", record: { a: 1 }, list: [{ n: 1 }, 2, { n: "x" }] }),
    ).toEqual({
      flag: false,
      number: 12,
      decimal: "1.10",
      record: { a: 1 },
      list: [{ n: 1 }, { n: null }],
    });
  });
});

test("a contact's name is the whole one, else that of the list, else its parts", () => {
  const nameOf = (facts: Record<string, unknown>) => contactShape.parse({ id: "c1", ...facts })?.name;
  const parts = { firstName: "Ada", lastName: "Moss" };
  expect(nameOf({ name: "A. Moss", ...parts })).toBe("A. Moss");
  expect(nameOf({ contactName: "a moss", ...parts })).toBe("a moss");
  expect(nameOf(parts)).toBe("Ada Moss");
  expect(nameOf({ lastName: "Moss" })).toBe("Moss");
  expect(nameOf({})).toBeNull();
});
