import type { ToldPayment } from "../../rules/payments/told.ts";
import { NO_REFS, stripeKeys } from "./payment-keys.ts";
import { readContact, whoToAsk } from "./read-contact.ts";
import { amountAt, at, idAt, listAt, textAt, type Fields } from "./read-field.ts";
import { readSessionLines } from "./read-lines.ts";
import type { EventHead, Lookup, PaymentRefs, Reading } from "./stripe-event.ts";

type Head = Pick<EventHead, "type" | "created" | "is_live">;

/**
 * `checkout.session.*`: who bought what, under the names of the payment that took the money. Delayed methods complete the session
 * first and pay later (rule 33). Where an invoice took the money, the invoice tells of it.
 */
export function readCheckoutSession(session: Fields, head: Head): Reading {
  const refs: PaymentRefs = {
    ...NO_REFS,
    checkout_session: idAt(session, "id"),
    payment_intent: idAt(session, "payment_intent"),
    invoice: idAt(session, "invoice"),
    customer: idAt(session, "customer"),
  };
  const mode = at(session, "mode");
  const amount_cents = amountAt(session, "amount_total");
  if (refs.checkout_session === null) return { kind: "unreadable", reason: "object_incomplete" };
  if (mode === "setup") return { kind: "ignored", reason: "no_money_moved" };
  if (amount_cents === null) return { kind: "unreadable", reason: "object_incomplete" };
  // A trial: the first invoice that costs something will tell.
  if (mode === "subscription" && refs.invoice === null) return { kind: "ignored", reason: "no_money_moved" };
  const items = readSessionLines(listAt(session, "line_items"));
  const payment: ToldPayment = {
    provider: "stripe",
    keys: stripeKeys(refs.payment_intent, refs.invoice, refs.checkout_session),
    status: statusOf(session, head.type),
    is_live: head.is_live,
    contact: readContact(session),
    items,
    amount_cents,
    currency: textAt(session, "currency"),
    paid_at: head.created,
    period: null,
    subscription_id: idAt(session, "subscription"),
    refunded_cents: null,
  };
  const lookups: Lookup[] = [];
  if (refs.invoice !== null) lookups.push("invoice", "payment_of_invoice");
  else if (items.length === 0 || at(session, "line_items.has_more") === true) lookups.push("line_items");
  lookups.push(...whoToAsk(payment.contact, refs.customer));
  const is_open = refs.invoice !== null || items.length === 0;
  return { kind: is_open ? "needs_lookup" : "payment", payment, refs, is_out_of_band: false, lookups };
}

function statusOf(session: Fields, type: string): ToldPayment["status"] {
  if (type === "checkout.session.async_payment_failed") return "failed";
  return at(session, "payment_status") === "unpaid" ? "pending" : "paid";
}
