import { describe, expect, test } from "vitest";
import { z } from "zod";
import { cursorInstant, cutPage, decodeCursor, encodeCursor } from "./page.ts";

const position = z.object({ list: z.literal("payments"), at: cursorInstant, id: z.guid() });
const somewhere = { list: "payments", at: 1_795_000_000_000, id: "01a1fdf4-ac02-79d2-b609-6723e03c20b1" };

function inBase64(text: string): string {
  return Buffer.from(text).toString("base64url");
}

describe("a cursor", () => {
  test("leads back to its position and tells nothing in the clear", () => {
    const cursor = encodeCursor(somewhere);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(position, cursor)).toEqual(somewhere);
  });

  test.each([
    ["empty", ""],
    ["not base64url", "a b"],
    ["not JSON", inBase64("{")],
    ["no object", inBase64("1")],
    ["of another list", encodeCursor({ ...somewhere, list: "ledger" })],
    ["without its id", encodeCursor({ list: "payments", at: somewhere.at })],
    ["with an instant that no calendar has", encodeCursor({ ...somewhere, at: 9e15 })],
    ["with a fraction of a millisecond", encodeCursor({ ...somewhere, at: 1.5 })],
    ["with an id that is none", encodeCursor({ ...somewhere, id: "1' OR '1'='1" })],
    ["endless", "A".repeat(100_000)],
  ])("that is %s is no position", (_, text) => {
    expect(decodeCursor(position, text)).toBeNull();
  });
});

describe("a page", () => {
  const positionOf = (last: number) => ({ last });

  test("ends where one more than wanted was not found", () => {
    expect(cutPage([3, 2], 2, positionOf)).toEqual({ items: [3, 2], next_cursor: null });
    expect(cutPage([], 2, positionOf)).toEqual({ items: [], next_cursor: null });
  });

  test("goes on after its last item", () => {
    expect(cutPage([3, 2, 1], 2, positionOf)).toEqual({ items: [3, 2], next_cursor: encodeCursor({ last: 2 }) });
  });
});
