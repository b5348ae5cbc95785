import type { Outcome } from "../outcome.ts";
import type { PaymentEvent } from "./payment-event.ts";

/** What a telling of a payment came to: the payment as it stands, and what this telling granted. */
export function outcomeOf(payment: PaymentEvent, before: PaymentEvent | null): Outcome {
  const had = new Set(
    before?.items.flatMap(({ status, entitlement_id }) => (status === "granted" ? entitlement_id : [])),
  );
  const granted = payment.items.filter(
    ({ status, entitlement_id }) => status === "granted" && !had.has(entitlement_id),
  );
  const is_repetition = before !== null && granted.length === 0 && before.status === payment.status;
  return {
    reason_code: is_repetition ? "duplicate_payment_event" : "payment_recorded",
    payment_event_id: payment.id,
    status: payment.status,
    granted: granted.map(({ item, product_config_id, entitlement_id, granted: credits }) => ({
      item,
      product_config_id,
      entitlement_id,
      credits,
    })),
  };
}
