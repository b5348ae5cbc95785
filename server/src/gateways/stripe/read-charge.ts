import type { ToldPayment } from "../../rules/payments/told.ts";
import { NO_REFS, stripeKeys } from "./payment-keys.ts";
import { readContact, whoToAsk } from "./read-contact.ts";
import { amountAt, at, idAt, instantAt, textAt, type Fields } from "./read-field.ts";
import type { EventHead, Lookup, PaymentRefs, Reading } from "./stripe-event.ts";

type Head = Pick<EventHead, "created" | "is_live" | "api_version">;

/** From this version on ("basil") a payment no longer says which invoice asked for it. */
const SHAPE_BREAK = "2025-03-31";

/** `payment_intent.succeeded`: money that no invoice asked for is told here. */
export function readPaymentIntent(intent: Fields, head: Head): Reading {
  const refs: PaymentRefs = {
    ...NO_REFS,
    payment_intent: idAt(intent, "id"),
    charge: idAt(intent, "latest_charge") ?? idAt(at(intent, "charges.data.0"), "id"),
    invoice: idAt(intent, "invoice"),
    customer: idAt(intent, "customer"),
    application: idAt(intent, "application"),
  };
  return readMoney(intent, refs, { head, amount_cents: amountAt(intent, "amount_received"), refunded_cents: null });
}

/** `charge.succeeded`: the same money as its payment intent's, by the same names, so that either suffices. */
export function readCharge(charge: Fields, head: Head): Reading {
  if (at(charge, "captured") === false) return { kind: "ignored", reason: "no_money_moved" };
  const refs: PaymentRefs = {
    ...NO_REFS,
    payment_intent: idAt(charge, "payment_intent"),
    charge: idAt(charge, "id"),
    invoice: idAt(charge, "invoice"),
    customer: idAt(charge, "customer"),
    application: idAt(charge, "application"),
  };
  const amount_cents = amountAt(charge, "amount_captured") ?? amountAt(charge, "amount");
  return readMoney(charge, refs, { head, amount_cents, refunded_cents: amountAt(charge, "amount_refunded") });
}

/** `charge.refunded`: cumulative, all that was given back of this charge so far. Rule 34. */
export function readRefundedCharge(charge: Fields, head: Head): Reading {
  const keys = stripeKeys(idAt(charge, "id"), idAt(charge, "payment_intent"), idAt(charge, "invoice"));
  const amount_cents = amountAt(charge, "amount_refunded");
  if (idAt(charge, "id") === null || amount_cents === null) return { kind: "unreadable", reason: "object_incomplete" };
  return {
    kind: "refund",
    refund: {
      provider: "stripe",
      keys,
      refund_id: null,
      amount_cents,
      status: "succeeded",
      is_live: head.is_live,
      refunded_at: head.created,
    },
  };
}

interface Money {
  head: Head;
  amount_cents: number | null;
  refunded_cents: number | null;
}

function readMoney(object: Fields, refs: PaymentRefs, { head, amount_cents, refunded_cents }: Money): Reading {
  if (idAt(object, "id") === null || amount_cents === null) return { kind: "unreadable", reason: "object_incomplete" };
  const { invoice, payment_intent, charge } = refs;
  if (invoice !== null) return { kind: "invoice_payment", link: { invoice, payment_intent, charge } };
  if (amount_cents === 0) return { kind: "ignored", reason: "no_money_moved" };
  const payment: ToldPayment = {
    provider: "stripe",
    keys: stripeKeys(payment_intent, charge),
    status: "paid",
    is_live: head.is_live,
    contact: readContact(object),
    items: [],
    amount_cents,
    currency: textAt(object, "currency"),
    paid_at: instantAt(object, "created") ?? head.created,
    period: null,
    subscription_id: null,
    refunded_cents,
  };
  const lookups: Lookup[] = ["line_items", ...whoToAsk(payment.contact, refs.customer)];
  // A charge without a payment intent is older than invoices that charge by themselves.
  if (saysItsInvoice(object, head.api_version) || payment_intent === null) {
    return { kind: "payment", payment, refs, is_out_of_band: false, lookups };
  }
  return { kind: "needs_lookup", payment, refs, is_out_of_band: false, lookups: ["invoice_of_payment", ...lookups] };
}

/** Whether the object's silence about an invoice means that there is none. */
function saysItsInvoice(object: Fields, api_version: string | null): boolean {
  if (api_version !== null) return api_version < SHAPE_BREAK;
  return Object.hasOwn(object, "invoice");
}
