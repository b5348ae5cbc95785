import type { Stripe } from "stripe";
import { readCharge, readPaymentIntent, readRefundedCharge } from "./read-charge.ts";
import { readCheckoutSession } from "./read-checkout.ts";
import type { Fields } from "./read-field.ts";
import { readFailedInvoice, readInvoicePayment, readPaidInvoice } from "./read-invoice.ts";
import { readDispute, readRefund } from "./read-refund.ts";
import { readSubscription } from "./read-subscription.ts";
import type { EventHead, Reading } from "./stripe-event.ts";

type EventType = Stripe.WebhookEndpointCreateParams.EnabledEvent;

const readNoMoney = (): Reading => ({ kind: "ignored", reason: "no_money_moved" });

/** Every event that a studio's account is listened to for, and what reads it. */
export const READERS = {
  "checkout.session.completed": readCheckoutSession,
  "checkout.session.async_payment_succeeded": readCheckoutSession,
  "checkout.session.async_payment_failed": readCheckoutSession,
  "payment_intent.succeeded": readPaymentIntent,
  "charge.succeeded": readCharge,
  "charge.refunded": readRefundedCharge,
  "charge.refund.updated": readRefund,
  "refund.created": readRefund,
  "refund.updated": readRefund,
  "refund.failed": readRefund,
  "charge.dispute.created": readDispute,
  "charge.dispute.updated": readDispute,
  "charge.dispute.closed": readDispute,
  "charge.dispute.funds_withdrawn": readDispute,
  "charge.dispute.funds_reinstated": readDispute,
  "invoice.paid": readPaidInvoice,
  "invoice.payment_failed": readFailedInvoice,
  "invoice.voided": readNoMoney,
  "invoice.marked_uncollectible": readNoMoney,
  "invoice_payment.paid": readInvoicePayment,
  "customer.subscription.created": readSubscription,
  "customer.subscription.updated": readSubscription,
  "customer.subscription.deleted": readSubscription,
  "customer.subscription.paused": readSubscription,
  "customer.subscription.resumed": readSubscription,
} satisfies Partial<Record<EventType, (object: Fields, head: EventHead) => Reading>>;

export const LISTENED_EVENTS = Object.keys(READERS) as (keyof typeof READERS)[];

export function isListenedTo(type: string): type is keyof typeof READERS {
  return Object.hasOwn(READERS, type);
}
