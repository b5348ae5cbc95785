import type { FakeAccount } from "./account.ts";
import type { Charge, Dispute, Refund } from "./rows.ts";

/** Gives back a part of a charge, or all that is left of it. A pending refund counts from the start, as at Stripe. */
export function refund(
  account: FakeAccount,
  charge_id: string,
  { amount, status = "succeeded" }: { amount?: number; status?: "succeeded" | "pending" } = {},
): Refund {
  const charge = account.get("charges", charge_id);
  const left = charge.amount - charge.amount_refunded;
  const given = amount ?? left;
  if (given <= 0 || given > left) throw new Error(`refund of ${given} where ${left} are left`);
  setRefunded(charge, charge.amount_refunded + given);
  const { id, object, created } = account.begin("re", "refund");
  const { currency, payment_intent } = charge;
  const row = account.add("refunds", {
    id,
    object,
    created,
    amount: given,
    charge: charge_id,
    currency,
    metadata: {},
    payment_intent,
    status,
  });
  account.tell("refund.created", row);
  account.tell("charge.refunded", charge);
  return row;
}

/** What became of a pending refund; one that failed was never given. */
export function settleRefund(account: FakeAccount, refund_id: string, status: "succeeded" | "failed"): Refund {
  const row = account.get("refunds", refund_id);
  row.status = status;
  if (status === "failed") {
    const charge = account.get("charges", row.charge ?? "");
    setRefunded(charge, charge.amount_refunded - row.amount);
    account.tell("refund.failed", row);
  }
  account.tell("refund.updated", row);
  account.tell("charge.refund.updated", row);
  return row;
}

/** The payer's bank questions a charge and takes the money for the time being. */
export function openDispute(account: FakeAccount, charge_id: string): Dispute {
  const charge = account.get("charges", charge_id);
  charge.disputed = true;
  const { amount, currency, payment_intent } = charge;
  const dispute = account.add("disputes", {
    ...account.begin("dp", "dispute"),
    amount,
    charge: charge_id,
    currency,
    metadata: {},
    payment_intent,
    reason: "fraudulent",
    status: "needs_response",
  });
  account.tell("charge.dispute.created", dispute);
  account.tell("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

export function closeDispute(account: FakeAccount, dispute_id: string, status: "won" | "lost"): Dispute {
  const dispute = account.get("disputes", dispute_id);
  dispute.status = status;
  account.tell("charge.dispute.closed", dispute);
  if (status === "won") account.tell("charge.dispute.funds_reinstated", dispute);
  return dispute;
}

function setRefunded(charge: Charge, amount: number): void {
  charge.amount_refunded = amount;
  charge.refunded = amount === charge.amount;
}
