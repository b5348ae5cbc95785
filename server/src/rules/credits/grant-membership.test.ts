import { describe, expect, test } from "vitest";
import { at, catalogOf, membershipOf, packOf } from "../testing.ts";
import { statusOf } from "./lot.ts";
import { TestLedger } from "./testing-ledger.ts";

const catalog = catalogOf([
  membershipOf("gold"),
  membershipOf("silver", { anchor: "calendar_month" }),
  membershipOf("generous", { expiry_days: 7 }),
  packOf("pack"),
]);
const yoga = { calendar_id: "yoga" };

function start(when: string) {
  const ledger = new TestLedger(catalog, at(when));
  const pay = (paid: string, config = "gold") => {
    const { entitlement_id } = ledger.grant(config, { paid_at: at(paid) });
    return ledger.lot(entitlement_id);
  };
  const balance = (when_asked: string) => {
    ledger.now = at(when_asked);
    const { outcome } = ledger.check({ ...yoga, amount: 1 });
    return outcome.reason_code === "eligible" ? Number(outcome.balance_after) + 1 : 0;
  };
  return { ledger, pay, balance };
}

describe("Rule 18. The first payment starts the membership, each further one opens its next period", () => {
  test("one membership, one lot per period, the lots belonging to it", () => {
    const { ledger, pay } = start("2026-01-31T15:00");
    const first = pay("2026-01-31T15:00");
    ledger.now = at("2026-02-28T09:00");
    const second = pay("2026-02-28T09:00");
    expect([...ledger.memberships.values()]).toMatchObject([{ anchor_on: "2026-01-31", product_config_id: "gold" }]);
    expect(first).toMatchObject({
      origin: "period",
      period_start_at: at("2026-01-31T15:00"),
      expires_at: at("2026-02-28T00:00"),
    });
    expect(second).toMatchObject({ period_start_at: at("2026-02-28T00:00"), period_end_at: at("2026-03-31T00:00") });
    expect(second.membership_id).toBe(first.membership_id);
  });

  test("paid early: scheduled until its period starts, then there without anybody's doing", () => {
    const { ledger, pay, balance } = start("2026-01-31T15:00");
    pay("2026-01-31T15:00");
    ledger.now = at("2026-02-20T09:00");
    const early = pay("2026-02-20T09:00");
    expect(statusOf(early, ledger.now)).toBe("scheduled");
    expect(balance("2026-02-27T23:59")).toBe(8);
    expect(balance("2026-02-28T00:00")).toBe(8);
    ledger.settle();
    expect(ledger.entries.map(({ type }) => type)).toEqual(["grant", "grant", "expire"]);
  });

  test("a scheduled period is usable for a service date inside it", () => {
    const { ledger, pay } = start("2026-01-31T15:00");
    pay("2026-01-31T15:00");
    const early = pay("2026-01-31T15:00");
    const { outcome } = ledger.deduct({ ...yoga, appointment_time: at("2026-03-05T09:00") });
    expect(outcome).toMatchObject({ entitlement_id: early.id, balance_after: 7 });
  });

  test("paid late: the period that was missed, from its own start", () => {
    const { ledger, pay } = start("2026-01-31T15:00");
    pay("2026-01-31T15:00");
    ledger.now = at("2026-03-20T09:00");
    expect(pay("2026-03-20T09:00")).toMatchObject({
      effective_at: at("2026-02-28T00:00"),
      expires_at: at("2026-03-31T00:00"),
    });
  });

  test("told late of a payment in time: its own period, granted and expired (rule 20)", () => {
    const { ledger, pay, balance } = start("2026-01-31T15:00");
    pay("2026-01-31T15:00");
    ledger.now = at("2026-04-15T09:00");
    expect(pay("2026-03-01T09:00")).toMatchObject({
      period_start_at: at("2026-02-28T00:00"),
      available: 0,
      live: false,
    });
    expect(ledger.entries.map(({ type }) => type)).toEqual(["grant", "expire", "grant", "expire"]);
    expect(balance("2026-04-15T09:00")).toBe(0);
  });

  test("a first period that is wholly past is granted and expired (clarification 19)", () => {
    const { ledger, pay } = start("2026-04-15T09:00");
    expect(pay("2026-01-31T15:00")).toMatchObject({ granted: 8, available: 0, live: false });
    expect([...ledger.memberships.values()]).toMatchObject([{ anchor_on: "2026-01-31" }]);
  });

  test("a first calendar period gives full credits, however short it is", () => {
    const { pay } = start("2026-01-31T23:00");
    expect(pay("2026-01-31T23:00", "silver")).toMatchObject({ granted: 8, expires_at: at("2026-02-01T00:00") });
  });

  test("another config is another membership", () => {
    const { ledger, pay } = start("2026-01-31T15:00");
    expect(pay("2026-01-31T15:00").membership_id).not.toBe(pay("2026-01-31T15:00", "silver").membership_id);
    expect(ledger.memberships.size).toBe(2);
  });
});

describe("Rule 19. Exactly at a boundary (regressions of other engines)", () => {
  test("T1: recurrence exactly at creation instant grants once", () => {
    const { ledger, pay, balance } = start("2026-02-01T00:00");
    expect(pay("2026-02-01T00:00", "silver")).toMatchObject({
      period_start_at: at("2026-02-01T00:00"),
      period_end_at: at("2026-03-01T00:00"),
    });
    ledger.settle();
    expect(balance("2026-02-01T00:00")).toBe(8);
    expect(ledger.entries).toHaveLength(1);
  });

  test("T1: a renewal paid exactly at the boundary opens that period, once", () => {
    const { ledger, pay, balance } = start("2026-01-31T15:00");
    pay("2026-01-31T15:00");
    ledger.now = at("2026-02-28T00:00");
    expect(pay("2026-02-28T00:00").period_start_at).toBe(at("2026-02-28T00:00"));
    expect(balance("2026-02-28T00:00")).toBe(8);
    // Until the payment came the boundary was unpaid, and the old credits lived by grace (rule 26).
    expect(ledger.entries.map(({ type }) => type)).toEqual(["grant", "grant", "expire"]);
    expect(ledger.entries[2]).toMatchObject({ occurred_at: at("2026-02-28T00:00"), balance_after: 0 });
  });

  test("T2: balance read exactly at period start includes the new grant, not the old one", () => {
    const { ledger, pay, balance } = start("2026-01-31T15:00");
    pay("2026-01-31T15:00");
    ledger.deduct({ ...yoga, amount: 5 });
    pay("2026-01-31T15:00");
    expect(balance("2026-02-27T23:59:59.999")).toBe(3);
    expect(balance("2026-02-28T00:00")).toBe(8);
  });

  test("T3: another lot mid-period does not re-apply the recurrence", () => {
    const { ledger, pay, balance } = start("2026-01-31T15:00");
    pay("2026-01-31T15:00");
    ledger.now = at("2026-02-10T09:00");
    pay("2026-02-10T09:00", "pack");
    expect(balance("2026-02-10T09:00")).toBe(18);
    // The boundary passed unpaid: a week of grace (rule 26), and then only the pack is left.
    expect(balance("2026-03-06T23:59")).toBe(18);
    expect(balance("2026-03-07T00:00")).toBe(10);
    expect([...ledger.memberships.keys()].flatMap((id) => ledger.paidPeriods(id))).toEqual([at("2026-01-31T15:00")]);
  });
});

test("Rule 21. A period's credits may outlive it by expiry_days, beside the next period's", () => {
  const { ledger, pay, balance } = start("2026-01-31T15:00");
  pay("2026-01-31T15:00", "generous");
  ledger.now = at("2026-02-28T09:00");
  pay("2026-02-28T09:00", "generous");
  expect(balance("2026-03-06T23:59")).toBe(16);
  expect(balance("2026-03-07T00:00")).toBe(8);
});
