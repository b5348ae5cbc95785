import type { ToldPayment } from "../../rules/payments/told.ts";
import { NO_REFS, periodKey, stripeKeys } from "./payment-keys.ts";
import { readContact, whoToAsk } from "./read-contact.ts";
import { amountAt, at, idAt, instantAt, listAt, textAt, type Fields } from "./read-field.ts";
import { readInvoiceLines } from "./read-lines.ts";
import type { EventHead, Lookup, PaymentRefs, Reading } from "./stripe-event.ts";

type Head = Pick<EventHead, "created" | "is_live">;

const SUBSCRIPTION = ["parent.subscription_details.subscription", "subscription"];

/** `invoice.paid`: the one event for money that an invoice asked for. An invoice over nothing moved none. Rules 18, 32. */
export function readPaidInvoice(invoice: Fields, head: Head): Reading {
  const amount_cents = amountAt(invoice, "amount_paid");
  const refs = refsOf(invoice);
  if (refs === null || amount_cents === null) return { kind: "unreadable", reason: "object_incomplete" };
  if (amount_cents === 0) return { kind: "ignored", reason: "no_money_moved" };
  const payment = paymentOf(invoice, refs, { ...head, status: "paid", amount_cents });
  const is_out_of_band = outOfBand(invoice, refs);
  const lookups: Lookup[] = [];
  if (at(invoice, "lines.has_more") === true) lookups.push("invoice");
  if (is_out_of_band === null || (!is_out_of_band && refs.payment_intent === null)) {
    lookups.push("payment_of_invoice");
  }
  lookups.push(...whoToAsk(payment.contact, refs.customer));
  return { kind: "payment", payment, refs, is_out_of_band, lookups };
}

/** `invoice.payment_failed`: a period's payment was tried and took nothing. Rule 26. */
export function readFailedInvoice(invoice: Fields, head: Head): Reading {
  const refs = refsOf(invoice);
  if (refs === null) return { kind: "unreadable", reason: "object_incomplete" };
  const amount_cents = amountAt(invoice, "amount_due");
  const payment = paymentOf(invoice, refs, { ...head, status: "failed", amount_cents });
  const lookups = whoToAsk(payment.contact, refs.customer);
  return { kind: "payment", payment, refs, is_out_of_band: false, lookups };
}

/** `invoice_payment.paid`: which payment paid which invoice; new shapes say it nowhere else. */
export function readInvoicePayment(object: Fields): Reading {
  const invoice = idAt(object, "invoice");
  if (invoice === null) return { kind: "unreadable", reason: "object_incomplete" };
  const payment_intent = idAt(object, "payment.payment_intent");
  const charge = idAt(object, "payment.charge");
  if (payment_intent === null && charge === null) return { kind: "ignored", reason: "names_no_payment" };
  return { kind: "invoice_payment", link: { invoice, payment_intent, charge } };
}

function paymentOf(
  invoice: Fields,
  refs: PaymentRefs,
  told: Head & { status: ToldPayment["status"]; amount_cents: number | null },
): ToldPayment {
  const { items, period } = readInvoiceLines(listAt(invoice, "lines"));
  const subscription_id = idAt(invoice, ...SUBSCRIPTION);
  const of_period = subscription_id && period ? periodKey(subscription_id, period.start_at) : null;
  return {
    provider: "stripe",
    keys: stripeKeys(refs.invoice, refs.payment_intent, refs.charge, of_period),
    status: told.status,
    is_live: told.is_live,
    contact: readContact(invoice),
    items,
    amount_cents: told.amount_cents,
    currency: textAt(invoice, "currency"),
    paid_at: instantAt(invoice, "status_transitions.paid_at") ?? told.created,
    period: subscription_id ? period : null,
    subscription_id,
    refunded_cents: null,
  };
}

function refsOf(invoice: Fields): PaymentRefs | null {
  const id = idAt(invoice, "id");
  if (id === null) return null;
  const paid = listAt(invoice, "payments").find((one) => at(one, "status") === "paid");
  return {
    ...NO_REFS,
    invoice: id,
    payment_intent: idAt(invoice, "payment_intent") ?? idAt(paid, "payment.payment_intent"),
    charge: idAt(invoice, "charge") ?? idAt(paid, "payment.charge"),
    customer: idAt(invoice, "customer"),
    application: idAt(invoice, "application"),
  };
}

/** Old shapes say it; new ones only by the absence of a payment in the invoice's payments, which are rarely included. */
function outOfBand(invoice: Fields, refs: PaymentRefs): boolean | null {
  const said = at(invoice, "paid_out_of_band");
  if (typeof said === "boolean") return said;
  return refs.payment_intent !== null || refs.charge !== null ? false : null;
}
