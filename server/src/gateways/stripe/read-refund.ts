import type { ToldDispute, ToldRefund } from "../../rules/payments/told.ts";
import { stripeKeys } from "./payment-keys.ts";
import { amountAt, at, idAt, instantAt, type Fields } from "./read-field.ts";
import type { EventHead, Reading } from "./stripe-event.ts";

type Head = Pick<EventHead, "type" | "created" | "is_live">;

/** `refund.*`: one act of giving back, by its own id. Rule 34. */
export function readRefund(refund: Fields, head: Head): Reading {
  const refund_id = idAt(refund, "id");
  const amount_cents = amountAt(refund, "amount");
  if (refund_id === null || amount_cents === null) return { kind: "unreadable", reason: "object_incomplete" };
  const keys = stripeKeys(idAt(refund, "payment_intent"), idAt(refund, "charge"));
  if (keys.length === 0) return { kind: "ignored", reason: "names_no_payment" };
  const refunded_at = instantAt(refund, "created") ?? head.created;
  const status = refundStatus(at(refund, "status"), head.type);
  return {
    kind: "refund",
    refund: { provider: "stripe", keys, refund_id, amount_cents, status, is_live: head.is_live, refunded_at },
  };
}

/** A status is missing only on refunds of before statuses, which had all succeeded. */
function refundStatus(status: unknown, type: string): ToldRefund["status"] {
  if (type === "refund.failed" || status === "failed" || status === "canceled") return "failed";
  return status === "succeeded" || status == null ? "succeeded" : "pending";
}

/** `charge.dispute.*`: what the bank's question has come to. Rule 35. */
export function readDispute(dispute: Fields, head: Head): Reading {
  const dispute_id = idAt(dispute, "id");
  if (dispute_id === null) return { kind: "unreadable", reason: "object_incomplete" };
  const keys = stripeKeys(idAt(dispute, "payment_intent"), idAt(dispute, "charge"));
  if (keys.length === 0) return { kind: "ignored", reason: "names_no_payment" };
  const status = disputeStatus(at(dispute, "status"), head.type);
  return {
    kind: "dispute",
    dispute: { provider: "stripe", keys, dispute_id, status, is_live: head.is_live, changed_at: head.created },
  };
}

/** An inquiry that was closed took no money; a dispute that was prevented was refunded, and the refund tells of it. */
function disputeStatus(status: unknown, type: string): ToldDispute["status"] {
  if (status === "lost") return "lost";
  if (status === "won" || status === "warning_closed" || status === "prevented") return "won";
  return type === "charge.dispute.funds_reinstated" ? "won" : "open";
}
