import type { Refund } from "./payment-event.ts";

/** The id of a provider's cumulative figure: all that was given back of the payment so far. */
export const CUMULATIVE = "cumulative";

/**
 * All that was given back of a payment, in the smallest unit. Rule 34. Refunds that took place count once each; a provider's cumulative
 * figure counts where it says more, less the refunds that failed, which it may include. Two providers tell of the same money.
 */
export function refundedCents(refunds: readonly Refund[]): number {
  const providers = new Set(refunds.map(({ provider }) => provider));
  return Math.max(
    0,
    ...[...providers].map((provider) => refundedBy(refunds.filter((other) => other.provider === provider))),
  );
}

function refundedBy(refunds: readonly Refund[]): number {
  const single = refunds.filter(({ refund_id }) => refund_id !== CUMULATIVE);
  const of = (status: Refund["status"]) =>
    single.filter((refund) => refund.status === status).reduce((sum, { amount_cents }) => sum + amount_cents, 0);
  const cumulative = refunds.find(({ refund_id }) => refund_id === CUMULATIVE)?.amount_cents ?? 0;
  return Math.max(of("succeeded"), cumulative - of("failed"));
}
