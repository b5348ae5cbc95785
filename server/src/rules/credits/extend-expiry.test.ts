import { describe, expect, test } from "vitest";
import { at, catalogOf, contextOf, factsOf, lotOf, packOf } from "../testing.ts";
import { decideExtend, type ExtendAsk } from "./extend-expiry.ts";
import type { Lot } from "./lot.ts";
import { TestLedger } from "./testing-ledger.ts";

const now = at("2026-11-04T09:00");
const ask: ExtendAsk = { until_on: "2026-12-24", reason: "closed for repairs" };
const new_expiry = at("2026-12-25T00:00");

const lots: Record<string, Partial<Lot>> = {
  soon: { expires_at: now + 1 },
  paused: { expires_at: now + 1, state: "paused" },
  later: { expires_at: new_expiry },
  never: { expires_at: null },
  expired: { expires_at: now },
  revoked: { expires_at: now + 1, state: "revoked", available: 0 },
  held: { granted: 3, available: 0, held: 3, expires_at: now },
  swept: { expires_at: now - 1, available: 0, live: false },
};

function extend(changes: Partial<ExtendAsk> = {}) {
  const all = Object.entries(lots).map(([id, lot]) => lotOf({ id, ...lot }));
  const ledger = new TestLedger(catalogOf([packOf("pack")]), now, all);
  return { ledger, ...ledger.decide(decideExtend, { ...ask, ...changes }, ledger.facts()) };
}

describe("Rule 17. Staff may extend an expiry to the end of a local day", () => {
  test("of every lot that lives and ends earlier, each other one with the reason why not", () => {
    const { ledger, outcome } = extend();
    const changed = { before: new Date(now + 1).toISOString(), after: new Date(new_expiry).toISOString() };
    expect(outcome).toEqual({
      reason_code: "expiry_extended",
      extended: [
        { entitlement_id: "soon", ...changed },
        { entitlement_id: "paused", ...changed },
      ],
      skipped: [
        { entitlement_id: "later", reason: "ALREADY_LATER" },
        { entitlement_id: "never", reason: "NEVER_EXPIRES" },
        { entitlement_id: "revoked", reason: "ENTITLEMENT_EXPIRED" },
        { entitlement_id: "held", reason: "ENTITLEMENT_EXPIRED" },
      ],
    });
    expect(ledger.lots.map((lot) => lot.expires_at)).toEqual([
      new_expiry,
      new_expiry,
      new_expiry,
      null,
      now,
      now + 1,
      now,
      now - 1,
    ]);
  });

  test("one or many by name; a name that means nothing is told, one that was swept has expired", () => {
    const { outcome } = extend({ entitlement_ids: ["soon", "expired", "swept", "unknown"] });
    expect(outcome).toMatchObject({
      extended: [{ entitlement_id: "soon" }],
      skipped: [
        { entitlement_id: "expired", reason: "ENTITLEMENT_EXPIRED" },
        { entitlement_id: "swept", reason: "ENTITLEMENT_EXPIRED" },
        { entitlement_id: "unknown", reason: "NOT_FOUND" },
      ],
    });
  });

  test("it is an audit event with its reason, not an entry", () => {
    const { changes } = extend({ entitlement_ids: ["soon"] });
    expect(changes?.entries.filter((entry) => !entry.is_due)).toEqual([]);
    expect(changes?.audits).toEqual([
      {
        action: "extend_expiry",
        subject: "entitlement soon",
        before: { expires_at: new Date(now + 1).toISOString() },
        after: { expires_at: new Date(new_expiry).toISOString(), reason: "closed for repairs" },
      },
    ]);
  });

  test("nothing that expired comes back, and an expiry is never shortened", () => {
    const { outcome, changes } = extend({ entitlement_ids: ["expired", "later"] });
    expect(outcome).toMatchObject({ reason_code: "NO_ENTITLEMENT", skipped: [{}, {}] });
    expect(changes).toBeNull();
  });

  test("an extended first-use lot ends when staff said, whatever is booked or given back later", () => {
    const config = packOf("pack", { expiry_days: 10, activation: "on_first_use", activate_within_days: 5 });
    const ledger = new TestLedger(catalogOf([config]), now);
    const { entitlement_id } = ledger.grant("pack");
    ledger.decide(decideExtend, ask, ledger.facts());
    ledger.deduct({ calendar_id: "yoga", external_ref: "b" });
    expect(ledger.lot(entitlement_id).expires_at).toBe(new_expiry);
    ledger.restore({ external_ref: "b" });
    expect(ledger.lot(entitlement_id).expires_at).toBe(new_expiry);
  });

  test("refused while billing is suspended, and for an unknown contact", () => {
    const catalog = catalogOf([packOf("pack")]);
    const suspended = factsOf(null, catalog, { is_billing_live: false });
    expect(decideExtend(suspended, ask, contextOf(now))).toMatchObject({
      outcome: { reason_code: "BILLING_SUSPENDED" },
    });
    expect(decideExtend(factsOf(null, catalog), ask, contextOf(now))).toMatchObject({
      outcome: { detail: "UNKNOWN_CONTACT" },
    });
  });
});

test("Rule 17. Asked in days each lot lives so many local days longer than it would, over a change of clocks too", () => {
  const { ledger, outcome } = extend({ until_on: undefined, days: 7 });
  expect(outcome).toMatchObject({
    reason_code: "expiry_extended",
    extended: [{ entitlement_id: "soon" }, { entitlement_id: "paused" }, { entitlement_id: "later" }],
  });
  expect(ledger.lot("later").expires_at).toBe(at("2027-01-01T00:00"));
  const autumn = lotOf({ id: "autumn", expires_at: at("2026-11-01T00:00") });
  const before = new TestLedger(catalogOf([packOf("pack")]), at("2026-10-30T09:00"), [autumn]);
  before.decide(decideExtend, { days: 2, reason: "storm" }, before.facts());
  expect(before.lot("autumn").expires_at).toBe(at("2026-11-03T00:00"));
});
