import type { PaymentEvent, PaymentFlag } from "./payment-event.ts";

/** In the order in which they stand. */
export const PAYMENT_FLAGS = [
  "charged_while_frozen",
  "once_per_contact",
  "shortfall",
  "refund_unreckoned",
  "returned_expired",
  "late",
  "told_twice",
] as const satisfies readonly PaymentFlag[];

/** The payment with or without a flag; flags stand in a fixed order. What is flagged anew nobody has seen. */
export function withFlag(payment: PaymentEvent, flag: PaymentFlag, is_set = true): PaymentEvent {
  if (payment.flags.includes(flag) === is_set) return payment;
  const flags = PAYMENT_FLAGS.filter((other) => (other === flag ? is_set : payment.flags.includes(other)));
  return { ...payment, flags, acknowledged: payment.acknowledged.filter((other) => other !== flag) };
}

/** Staff have seen these. */
export function acknowledge(payment: PaymentEvent, seen: readonly PaymentFlag[]): PaymentEvent {
  const acknowledged = PAYMENT_FLAGS.filter((flag) => payment.acknowledged.includes(flag) || seen.includes(flag));
  return { ...payment, acknowledged };
}
