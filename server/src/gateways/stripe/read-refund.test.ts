import { describe, expect, test } from "vitest";
import { eventOf, HAPPENED, readAs, seconds } from "./testing-events.ts";

const refund = {
  id: "re_1",
  object: "refund",
  amount: 700,
  charge: "ch_1",
  payment_intent: "pi_1",
  status: "succeeded",
  created: seconds(HAPPENED) - 60,
};
const dispute = { id: "dp_1", object: "dispute", charge: "ch_1", payment_intent: "pi_1", status: "needs_response" };
const names = [
  { provider: "stripe", key: "pi_1" },
  { provider: "stripe", key: "ch_1" },
];

describe("Rule 34. A refund is told by its own id", () => {
  test("with the names of the payment it belongs to", () => {
    expect(readAs("refund", eventOf("refund.created", refund)).refund).toEqual({
      provider: "stripe",
      keys: names,
      refund_id: "re_1",
      amount_cents: 700,
      status: "succeeded",
      is_live: true,
      refunded_at: HAPPENED - 60_000,
    });
  });

  test.each([
    ["refund.created", "pending", "pending"],
    ["refund.created", "requires_action", "pending"],
    ["refund.updated", "succeeded", "succeeded"],
    ["charge.refund.updated", "failed", "failed"],
    ["refund.updated", "canceled", "failed"],
    ["refund.failed", "failed", "failed"],
    ["refund.created", null, "succeeded"],
  ])("%s with status %s is %s", (type, status, told) => {
    expect(readAs("refund", eventOf(type, { ...refund, status })).refund.status).toBe(told);
  });

  test("of nothing known is left alone", () => {
    const read = readAs("ignored", eventOf("refund.created", { ...refund, charge: null, payment_intent: null }));
    expect(read.reason).toBe("names_no_payment");
  });
});

describe("Rule 35. A dispute is told by what it has come to", () => {
  test.each([
    ["charge.dispute.created", "needs_response", "open"],
    ["charge.dispute.created", "warning_needs_response", "open"],
    ["charge.dispute.funds_withdrawn", "needs_response", "open"],
    ["charge.dispute.updated", "under_review", "open"],
    ["charge.dispute.closed", "won", "won"],
    ["charge.dispute.closed", "lost", "lost"],
    ["charge.dispute.closed", "warning_closed", "won"],
    ["charge.dispute.closed", "prevented", "won"],
    ["charge.dispute.funds_reinstated", "under_review", "won"],
    ["charge.dispute.funds_withdrawn", "lost", "lost"],
  ])("%s with status %s is %s", (type, status, told) => {
    const read = readAs("dispute", eventOf(type, { ...dispute, status }));
    expect(read.dispute).toMatchObject({ status: told, dispute_id: "dp_1", keys: names, changed_at: HAPPENED });
  });
});
