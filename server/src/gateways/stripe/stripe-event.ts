import type { ToldDispute, ToldPayment, ToldRefund, ToldSubscription } from "../../rules/payments/told.ts";
import type { Instant } from "../../rules/time/local-days.ts";

/** What every event says of itself. */
export interface EventHead {
  event_id: string;
  type: string;
  created: Instant;
  is_live: boolean;
  /** The version in which the event is written; accounts that never upgraded send old ones. */
  api_version: string | null;
}

/** Stripe's objects that a payment hangs together with; what was looked up or could be. */
export interface PaymentRefs {
  payment_intent: string | null;
  charge: string | null;
  invoice: string | null;
  checkout_session: string | null;
  customer: string | null;
  /** The platform that took the money in the studio's name, `ca_…`; payments made through GoHighLevel have its own. */
  application: string | null;
}

/**
 * What an event leaves open and the account would answer. `invoice_of_payment`: whether an invoice asked for this money, and then
 * tells of it. `invoice`: the invoice itself. `payment_of_invoice`: how it was paid. `line_items`: what was bought. `contact`: who.
 */
export type Lookup = "invoice_of_payment" | "invoice" | "payment_of_invoice" | "line_items" | "contact";

export interface PaymentFacts {
  payment: ToldPayment;
  refs: PaymentRefs;
  /** The invoice was marked as paid outside Stripe, no card money moved; null where only a lookup says. */
  is_out_of_band: boolean | null;
  lookups: Lookup[];
}

/** One payment known by several names. */
export interface PaymentLink {
  invoice: string;
  payment_intent: string | null;
  charge: string | null;
}

/** Why an event asks for nothing. */
export type IgnoredReason = "type_not_listened_to" | "no_money_moved" | "names_no_payment";

export type UnreadableReason = "not_an_event" | "no_object" | "object_incomplete";

/** An event whose meaning is whole. */
export type ResolvedEvent =
  | (EventHead & { kind: "payment" } & PaymentFacts)
  | (EventHead & { kind: "refund"; refund: ToldRefund })
  | (EventHead & { kind: "dispute"; dispute: ToldDispute })
  | (EventHead & { kind: "subscription"; subscription: ToldSubscription; customer: string | null; lookups: Lookup[] })
  | (EventHead & { kind: "invoice_payment"; link: PaymentLink })
  | (EventHead & { kind: "ignored"; reason: IgnoredReason })
  | ({ kind: "unreadable"; reason: UnreadableReason } & { [field in keyof EventHead]: EventHead[field] | null });

/** `needs_lookup`: nothing may be granted on it before its lookups were made. A payment's lookups only add to what is known. */
export type ReadEvent = ResolvedEvent | (EventHead & { kind: "needs_lookup" } & PaymentFacts);

/** What a reader of one family makes of an object; the dispatcher adds the head. */
export type Reading =
  | ({ kind: "payment" | "needs_lookup" } & PaymentFacts)
  | { kind: "refund"; refund: ToldRefund }
  | { kind: "dispute"; dispute: ToldDispute }
  | { kind: "subscription"; subscription: ToldSubscription; customer: string | null; lookups: Lookup[] }
  | { kind: "invoice_payment"; link: PaymentLink }
  | { kind: "ignored"; reason: IgnoredReason }
  | { kind: "unreadable"; reason: UnreadableReason };
