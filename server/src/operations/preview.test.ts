import { describe, expect, test } from "vitest";
import { decideDeduct, type ChargeAsk } from "../rules/credits/charge.ts";
import { at, catalogOf, contextOf, factsOf, lotOf, memberOf, packOf } from "../rules/testing.ts";
import { namesRequest, previewable, withoutDryRequest } from "./preview.ts";

const now = at("2026-11-04T09:00");
const facts = factsOf(
  memberOf([lotOf({ id: "old", available: 2, expires_at: now - 1 }), lotOf()]),
  catalogOf([packOf("pack")]),
);
const deduct = previewable<ChargeAsk & { dry_run: boolean }>(decideDeduct);

describe("a dry run", () => {
  test("tells the exact entries and the balances before and after, what fell due among them, and changes nothing", () => {
    const ask = { calendar_id: "yoga", amount: 3, dry_run: true };
    expect(deduct(facts, ask, contextOf(now))).toEqual({
      outcome: {
        reason_code: "deducted",
        balance_after: 7,
        entitlement_id: "lot",
        movements: [{ entitlement_id: "lot", amount: 3 }],
        dry_run: true,
        preview: {
          entries: [
            { type: "expire", amount: -2, entitlement_id: "old", balance_after: 0, reason: "expired" },
            { type: "deduct", amount: -3, entitlement_id: "lot", balance_after: 7, reason: "deducted" },
          ],
          balances: [
            { entitlement_id: "old", before: 2, after: 0 },
            { entitlement_id: "lot", before: 10, after: 7 },
          ],
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/u),
        },
      },
      changes: null,
      member: null,
    });
  });

  test("says exactly what the real run then does", () => {
    const ask = { calendar_id: "yoga", amount: 3 };
    const real = deduct(facts, { ...ask, dry_run: false }, contextOf(now));
    const dry = deduct(facts, { ...ask, dry_run: true }, contextOf(now));
    if (!("outcome" in real) || !("outcome" in dry)) throw new Error("not decided");
    const { entries } = dry.outcome["preview"] as { entries: { balance_after: number }[] };
    expect(entries.map(({ balance_after }) => balance_after)).toEqual(
      real.changes?.entries.map(({ balance_after }) => balance_after),
    );
  });

  test("that is refused writes not even what fell due", () => {
    const ask = { calendar_id: "yoga", amount: 99, dry_run: true };
    expect(deduct(facts, ask, contextOf(now))).toMatchObject({
      outcome: { reason_code: "INSUFFICIENT_CREDITS" },
      changes: null,
      member: null,
    });
  });

  test("needs no request_id, and one that is sent with it stays free for the real request", () => {
    expect([namesRequest({}), namesRequest({ dry_run: true }), namesRequest({ request_id: "r" })]).toEqual([
      false,
      true,
      true,
    ]);
    expect(withoutDryRequest({ request_id: "r", dry_run: true })).toEqual({ dry_run: true });
    expect(withoutDryRequest({ request_id: "r", dry_run: false })).toEqual({ request_id: "r", dry_run: false });
  });
});
