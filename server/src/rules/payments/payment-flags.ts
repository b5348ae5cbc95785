import type { PaymentEvent, PaymentFlag } from "./payment-event.ts";

const ORDER: readonly PaymentFlag[] = [
  "charged_while_frozen",
  "once_per_contact",
  "shortfall",
  "refund_unreckoned",
  "returned_expired",
  "late",
  "told_twice",
];

/** The payment with or without a flag; flags stand in a fixed order. */
export function withFlag(payment: PaymentEvent, flag: PaymentFlag, is_set = true): PaymentEvent {
  if (payment.flags.includes(flag) === is_set) return payment;
  return { ...payment, flags: ORDER.filter((other) => (other === flag ? is_set : payment.flags.includes(other))) };
}
