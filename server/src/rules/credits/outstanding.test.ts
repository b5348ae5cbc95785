import { expect, test } from "vitest";
import { MOVEMENTS, type EntryType } from "./entry.ts";
import { changeOfOwed } from "./outstanding.ts";

test("rule 1. what is owed changes by what crosses its border, and by nothing else", () => {
  const changes = Object.fromEntries(
    (Object.keys(MOVEMENTS) as EntryType[]).map((type) => {
      const change = changeOfOwed(type);
      return [type, change && `${change.sign > 0 ? "+" : "-"} ${change.account}`];
    }),
  );
  expect(changes).toEqual({
    grant: "+ issued",
    deduct: "- used",
    restore: "+ used",
    hold: null,
    release: null,
    settle_used: "- used",
    settle_no_show: "- no_show",
    settle_late_cancel: "- late_cancel",
    unsettle_used: "+ used",
    unsettle_no_show: "+ no_show",
    unsettle_late_cancel: "+ late_cancel",
    expire: "- expired",
    reinstate: "+ expired",
    rollover: null,
    transfer: null,
    make_good: null,
    refund: "- refunded",
    refund_undone: "+ refunded",
    shortfall: null,
    shortfall_undone: null,
    adjust_up: "+ adjusted",
    adjust_down: "- adjusted",
    usage: null,
    usage_restore: null,
  });
});
