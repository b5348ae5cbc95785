import type { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Facts, Unattached } from "../decision.ts";
import { mergeDispute, mergeRefund } from "./fold-reversals.ts";
import type { PaymentEvent, PaymentItem } from "./payment-event.ts";
import { withFlag } from "./payment-flags.ts";
import { refundedCents } from "./refunded.ts";
import { standStill } from "./stand-still.ts";
import { lotsOfItem, takeBack, type Cause } from "./take-back.ts";

/**
 * Rules 34, 35. Makes the books say what all refunds and disputes of a payment come to, whatever was told last: reckons what should be
 * gone of each item and posts the difference to what is. Nothing is taken twice, and telling it again changes nothing.
 */
export function settleReversals(
  books: MemberBooks,
  payment: PaymentEvent,
  cause: Cause,
  { catalog, member }: Pick<Facts, "catalog" | "member">,
  context: Context,
): PaymentEvent {
  const is_own = payment.contact_id === books.contact.id;
  const items = payment.items.map((item) =>
    is_own ? reverseItem(books, item, payment, cause) : reverseMerged(item, payment),
  );
  const short = flagShortfall(payment, { ...payment, items });
  const reversed = withFlag(short, "refund_unreckoned", isUnreckoned(short));
  const settled = is_own
    ? standStill(books, reversed, member?.history ?? [], catalog.policy.timezone, context.now)
    : reversed;
  const returned_to = items.flatMap(({ taken, entitlement_id }, index) =>
    taken < (payment.items[index]?.taken ?? 0) && entitlement_id !== null ? entitlement_id : [],
  );
  const before = availableIn(books, returned_to);
  // What was given back to a lot that is over expires, so that the history is complete.
  settleDue(books, catalog, context);
  const flagged = availableIn(books, returned_to) < before ? withFlag(settled, "returned_expired") : settled;
  books.putPayment(flagged);
  return flagged;
}

/** More than staff have seen is to be seen again. */
function flagShortfall(before: PaymentEvent, after: PaymentEvent): PaymentEvent {
  const sum = ({ items }: PaymentEvent) => items.reduce((all, { shortfall }) => all + shortfall, 0);
  const unseen = sum(after) > sum(before) ? withFlag(after, "shortfall", false) : after;
  return withFlag(unseen, "shortfall", sum(after) > 0);
}

function availableIn(books: MemberBooks, lot_ids: readonly string[]): number {
  return lot_ids.reduce((sum, id) => sum + (books.lots.get(id)?.available ?? 0), 0);
}

/** The ratio is unknown, so nothing is taken by itself. A lost dispute needs none. */
function isUnreckoned({ amount_cents, items, refunds, disputes }: PaymentEvent): boolean {
  const is_priced = items.some((item) => item.status === "granted" && item.amount_cents !== 0);
  const is_lost = disputes.some(({ status }) => status === "lost");
  return amount_cents === null && is_priced && !is_lost && refundedCents(refunds) > 0;
}

/** Rule 34. What was told of a payment before it came, refunds and disputes, is applied as soon as it is recorded. */
export function settleEarlierReversals(
  books: MemberBooks,
  payment_event_id: string,
  facts: Facts,
  context: Context,
): void {
  const payment = books.payments.find(({ id }) => id === payment_event_id);
  if (!payment) return;
  const told = facts.unattached.reduce(attach, payment);
  if (told.refunds.length + told.disputes.length === 0) return;
  settleReversals(books, told, causeOf(told, context), facts, context);
}

export function attach(payment: PaymentEvent, { refund, dispute }: Unattached): PaymentEvent {
  return {
    ...payment,
    refunds: refund ? mergeRefund(payment.refunds, refund) : payment.refunds,
    disputes: dispute ? mergeDispute(payment.disputes, dispute) : payment.disputes,
  };
}

/** When the latest of a payment's reversals was true. */
export function causeOf({ refunds, disputes }: PaymentEvent, { now }: Context): Cause {
  const refunded = refunds.map(({ refunded_at }) => refunded_at);
  const disputed = disputes.map(({ changed_at }) => changed_at);
  const latest = Math.max(...refunded, ...disputed);
  const is_dispute = disputes.some(({ status, changed_at }) => status === "lost" && changed_at === latest);
  return { reason: is_dispute ? "dispute_lost" : "refunded", occurred_at: Math.min(now, latest) };
}

function reverseItem(books: MemberBooks, item: PaymentItem, payment: PaymentEvent, cause: Cause): PaymentItem {
  if (item.status !== "granted" || item.entitlement_id === null) return item;
  const { target, is_whole } = targetOf(item, payment);
  const missing = target - item.taken - item.shortfall;
  let reversed = item;
  if (missing > 0) reversed = takeMissing(books, item, item.entitlement_id, missing, cause);
  if (missing < 0) reversed = giveSurplus(books, item, item.entitlement_id, -missing, cause);
  return is_whole ? makeVoid(books, reversed) : makeOpen(books, reversed);
}

/** Its contact was merged into another: those books are closed, and the credits went on. What should be gone is for staff to take. */
function reverseMerged(item: PaymentItem, payment: PaymentEvent): PaymentItem {
  if (item.status !== "granted") return item;
  return { ...item, shortfall: Math.max(0, targetOf(item, payment).target - item.taken) };
}

/**
 * Rule 34. `round_half_up(granted × refunded ÷ paid)`; paid 0: nothing. The share of an item in a refund is its share in the amount, so
 * the ratio is the payment's own. A lost dispute counts as a full refund.
 */
function targetOf(
  { granted, amount_cents }: PaymentItem,
  payment: PaymentEvent,
): { target: number; is_whole: boolean } {
  const paid = payment.amount_cents;
  const is_lost = payment.disputes.some(({ status }) => status === "lost");
  if (amount_cents === 0 || paid === 0) return { target: 0, is_whole: false };
  if (is_lost) return { target: granted, is_whole: true };
  if (paid === null) return { target: 0, is_whole: false };
  const refunded = Math.min(paid, refundedCents(payment.refunds));
  const doubled = 2n * BigInt(granted) * BigInt(refunded) + BigInt(paid);
  return { target: Number(doubled / (2n * BigInt(paid))), is_whole: refunded === paid };
}

function takeMissing(
  books: MemberBooks,
  item: PaymentItem,
  lot_id: string,
  missing: number,
  cause: Cause,
): PaymentItem {
  // What a cancellation took out of a lot is gone to `refunded` already.
  if (isCancelled(books, item, lot_id)) return { ...item, taken: item.taken + missing };
  const taken = takeBack(books, lotsOfItem(books, lot_id), missing, cause);
  const short = missing - taken;
  if (short > 0) books.post({ type: "shortfall", lot_id, amount: short, ...cause });
  return { ...item, taken: item.taken + taken, shortfall: item.shortfall + short };
}

/** A refund that failed later, a dispute that was won after all: what was not there is forgiven first, the rest comes back. */
function giveSurplus(
  books: MemberBooks,
  item: PaymentItem,
  lot_id: string,
  surplus: number,
  { occurred_at }: Cause,
): PaymentItem {
  if (isCancelled(books, item, lot_id)) return { ...item, taken: item.taken - surplus };
  const reason = "refund_failed";
  const forgiven = Math.min(surplus, item.shortfall);
  const returned = surplus - forgiven;
  if (forgiven > 0) books.post({ type: "shortfall_undone", lot_id, amount: forgiven, reason, occurred_at });
  if (returned > 0) {
    books.put({ ...books.lot(lot_id), live: true });
    books.post({ type: "refund_undone", lot_id, amount: returned, reason, occurred_at });
  }
  return { ...item, taken: item.taken - returned, shortfall: item.shortfall - forgiven };
}

function isCancelled(books: MemberBooks, { is_void }: PaymentItem, lot_id: string): boolean {
  return books.lot(lot_id).state === "revoked" && !is_void;
}

/** All of it was given back: what comes out of a booking later goes to `refunded` too. Rule 31. */
function makeVoid(books: MemberBooks, item: PaymentItem): PaymentItem {
  for (const lot of lotsOfItem(books, item.entitlement_id ?? "")) {
    if (lot.state !== "revoked" && lot.available + lot.held === 0) books.put({ ...lot, state: "revoked", live: false });
    else if (lot.state !== "revoked") return item;
  }
  return { ...item, is_void: true };
}

function makeOpen(books: MemberBooks, item: PaymentItem): PaymentItem {
  if (!item.is_void) return item;
  for (const lot of lotsOfItem(books, item.entitlement_id ?? "")) {
    if (lot.state === "revoked") books.put({ ...lot, state: "open", live: true });
  }
  return { ...item, is_void: false };
}
