import { describe, expect, test } from "vitest";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { at } from "../testing.ts";
import { decideCancel, decideResume } from "./cancel.ts";
import { openMember } from "./testing-membership.ts";

const began = "2026-01-10T15:00";

function open(terms: object = {}) {
  const member = openMember({ gold: terms }, began);
  const lot = member.pay(began);
  const id = () => ({ membership_id: member.membership().id });
  const cancel = (ask: { mode?: "now" | "at_period_end"; keep_credits?: boolean } = {}) =>
    member.command(decideCancel, { mode: "at_period_end", keep_credits: false, ...ask, ...id() });
  const resume = () => member.command(decideResume, id());
  return { ...member, cancel, resume, lot: () => member.ledger.lot(lot.id) };
}

describe("Rule 24. Cancelled at the end of the period", () => {
  test("it goes on to the end of what is paid and then ends; its credits live to their own expiry", () => {
    const member = open({ expiry_days: 5, renewal: "schedule" });
    expect(member.cancel()).toMatchObject({
      reason_code: "membership_cancelled",
      membership: { status: "active", ends_at: "2026-02-10T05:00:00.000Z" },
    });
    member.settle("2026-02-10T00:00");
    expect(member.membership().status).toBe("ended");
    expect(member.creditsAt("2026-02-14T23:59")).toBe(8);
    member.settle("2026-02-15T00:00");
    expect(member.entries()).toEqual(["grant 8 @2026-01-10", "expire 8 @2026-02-15"]);
  });

  test("a membership that was to end does not become past due: it ends (rule 26)", () => {
    const member = open();
    member.cancel();
    member.settle("2026-03-01T00:00");
    expect(member.membership()).toMatchObject({ status: "ended", grace_until: null });
    expect(member.entries()).toEqual(["grant 8 @2026-01-10", "expire 8 @2026-02-10"]);
  });

  test("a period paid ahead, or a prepaid term, is served first", () => {
    const ahead = open();
    ahead.pay("2026-01-12T09:00");
    expect(ahead.cancel()).toMatchObject({ membership: { ends_at: "2026-03-10T04:00:00.000Z" } });
    const term = open({ term_months: 6 });
    expect(term.cancel()).toMatchObject({ membership: { ends_at: "2026-07-10T04:00:00.000Z" } });
  });

  test("it can be undone: resumed, or by a payment made after it (clarification 19)", () => {
    const member = open();
    member.cancel();
    expect(member.resume()).toMatchObject({ reason_code: "membership_resumed", membership: { ends_at: null } });
    expect(member.resume()).toMatchObject({ reason_code: "NOT_ENDING" });
    member.cancel();
    member.pay("2026-02-01T09:00");
    expect(member.membership().ends_at).toBeNull();
  });

  test("a payment made before it and told after it is served, and undoes nothing", () => {
    const member = open();
    member.wait("2026-02-09T09:00");
    member.cancel();
    member.pay("2026-02-09T08:00", { told: "2026-02-09T09:10" });
    expect(member.membership().ends_at).toBe(at("2026-03-10T00:00"));
  });

  test("what is unpaid by now ends at once", () => {
    const member = open();
    member.settle("2026-02-12T09:00");
    member.cancel();
    expect(member.membership().status).toBe("ended");
    expect(member.entries()).toEqual(["grant 8 @2026-01-10", "expire 8 @2026-02-12"]);
  });

  test("a payment after it has ended starts another membership", () => {
    const member = open();
    member.cancel();
    const lot = member.pay("2026-03-20T09:00");
    expect(member.ledger.memberships.size).toBe(2);
    expect(lot.period_start_at).toBe(at("2026-03-20T09:00"));
  });
});

describe("Rule 24. Cancelled now", () => {
  test("its own lots are voided to refunded, paid ahead too; packages are never touched", () => {
    const member = open();
    const ahead = member.pay("2026-01-12T09:00");
    const pack = member.pay("2026-01-12T09:00", { config: "pack" });
    member.use("2026-01-13T09:00", 3);
    member.cancel({ mode: "now" });
    expect(member.membership().status).toBe("ended");
    expect(member.entries().slice(-2)).toEqual(["refund 5 @2026-01-12", "refund 8 @2026-01-12"]);
    expect([member.lot(), member.ledger.lot(ahead.id)]).toMatchObject([{ state: "revoked" }, { state: "revoked" }]);
    expect(member.ledger.lot(pack.id)).toMatchObject({ state: "open", available: 10 });
    expect(brokenInvariants(member.ledger)).toEqual([]);
  });

  test("with keep_credits they live on to their own expiry", () => {
    const member = open();
    member.cancel({ mode: "now", keep_credits: true });
    expect(member.creditsAt("2026-02-09T23:59")).toBe(8);
    member.settle("2026-02-10T00:00");
    expect(member.entries()).toEqual(["grant 8 @2026-01-10", "expire 8 @2026-02-10"]);
  });

  test("what is held stays until its booking says where it goes", () => {
    const member = open();
    member.ledger.seed({ ...member.lot(), available: 6, held: 2 });
    member.cancel({ mode: "now" });
    expect(member.lot()).toMatchObject({ available: 0, held: 2, live: true, state: "revoked" });
  });

  test("a freeze ends with it, and only its days so far are given", () => {
    const member = open();
    member.wait("2026-01-15T09:00");
    member.freeze({ to_on: "2026-02-15" });
    member.wait("2026-01-20T09:00");
    member.cancel({ mode: "now", keep_credits: true });
    expect(member.lot().expires_at).toBe(at("2026-02-15T00:00"));
    expect(member.creditsAt("2026-01-20T10:00")).toBe(8);
  });
});
