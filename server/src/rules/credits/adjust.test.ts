import { describe, expect, test } from "vitest";
import { openMember } from "../memberships/testing-membership.ts";
import { at } from "../testing.ts";
import { decideAdjust, type AdjustAsk } from "./adjust.ts";
import { brokenInvariants } from "./testing-audit.ts";

function open() {
  const member = openMember({ gold: {}, open: { monthly_credits: "unlimited" } }, "2026-01-10T15:00");
  const adjust = (ask: Partial<AdjustAsk> & { amount: number }) =>
    member.command(decideAdjust, { reason: "sorry for the cold pool", ...ask });
  return { ...member, adjust };
}

describe("Rule 2. Staff adjust by an entry with their reason", () => {
  test("added: a lot of its own, so that a top-up never joins an expiring lot", () => {
    const member = open();
    const pack = member.pay("2026-01-10T15:00", { config: "pack" });
    const outcome = member.adjust({ amount: 3, product_config_id: "pack", until_on: "2026-03-01" });
    expect(outcome).toMatchObject({ reason_code: "credits_adjusted", amount: 3 });
    const [added] = member.ledger.lots.filter(({ origin }) => origin === "adjustment");
    expect(added).toMatchObject({ granted: 3, available: 3, expires_at: at("2026-03-02T00:00"), membership_id: null });
    expect(member.ledger.lot(pack.id).available).toBe(10);
    expect(member.ledger.entries.at(-1)).toMatchObject({ type: "adjust_up", reason: "sorry for the cold pool" });
    expect(brokenInvariants(member.ledger)).toEqual([]);
  });

  test("of a membership's plan: into its running period, and rolled over or expired with it", () => {
    const member = open();
    member.pay("2026-01-10T15:00");
    member.adjust({ amount: 2, product_config_id: "gold" });
    expect(member.creditsAt("2026-02-09T23:59")).toBe(10);
    expect(member.ledger.lots.at(-1)).toMatchObject({ expires_at: at("2026-02-10T00:00"), origin: "adjustment" });
  });

  test("taken: in burn order, over several lots, all or nothing", () => {
    const member = open();
    member.pay("2026-01-10T15:00");
    member.pay("2026-01-10T15:00", { config: "pack" });
    expect(member.adjust({ amount: -11 })).toMatchObject({ movements: [{ amount: -8 }, { amount: -3 }] });
    expect(member.adjust({ amount: -8 })).toMatchObject({ reason_code: "INSUFFICIENT_CREDITS", balance: 7 });
    expect(member.entries().slice(-2)).toEqual(["adjust_down 8 @2026-01-10", "adjust_down 3 @2026-01-10"]);
    expect(brokenInvariants(member.ledger)).toEqual([]);
  });

  test("taken only from what is named", () => {
    const member = open();
    const gold = member.pay("2026-01-10T15:00");
    member.pay("2026-01-10T15:00", { config: "pack" });
    expect(member.adjust({ amount: -9, entitlement_id: gold.id })).toMatchObject({ balance: 8 });
    expect(member.adjust({ amount: -2, product_config_id: "pack" }).reason_code).toBe("credits_adjusted");
    expect(member.adjust({ amount: -1, entitlement_id: "another" })).toMatchObject({ reason_code: "NO_ENTITLEMENT" });
  });

  test("what cannot be meant is not well-formed: no product, an unlimited one, a past day, no period to add to", () => {
    const member = open();
    expect(() => member.adjust({ amount: 1 })).toThrow("is required to add credits");
    expect(() => member.adjust({ amount: 1, product_config_id: "open" })).toThrow("unlimited");
    expect(() => member.adjust({ amount: 1, product_config_id: "pack", until_on: "2026-01-09" })).toThrow("past");
    expect(() => member.adjust({ amount: 1, product_config_id: "gold" })).toThrow("no membership");
    expect(member.adjust({ amount: 1, product_config_id: "none" })).toMatchObject({ reason_code: "CONFIG_NOT_FOUND" });
    const nobody = { ...member.ledger.facts(), member: null };
    const decide = (ask: AdjustAsk) => member.ledger.decide(decideAdjust, ask, nobody).outcome;
    const ask = { amount: 1, product_config_id: "pack", reason: "r" };
    expect(decide(ask)).toMatchObject({ reason_code: "NO_ENTITLEMENT", detail: "UNKNOWN_CONTACT" });
    expect(decide({ ...ask, product_config_id: "none" })).toMatchObject({ reason_code: "CONFIG_NOT_FOUND" });
  });
});
