import type { Instant } from "../time/local-days.ts";

/** One commercial fact, however many deliveries told of it. Rule 32. */
export interface PaymentEvent {
  id: string;
  contact_id: string;
  product_config_id: string;
  entitlement_id: string;
}

/** A payment as it is first recorded, together with its grant. */
export interface NewPayment extends PaymentEvent {
  provider: string;
  external_payment_id: string;
  event_type: string;
  amount_cents: number | null;
  currency: string | null;
  paid_at: Instant;
  external_ref: string | null;
  metadata: Record<string, unknown> | null;
}
