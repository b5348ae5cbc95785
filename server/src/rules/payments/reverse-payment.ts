import type { MemberBooks } from "../credits/member-books.ts";
import type { Context, Facts } from "../decision.ts";

/** Rule 34. What was told of a payment before it came, refunds and disputes, is applied as soon as it is recorded. */
export function settleEarlierReversals(
  books: MemberBooks,
  payment_event_id: string,
  facts: Facts,
  _context: Context,
): void {
  const payment = books.payments.find(({ id }) => id === payment_event_id);
  if (!payment || facts.unattached.length === 0) return;
  const refunds = facts.unattached.flatMap(({ refund }) => (refund ? [refund] : []));
  const disputes = facts.unattached.flatMap(({ dispute }) => (dispute ? [dispute] : []));
  books.putPayment({
    ...payment,
    refunds: [...payment.refunds, ...refunds],
    disputes: [...payment.disputes, ...disputes],
  });
}
