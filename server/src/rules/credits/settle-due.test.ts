import { describe, expect, test } from "vitest";
import { at, catalogOf, lotOf, packOf } from "../testing.ts";
import { decideDue } from "./settle-due.ts";
import { TestLedger } from "./testing-ledger.ts";

const now = at("2026-11-04T09:00");
const catalog = catalogOf([packOf("pack")]);

describe("Rule 15. What is left of an expired lot is booked to expired, once", () => {
  test("at the instant of its expiry, and with that instant as the time it became true", () => {
    const ledger = new TestLedger(catalog, now - 1, [lotOf({ available: 4, expires_at: now })]);
    ledger.settle();
    expect(ledger.entries).toEqual([]);
    ledger.now = now;
    ledger.settle();
    expect(ledger.entries).toMatchObject([
      { type: "expire", amount: 4, balance_after: 0, occurred_at: now, is_due: true },
    ]);
    expect(ledger.lot("lot")).toMatchObject({ available: 0, live: false });
  });

  test("running it again, or late, changes nothing more", () => {
    const ledger = new TestLedger(catalog, now + 99, [lotOf({ expires_at: now })]);
    ledger.settle();
    const again = ledger.decide(decideDue, null, ledger.facts(undefined, true));
    expect(again.changes).toMatchObject({ entries: [], lots: [] });
    expect(ledger.entries).toMatchObject([{ type: "expire", occurred_at: now }]);
  });

  test("in order of time, whatever the order of the lots", () => {
    const ledger = new TestLedger(catalog, now, [
      lotOf({ id: "c", expires_at: now }),
      lotOf({ id: "b", expires_at: now - 5 }),
      lotOf({ id: "a", expires_at: now }),
    ]);
    ledger.settle();
    expect(ledger.entries.map((entry) => entry.entitlement_id)).toEqual(["b", "a", "c"]);
  });

  test("never what is held: that lot stays live until its bookings are settled", () => {
    const ledger = new TestLedger(catalog, now, [lotOf({ granted: 5, available: 2, held: 3, expires_at: now })]);
    ledger.settle();
    expect(ledger.lot("lot")).toMatchObject({ available: 0, held: 3, live: true });
  });

  test("a lot with nothing left is closed without an entry", () => {
    const ledger = new TestLedger(catalog, now, [
      lotOf({ id: "empty", available: 0, expires_at: now }),
      lotOf({ id: "unlimited", unlimited: true, expires_at: now }),
    ]);
    ledger.settle();
    expect(ledger.entries).toEqual([]);
    expect(ledger.lots.map((lot) => lot.live)).toEqual([false, false]);
  });

  test("other lots are not touched (T11)", () => {
    const ledger = new TestLedger(catalog, now, [lotOf({ id: "old", expires_at: now }), lotOf({ id: "new" })]);
    ledger.settle();
    expect(ledger.lot("new")).toEqual(lotOf({ id: "new" }));
  });
});

describe("Rule 15. Every mutation settles what is due before it is decided, so a late job changes nothing", () => {
  test.each([
    ["a refused deduction", (ledger: TestLedger) => ledger.deduct({ calendar_id: "yoga", amount: 99 }).outcome],
    ["a refused restore", (ledger: TestLedger) => ledger.restore({ external_ref: "unknown" })],
    ["a grant", (ledger: TestLedger) => ledger.grant("pack")],
  ])("%s", (_, mutate) => {
    const ledger = new TestLedger(catalog, now, [lotOf({ expires_at: now })]);
    mutate(ledger);
    expect(ledger.entries[0]).toMatchObject({ type: "expire", entitlement_id: "lot", is_due: true });
  });

  test("a check settles nothing", () => {
    const ledger = new TestLedger(catalog, now, [lotOf({ expires_at: now })]);
    ledger.check({ calendar_id: "yoga" });
    expect(ledger.lot("lot").live).toBe(true);
  });
});
