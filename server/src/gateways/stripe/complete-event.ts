import type { StripeAccount } from "./client.ts";
import { stripeKeys } from "./payment-keys.ts";
import { joinContacts, readContact } from "./read-contact.ts";
import { at, idAt, type Fields } from "./read-field.ts";
import { readPaidInvoice } from "./read-invoice.ts";
import { readIntentLines, readSessionLines } from "./read-lines.ts";
import type { EventHead, Lookup, PaymentFacts, ReadEvent, ResolvedEvent } from "./stripe-event.ts";

/** Asks the account what the event leaves open. Fails with a `StripeFailure`; nothing of the event is lost then. */
export async function completeEvent(account: StripeAccount, event: ReadEvent): Promise<ResolvedEvent> {
  if (event.kind === "subscription") {
    if (event.customer === null || !event.lookups.includes("contact")) return event;
    const contact = joinContacts(event.subscription.contact, readContact(await account.customer(event.customer)));
    return { ...event, subscription: { ...event.subscription, contact }, lookups: [] };
  }
  if (event.kind !== "payment" && event.kind !== "needs_lookup") return event;
  const { event_id, type, created, is_live, api_version } = event;
  const head: EventHead = { event_id, type, created, is_live, api_version };
  const asks = (lookup: Lookup) => event.lookups.includes(lookup);

  const { payment_intent, charge } = event.refs;
  if (asks("invoice_of_payment") && payment_intent !== null) {
    const invoice = await account.invoiceOfPayment(payment_intent);
    if (invoice !== null) return { ...head, kind: "invoice_payment", link: { invoice, payment_intent, charge } };
  }
  let facts: PaymentFacts = event;
  if (asks("invoice")) {
    const told = await tellByInvoice(account, facts, head);
    if (told === null) return { ...head, kind: "ignored", reason: "no_money_moved" };
    facts = told;
  }
  if (asks("payment_of_invoice")) facts = await findPayment(account, facts);
  if (asks("line_items")) facts = await findItems(account, facts);
  if (asks("contact")) facts = await findContact(account, facts);
  const { payment, refs, is_out_of_band } = facts;
  return { ...head, kind: "payment", payment, refs, is_out_of_band, lookups: [] };
}

/** The invoice tells of the money; whoever pointed to it adds names. Null: the invoice is not paid, or over nothing. */
async function tellByInvoice(
  account: StripeAccount,
  facts: PaymentFacts,
  head: EventHead,
): Promise<PaymentFacts | null> {
  const invoice = facts.refs.invoice === null ? null : await account.invoice(facts.refs.invoice);
  if (invoice === null) return facts;
  if (at(invoice, "status") !== "paid") return null;
  const reading = readPaidInvoice(invoice, head);
  if (reading.kind !== "payment") return null;
  const { payment, refs } = reading;
  const known = withNames(facts, refs.payment_intent, refs.charge);
  return {
    payment: {
      ...payment,
      keys: stripeKeys(...[...payment.keys, ...facts.payment.keys].map(({ key }) => key)),
      contact: joinContacts(facts.payment.contact, payment.contact),
    },
    refs: { ...known.refs, customer: known.refs.customer ?? refs.customer },
    is_out_of_band: facts.is_out_of_band ?? reading.is_out_of_band,
    lookups: [],
  };
}

/** Without a payment at Stripe the invoice was marked as paid: no card money moved. */
async function findPayment(account: StripeAccount, facts: PaymentFacts): Promise<PaymentFacts> {
  if (facts.refs.invoice === null) return facts;
  const paid = await account.paymentsOfInvoice(facts.refs.invoice);
  const payments = paid.filter((one) => idAt(one, "payment.payment_intent", "payment.charge") !== null);
  const is_out_of_band = payments.length === 0;
  return payments.reduce<PaymentFacts>(
    (known, one) =>
      withNames(
        known,
        idAt(one, "payment.payment_intent"),
        idAt(one, "payment.charge", "payment.payment_intent.latest_charge"),
      ),
    { ...facts, is_out_of_band },
  );
}

async function findItems(account: StripeAccount, facts: PaymentFacts): Promise<PaymentFacts> {
  const { payment_intent, checkout_session } = facts.refs;
  if (checkout_session !== null) return withSessionLines(account, facts, checkout_session);
  if (payment_intent === null) return facts;
  const session = await account.sessionOfPayment(payment_intent);
  const session_id = idAt(session, "id");
  if (session_id === null) {
    const items = readIntentLines(await account.linesOfPayment(payment_intent));
    return { ...facts, payment: { ...facts.payment, items } };
  }
  const contact = joinContacts(readContact(session), facts.payment.contact);
  const keys = stripeKeys(...facts.payment.keys.map(({ key }) => key), session_id);
  const refs = { ...facts.refs, checkout_session: session_id };
  return withSessionLines(account, { ...facts, refs, payment: { ...facts.payment, contact, keys } }, session_id);
}

async function withSessionLines(account: StripeAccount, facts: PaymentFacts, session: string): Promise<PaymentFacts> {
  const lines: Fields[] = await account.linesOfSession(session);
  return { ...facts, payment: { ...facts.payment, items: readSessionLines(lines) } };
}

async function findContact(account: StripeAccount, facts: PaymentFacts): Promise<PaymentFacts> {
  const { customer } = facts.refs;
  if (customer === null) return facts;
  const contact = joinContacts(facts.payment.contact, readContact(await account.customer(customer)));
  return { ...facts, payment: { ...facts.payment, contact } };
}

function withNames(facts: PaymentFacts, payment_intent: string | null, charge: string | null): PaymentFacts {
  const keys = stripeKeys(...facts.payment.keys.map(({ key }) => key), payment_intent, charge);
  const refs = {
    ...facts.refs,
    payment_intent: facts.refs.payment_intent ?? payment_intent,
    charge: facts.refs.charge ?? charge,
  };
  return { ...facts, refs, payment: { ...facts.payment, keys } };
}
