import { describe, expect, test } from "vitest";
import { MOVEMENTS, signedAmount, type EntryType } from "./entry.ts";

describe("Rule 1, clarification 2. Each type of entry moves from one account to another, with one sign for the member", () => {
  // Type, debit, credit, and the sign that the lot it names shows.
  const table: [EntryType, string, string, -1 | 0 | 1][] = [
    ["grant", "issued", "available", 1],
    ["deduct", "available", "used", -1],
    ["restore", "used", "available", 1],
    ["hold", "available", "held", -1],
    ["release", "held", "available", 1],
    ["settle_used", "held", "used", 0],
    ["settle_no_show", "held", "no_show", 0],
    ["settle_late_cancel", "held", "late_cancel", 0],
    ["unsettle_used", "used", "held", 0],
    ["unsettle_no_show", "no_show", "held", 0],
    ["unsettle_late_cancel", "late_cancel", "held", 0],
    ["expire", "available", "expired", -1],
    ["reinstate", "expired", "available", 1],
    ["rollover", "available", "available", -1],
    ["transfer", "available", "available", -1],
    ["make_good", "available", "available", -1],
    ["refund", "available", "refunded", -1],
    ["refund_undone", "refunded", "available", 1],
    ["shortfall", "shortfall", "refunded", 0],
    ["shortfall_undone", "refunded", "shortfall", 0],
    ["adjust_up", "adjusted", "available", 1],
    ["adjust_down", "available", "adjusted", -1],
    ["usage", "issued", "used", 0],
    ["usage_restore", "used", "issued", 0],
  ];

  test.each(table)("%s: %s → %s, %i", (type, debit, credit, sign) => {
    expect(MOVEMENTS[type]).toEqual({ debit, credit });
    expect(signedAmount(type, 5, false) + 0).toBe(sign * 5 + 0);
  });

  test("no type is missing from the table", () => {
    expect(table.map(([type]) => type).sort()).toEqual(Object.keys(MOVEMENTS).sort());
  });

  test("the lot that receives shows what the other one gives", () => {
    for (const type of ["rollover", "transfer", "make_good"] as const) expect(signedAmount(type, 5, true)).toBe(5);
  });
});
