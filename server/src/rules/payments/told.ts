import type { Instant } from "../time/local-days.ts";

/** A name by which a provider knows a payment; a shared name is the same payment (rule 32). Ids are the provider's own, raw. */
export interface PaymentKey {
  provider: string;
  key: string;
}

/** Who paid, as far as the provider says. */
export interface ToldContact {
  /** The contact's id in the system that Kotally knows contacts by (GoHighLevel's contact id); null where nobody said. */
  external_id: string | null;
  email: string | null;
  phone: string | null;
  name: string | null;
}

/** One line of a purchase. */
export interface ToldItem {
  product_id: string | null;
  price_id: string | null;
  name: string | null;
  quantity: number;
  /** What the whole line cost, in the smallest unit of the currency; null where the provider does not say. */
  amount_cents: number | null;
}

/** A payment as one delivery tells of it, in the words of no provider. */
export interface ToldPayment {
  provider: "ghl" | "stripe";
  /** All its names, the payment's own first; a GoHighLevel transaction also brings Stripe's. */
  keys: PaymentKey[];
  /** `pending`: not paid yet, nothing is granted (rule 33). `failed`: an attempt that took no money (rule 26). */
  status: "paid" | "pending" | "failed";
  /** False: a test payment, which never reaches live books. */
  is_live: boolean;
  contact: ToldContact;
  items: ToldItem[];
  amount_cents: number | null;
  currency: string | null;
  paid_at: Instant;
  /** The period that this payment paid, where the provider bills by periods (rule 18). */
  period: { start_at: Instant; end_at: Instant } | null;
  /** The provider's subscription that the payment belongs to. */
  subscription_id: string | null;
  /** All that was given back of it so far, where the delivery says so; in the smallest unit. */
  refunded_cents: number | null;
}

/** Money given back. */
export interface ToldRefund {
  provider: "ghl" | "stripe";
  /** Names of the payment that it belongs to. */
  keys: PaymentKey[];
  /** Null: `amount_cents` is cumulative, all that was given back of the payment so far. */
  refund_id: string | null;
  amount_cents: number;
  /** `failed`: a refund that was told before did not take place. */
  status: "succeeded" | "pending" | "failed";
  is_live: boolean;
  refunded_at: Instant;
}

/** A payment that the payer's bank questions. Rule 35. */
export interface ToldDispute {
  provider: "ghl" | "stripe";
  keys: PaymentKey[];
  dispute_id: string;
  status: "open" | "won" | "lost";
  is_live: boolean;
  /** When this status came about. */
  changed_at: Instant;
}

/** What a provider's subscription says about the membership that it pays. */
export interface ToldSubscription {
  provider: "ghl" | "stripe";
  subscription_id: string;
  /** `ending`: still active, and ends at `ends_at`. */
  status: "active" | "ending" | "past_due" | "ended" | "other";
  ends_at: Instant | null;
  is_live: boolean;
  contact: ToldContact;
  /** When the provider last changed it. */
  changed_at: Instant;
}
