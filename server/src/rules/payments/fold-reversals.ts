import type { Instant } from "../time/local-days.ts";
import type { Dispute, Refund } from "./payment-event.ts";
import { CUMULATIVE } from "./refunded.ts";
import type { ToldDispute, ToldRefund } from "./told.ts";

// What is known of refunds and disputes is a fold over all that was told, in any order and however often. Rules 34, 35.

/** A refund goes forward only: one that failed does not succeed any more. */
const ORDER_OF_STATUS = ["pending", "succeeded", "failed"] as const;

export function refundOf({ provider, refund_id, amount_cents, status, refunded_at }: ToldRefund): Refund {
  return { provider, refund_id: refund_id ?? CUMULATIVE, amount_cents, status, refunded_at };
}

/** The refunds with one more telling; the same list where it says nothing new. */
export function mergeRefund(refunds: readonly Refund[], told: Refund): readonly Refund[] {
  const known = refunds.find(({ provider, refund_id }) => provider === told.provider && refund_id === told.refund_id);
  if (!known) return [...refunds, told].sort((a, b) => compare(keyOf(a), keyOf(b)));
  const is_further = ORDER_OF_STATUS.indexOf(told.status) > ORDER_OF_STATUS.indexOf(known.status);
  const merged: Refund = {
    ...known,
    status: is_further ? told.status : known.status,
    amount_cents: Math.max(known.amount_cents, told.amount_cents),
    refunded_at: refundedAt(known, told),
  };
  return isSame(merged, known) ? refunds : refunds.map((refund) => (refund === known ? merged : refund));
}

/** Since when it was so much: of what is told as a sum so far the figure grows. */
function refundedAt(known: Refund, told: Refund): Instant {
  if (known.amount_cents === told.amount_cents) return Math.min(known.refunded_at, told.refunded_at);
  return (told.amount_cents > known.amount_cents ? told : known).refunded_at;
}

export function disputeOf({ provider, dispute_id, status, changed_at }: ToldDispute): Dispute {
  return {
    provider,
    dispute_id,
    status,
    opened_at: changed_at,
    changed_at,
    won_at: status === "won" ? changed_at : null,
    lost_at: status === "lost" ? changed_at : null,
    released: [],
  };
}

/** The disputes with one more telling; the same list where it says nothing new. */
export function mergeDispute(disputes: readonly Dispute[], told: Dispute): readonly Dispute[] {
  const known = disputes.find(
    ({ provider, dispute_id }) => provider === told.provider && dispute_id === told.dispute_id,
  );
  if (!known) return [...disputes, told].sort((a, b) => compare(keyOf(a), keyOf(b)));
  const opened_at = Math.min(known.opened_at, told.opened_at);
  const won_at = earlier(known.won_at, told.won_at);
  const lost_at = earlier(known.lost_at, told.lost_at);
  const merged = { ...known, opened_at, won_at, lost_at, ...outcomeOf(opened_at, won_at, lost_at) };
  return isSame(merged, known) ? disputes : disputes.map((dispute) => (dispute === known ? merged : dispute));
}

/** What was decided later counts; a decision counts before a question. */
function outcomeOf(
  opened_at: Instant,
  won_at: Instant | null,
  lost_at: Instant | null,
): Pick<Dispute, "status" | "changed_at"> {
  if (lost_at !== null && (won_at === null || lost_at >= won_at)) return { status: "lost", changed_at: lost_at };
  if (won_at !== null) return { status: "won", changed_at: won_at };
  return { status: "open", changed_at: opened_at };
}

function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function keyOf(reversal: Refund | Dispute): string {
  return `${reversal.provider} ${"refund_id" in reversal ? reversal.refund_id : reversal.dispute_id}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
