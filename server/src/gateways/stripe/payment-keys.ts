import type { PaymentKey } from "../../rules/payments/told.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import type { PaymentRefs } from "./stripe-event.ts";

/** The names of a payment, without repetition, in the order given. */
export function stripeKeys(...names: (string | null)[]): PaymentKey[] {
  const known = names.filter((name) => name !== null);
  return [...new Set(known)].map((key) => ({ provider: "stripe", key }));
}

/** The name that a renewal has whoever saw it: its subscription and the start of the period that it paid. */
export function periodKey(subscription_id: string, start_at: Instant): string {
  return `${subscription_id}@${new Date(start_at).toISOString()}`;
}

export const NO_REFS: PaymentRefs = {
  payment_intent: null,
  charge: null,
  invoice: null,
  checkout_session: null,
  customer: null,
  application: null,
};
