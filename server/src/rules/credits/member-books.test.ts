import { describe, expect, test } from "vitest";
import { lotOf, memberOf } from "../testing.ts";
import { MemberBooks, type Posting } from "./member-books.ts";
import { deepFreeze } from "./testing-ledger.ts";

const booksOf = (...lots: Parameters<typeof lotOf>[0][]) => new MemberBooks(deepFreeze(memberOf(lots.map(lotOf))));
const posting = (type: Posting["type"], amount: number, more: Partial<Posting> = {}): Posting => ({
  type,
  lot_id: "lot",
  amount,
  reason: "test",
  occurred_at: 0,
  ...more,
});

describe("Rule 6. The books refuse what must never be true; it is a bug, not a refusal", () => {
  test.each<[string, Posting]>([
    ["an entry of nothing", posting("deduct", 0)],
    ["a negative entry", posting("deduct", -1)],
    ["a part of a credit", posting("deduct", 0.5)],
    ["more than is available", posting("deduct", 8)],
    ["settling more than is held", posting("settle_used", 3)],
    ["more in a lot than was ever put in", posting("restore", 2)],
    ["a lot that was not loaded", posting("deduct", 1, { lot_id: "other" })],
    ["a receiver that was not loaded", posting("transfer", 1, { to_lot_id: "other" })],
    ["more in the receiving lot than it may hold", posting("transfer", 2, { to_lot_id: "full" })],
  ])("%s", (_, bad) => {
    const books = booksOf({ granted: 10, available: 7, held: 2 }, { id: "full", granted: 5, available: 4 });
    expect(() => books.post(bad)).toThrow();
    expect(books.changes()).toMatchObject({ entries: [], lots: [] });
  });

  test("to the last credit is borne", () => {
    const books = booksOf({ granted: 10, available: 7, held: 2 });
    books.post(posting("deduct", 7));
    books.post(posting("settle_used", 2));
    books.post(posting("restore", 10));
    expect(books.lot("lot")).toMatchObject({ available: 10, held: 0 });
  });

  test("T8: what is held counts: the sixth hold of 1000 on 5000 is refused", () => {
    const books = booksOf({ granted: 5000 });
    for (let i = 0; i < 5; i += 1) books.post(posting("hold", 1000));
    expect(() => books.post(posting("hold", 1000))).toThrow();
    expect(books.lot("lot")).toMatchObject({ available: 0, held: 5000 });
  });
});

describe("Rule 2. Entries are numbered without gaps, each with the balance it left", () => {
  test("over several lots, starting after the contact's last", () => {
    const contact = { ...memberOf([]).contact, entry_count: 41 };
    const books = new MemberBooks(memberOf([lotOf(), lotOf({ id: "to", available: 1 })], { contact }));
    books.post(posting("hold", 3));
    books.post(posting("transfer", 2, { to_lot_id: "to" }));
    books.post(posting("release", 3));
    expect(books.changes().entries.map((one) => [one.entry_number, one.balance_after])).toEqual([
      [42, 7],
      [43, 5],
      [44, 8],
    ]);
    expect(books.lot("to").available).toBe(3);
    expect(books.member().contact.entry_count).toBe(44);
  });
});

describe("Facts → decision → effects: books are a private copy", () => {
  test("nothing outside changes, and only what was touched is told", () => {
    const member = deepFreeze(memberOf([lotOf(), lotOf({ id: "untouched" })]));
    const books = new MemberBooks(member);
    books.post(posting("deduct", 3));
    books.countUsage("pack", "2026-11-04", 1);
    expect(member.lots[0]!.available).toBe(10);
    expect(books.changes().lots.map(({ id }) => id)).toEqual(["lot"]);
    expect([...books.changes().opened_lot_ids]).toEqual([]);
  });
});
