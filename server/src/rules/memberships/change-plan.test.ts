import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, NEW_YORK } from "../testing.ts";
import { DAY } from "../time/local-days.ts";
import { decideChangePlan, shareLeft, type ChangePlanAsk } from "./change-plan.ts";
import { openMember } from "./testing-membership.ts";

const began = "2026-01-10T15:00";

function open(terms: object = {}) {
  const plans = {
    gold: { renewal: "schedule" as const, ...terms },
    more: { monthly_credits: 20 },
    most: { monthly_credits: 31 },
    less: { monthly_credits: 4 },
    open: { monthly_credits: "unlimited" as const },
  };
  const member = openMember(plans, began);
  member.pay(began);
  const change = (product_config_id: string, when?: ChangePlanAsk["when"]) =>
    member.command(decideChangePlan, { membership_id: member.membership().id, product_config_id, when });
  return { ...member, change };
}

describe("Rule 25. An upgrade holds now", () => {
  test.each([
    ["2026-01-10T16:00", 12], // 31 of 31 days are left.
    ["2026-01-25T09:00", 6], // 16 of 31: 6.19.
    ["2026-01-28T09:00", 5], // 13 of 31: 5.03.
    ["2026-02-09T23:59", 0], // 1 of 31: 0.39.
  ])("at %s it gives %i credits of the difference of 12, into the same period", (when, granted) => {
    const member = open();
    member.wait(when);
    expect(member.change("more")).toMatchObject({
      reason_code: "plan_changed",
      when: "now",
      membership: { product_config_id: "more" },
    });
    const lots = member.ledger.lots.filter(({ origin }) => origin === "adjustment");
    expect(lots.map((lot) => [lot.product_config_id, lot.granted, lot.expires_at, lot.period_start_at])).toEqual(
      granted > 0 ? [["more", granted, at("2026-02-10T00:00"), at(began)]] : [],
    );
    member.settle("2026-02-10T00:00");
    expect(member.creditsAt("2026-02-10T00:00")).toBe(20);
  });

  test("left for fewer now and taken again, it gives nothing twice; a better one only the difference to it", () => {
    const member = open();
    member.wait("2026-01-25T09:00");
    member.change("more");
    member.change("less", "now");
    member.change("more");
    expect(member.entries()).toEqual(["grant 8 @2026-01-10", "adjust_up 6 @2026-01-25"]);
    member.change("gold", "now");
    member.change("most");
    // 31 − 20 for 16 of 31 days: 5.68.
    expect(member.entries().slice(2)).toEqual(["adjust_up 6 @2026-01-25"]);
  });

  test("to unlimited: the rest of the period is covered without a balance", () => {
    const member = open();
    member.wait("2026-01-20T09:00");
    member.change("open");
    expect(member.ledger.check({ calendar_id: "yoga", amount: 50 }).outcome).toMatchObject({ unlimited: true });
  });

  test("frozen days are neither left nor in the period", () => {
    const member = open();
    member.freeze({ from_on: "2026-01-12", to_on: "2026-01-22" });
    member.wait("2026-02-04T09:00");
    member.change("more");
    expect(member.ledger.lots.find(({ origin }) => origin === "adjustment")).toMatchObject({
      granted: 6, // 16 of 31.
      expires_at: at("2026-02-20T00:00"),
    });
  });

  test("always between nothing and the whole difference, never more than a day earlier", () => {
    const period = { start_at: at(began), end_at: at("2026-02-10T00:00") };
    const none = { freezes: [], renewal: "payment" } as const;
    const share = (difference: number, day: number) =>
      shareLeft(difference, none, period, Math.max(period.start_at, at("2026-01-10T00:00") + day * DAY), NEW_YORK);
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 500 }), fc.integer({ min: 0, max: 30 }), (difference, day) => {
        expect(share(difference, day)).toBeGreaterThanOrEqual(share(difference, day + 1));
        expect(share(difference, 0)).toBe(Math.max(0, difference));
        expect(share(difference, 31)).toBe(0);
      }),
    );
  });

  test("half a credit is rounded up", () => {
    const period = { start_at: at("2026-02-01T00:00"), end_at: at("2026-03-01T00:00") };
    const none = { freezes: [], renewal: "payment" } as const;
    expect(shareLeft(1, none, period, at("2026-02-15T09:00"), NEW_YORK)).toBe(1);
    expect(shareLeft(1, none, period, at("2026-02-16T09:00"), NEW_YORK)).toBe(0);
  });
});

describe("Rule 25. A downgrade holds from the next period", () => {
  test("nothing is taken back, and the next period is the new plan's", () => {
    const member = open();
    expect(member.change("less")).toMatchObject({
      when: "next_period",
      membership: { product_config_id: "gold", next_product_config_id: "less" },
    });
    expect(member.creditsAt("2026-01-11T09:00")).toBe(8);
    member.settle("2026-02-10T00:00");
    expect(member.creditsAt("2026-02-10T00:00")).toBe(4);
    expect(member.membership()).toMatchObject({ product_config_id: "less", next_config_id: null });
  });

  test("paid for under the old plan's name the next period is the new plan's all the same", () => {
    const member = open({ renewal: "payment" });
    member.change("less");
    expect(member.pay("2026-02-01T09:00")).toMatchObject({ product_config_id: "less", granted: 4 });
    expect(member.membership().product_config_id).toBe("gold");
    member.settle("2026-02-10T00:00");
    expect(member.membership()).toMatchObject({ product_config_id: "less", status: "active" });
  });

  test("a period that was paid before stays what it was", () => {
    const member = open({ renewal: "payment" });
    member.pay("2026-02-01T09:00");
    member.change("less");
    member.settle("2026-02-10T00:00");
    expect(member.creditsAt("2026-02-10T00:00")).toBe(8);
    expect(member.membership().next_config_id).toBe("less");
  });

  test("changed back before it holds, nothing has changed", () => {
    const member = open();
    member.change("less");
    expect(member.change("gold")).toMatchObject({ membership: { next_product_config_id: null } });
    expect(member.entries()).toEqual(["grant 8 @2026-01-10"]);
  });

  test("asked for now it holds now and gives nothing", () => {
    const member = open();
    member.change("less", "now");
    expect(member.membership().product_config_id).toBe("less");
    expect(member.creditsAt("2026-01-11T09:00")).toBe(8);
  });
});

describe("Rule 25. What a change of plan refuses", () => {
  test("CONFIG_NOT_FOUND for no plan; its own plan, another membership's, and one about to end are not well-formed", () => {
    const member = open();
    expect(member.change("pack")).toMatchObject({ reason_code: "CONFIG_NOT_FOUND" });
    const nothing = { membership_id: "another", product_config_id: "unknown" };
    expect(member.command(decideChangePlan, nothing)).toMatchObject({ reason_code: "CONFIG_NOT_FOUND" });
    const another = { ...nothing, product_config_id: "more" };
    expect(member.command(decideChangePlan, another)).toMatchObject({ reason_code: "MEMBERSHIP_NOT_FOUND" });
    expect(() => member.change("gold")).toThrow("its plan already");
    member.pay("2026-01-11T09:00", { config: "more" });
    expect(() => member.change("more")).toThrow("another membership");
  });

  test("MEMBERSHIP_NOT_ACTIVE while it is unpaid", () => {
    const member = open({ renewal: "payment" });
    member.settle("2026-02-12T09:00");
    expect(member.change("more")).toMatchObject({ reason_code: "MEMBERSHIP_NOT_ACTIVE", status: "past_due" });
  });
});
