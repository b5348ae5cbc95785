import type { Instant } from "../time/local-days.ts";
import type { PaymentKey } from "./told.ts";

/** One commercial fact, however many deliveries told of it. Rule 32. */
export interface PaymentEvent {
  id: string;
  contact_id: string;
  provider: string;
  /** Its own id within the provider; all its names are `keys`. */
  external_payment_id: string;
  keys: readonly PaymentKey[];
  event_type: string;
  /**
   * `pending`: not paid yet. `settling`: a Stripe payment that waits for GoHighLevel's. `probable_duplicate`: held back until
   * staff say. `recorded`: decided, its items tell how. `failed`: no money moved. `dismissed`: staff said it is no payment.
   */
  status: "pending" | "settling" | "probable_duplicate" | "recorded" | "failed" | "dismissed";
  flags: readonly PaymentFlag[];
  /** Flags that staff have seen: they stay, and wait for nobody any more. */
  acknowledged: readonly PaymentFlag[];
  amount_cents: number | null;
  currency: string | null;
  paid_at: Instant;
  /** Until when a settling payment waits, by the location's clock. */
  settles_at: Instant | null;
  /** The payment that this one probably repeats. */
  duplicate_of: string | null;
  subscription_id: string | null;
  period_start_at: Instant | null;
  period_end_at: Instant | null;
  external_ref: string | null;
  metadata: Record<string, unknown> | null;
  items: readonly PaymentItem[];
  refunds: readonly Refund[];
  disputes: readonly Dispute[];
}

/**
 * What staff should see of a payment. `refund_unreckoned`: money was given back, and nobody knows of how much (rule 34).
 * `returned_expired`: what a refund that failed gave back expired at once.
 */
export type PaymentFlag =
  | "charged_while_frozen"
  | "once_per_contact"
  | "shortfall"
  | "refund_unreckoned"
  | "returned_expired"
  | "late"
  | "told_twice";

/** One line of a purchase, taken singly (clarification 25). */
export interface PaymentItem {
  item: number;
  product_id: string | null;
  price_id: string | null;
  name: string | null;
  quantity: number;
  amount_cents: number | null;
  /** `waiting` while its payment is not decided; `held`: a person decides (`reason`). */
  status: "granted" | "unmatched" | "no_credits" | "held" | "waiting" | "dismissed";
  /** Why it is unmatched or held. */
  reason: ItemReason | null;
  product_config_id: string | null;
  entitlement_id: string | null;
  /** Credits that it granted; what a refund is reckoned from. */
  granted: number;
  /** Credits that refunds and lost disputes took back of it. */
  taken: number;
  /** Credits that they could not take, because they are gone. */
  shortfall: number;
  /** Its lot is void because all of it was given back. */
  is_void: boolean;
}

/** Why an item waits for a person. */
export type ItemReason =
  | "NO_PRODUCT_CONFIG"
  | "SEVERAL_PRODUCT_CONFIGS"
  | "QUANTITY_OUT_OF_RANGE"
  | "UNKNOWN_CONTACT"
  | "PERIOD_ALREADY_GRANTED"
  | "ONCE_PER_CONTACT";

/** Money given back; without an id of its own it is the provider's cumulative figure. */
export interface Refund {
  provider: string;
  /** The refund's id, or `cumulative`. */
  refund_id: string;
  amount_cents: number;
  status: "succeeded" | "pending" | "failed";
  refunded_at: Instant;
}

/** The bank's question, folded over all that was told of it, in any order. Rule 35. */
export interface Dispute {
  provider: string;
  dispute_id: string;
  status: "open" | "won" | "lost";
  /** The first that was ever told of it. */
  opened_at: Instant;
  /** When its status came about. */
  changed_at: Instant;
  /** When it was first told won, and lost. */
  won_at: Instant | null;
  lost_at: Instant | null;
  /** The days by which its end has lengthened each lot. */
  released: readonly { entitlement_id: string; days: number }[];
}
