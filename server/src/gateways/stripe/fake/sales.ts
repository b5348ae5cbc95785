import type { FakeAccount } from "./account.ts";
import type { Charge, Customer, Invoice, InvoiceLine, PaymentIntent, Price, Session } from "./rows.ts";

export interface Sale {
  customer: string;
  price: string;
  quantity?: number;
  metadata?: Record<string, string>;
}

export interface Taken {
  payment_intent: PaymentIntent;
  charge: Charge;
}

interface Money {
  customer: Customer;
  amount: number;
  currency: string;
  invoice: string | null;
  metadata: Record<string, string>;
}

/** Takes money from a card, and tells it. */
function takeMoney(account: FakeAccount, { customer, amount, currency, invoice, metadata }: Money): Taken {
  const { email, name, phone } = customer;
  const intent_id = account.newId("pi");
  const charge = account.add("charges", {
    ...account.begin("ch", "charge"),
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    billing_details: { email, name, phone },
    captured: true,
    currency,
    customer: customer.id,
    disputed: false,
    metadata,
    paid: true,
    payment_intent: intent_id,
    refunded: false,
    status: "succeeded",
    _invoice: invoice,
  });
  const payment_intent = account.add("payment_intents", {
    ...account.begin("pi", "payment_intent"),
    id: intent_id,
    amount,
    amount_received: amount,
    currency,
    customer: customer.id,
    latest_charge: charge.id,
    metadata,
    receipt_email: null,
    status: "succeeded",
    _invoice: invoice,
  });
  account.tell("charge.succeeded", charge);
  account.tell("payment_intent.succeeded", payment_intent);
  return { payment_intent, charge };
}

/** Sells once: through a checkout page, or by a payment intent alone, of which nobody can say what it bought. */
export function pay(
  account: FakeAccount,
  { customer, price, quantity = 1, metadata = {}, through = "checkout" }: Sale & { through?: "checkout" | "intent" },
): Taken & { session: Session | null } {
  const payer = account.get("customers", customer);
  const { currency } = account.get("prices", price);
  const amount = costOf(account.get("prices", price), quantity);
  const taken = takeMoney(account, { customer: payer, amount, currency, invoice: null, metadata });
  if (through === "intent") return { ...taken, session: null };
  const session = completeSession(account, payer, {
    mode: "payment",
    payment_intent: taken.payment_intent.id,
    invoice: null,
    subscription: null,
    amount_total: amount,
    currency,
    metadata,
    _price: price,
    _quantity: quantity,
  });
  return { ...taken, session };
}

/** A session that was never a page: its sale was made by a call. */
const NO_PAGE = {
  cancel_url: null,
  client_reference_id: null,
  success_url: null,
  url: null,
  _subscription_metadata: {},
  _trial_days: 0,
} satisfies Partial<Session>;

type SessionFacts = Pick<
  Session,
  | "mode"
  | "payment_intent"
  | "invoice"
  | "subscription"
  | "amount_total"
  | "currency"
  | "metadata"
  | "_price"
  | "_quantity"
>;

export function completeSession(account: FakeAccount, payer: Customer, facts: SessionFacts): Session {
  const { email, name, phone } = payer;
  const begun = account.begin("cs", "checkout.session");
  const session = account.add("checkout_sessions", {
    ...begun,
    id: facts.payment_intent === null ? begun.id : idBeside(facts.payment_intent, "cs"),
    customer: payer.id,
    customer_details: { email, name, phone },
    payment_status: "paid",
    status: "complete",
    ...NO_PAGE,
    ...facts,
  });
  account.tell("checkout.session.completed", session);
  return session;
}

/** Sells once by an invoice; out of band, the studio marks it as paid and no card is touched. */
export function sellByInvoice(account: FakeAccount, sale: Sale & { is_out_of_band?: boolean }): Invoice {
  const { customer, price, quantity = 1 } = sale;
  const now = account.now();
  const line = lineOf(account, { price, quantity, period: { start: now, end: now }, subscription: null });
  const invoice = openInvoice(account, { customer, lines: [line], reason: "manual", subscription_metadata: {} });
  invoice.metadata = sale.metadata ?? {};
  payInvoice(account, invoice, sale.is_out_of_band ?? false);
  return invoice;
}

interface LineFacts {
  price: string;
  quantity: number;
  period: { start: number; end: number };
  subscription: string | null;
  /** Nothing is asked for it. */
  is_free?: boolean;
}

export function lineOf(account: FakeAccount, facts: LineFacts): InvoiceLine {
  const { price, quantity, period, subscription, is_free = false } = facts;
  const sold = account.get("prices", price);
  return {
    id: account.newId("il"),
    object: "line_item",
    amount: is_free ? 0 : costOf(sold, quantity),
    currency: sold.currency,
    description: `${quantity} × ${account.get("products", sold.product).name}`,
    period,
    quantity,
    _price: price,
    _product: sold.product,
    _subscription: subscription,
    _is_proration: false,
  };
}

interface InvoiceFacts {
  customer: string;
  /** One at least. */
  lines: InvoiceLine[];
  reason: Invoice["billing_reason"];
  subscription_metadata: Record<string, string>;
}

export function openInvoice(account: FakeAccount, facts: InvoiceFacts): Invoice {
  const { email, name, phone } = account.get("customers", facts.customer);
  const [line] = facts.lines;
  if (!line) throw new Error("an invoice without lines");
  const begun = account.begin("in", "invoice");
  const total = facts.lines.reduce((sum, { amount }) => sum + amount, 0);
  const due = Math.max(total, 0);
  return account.add("invoices", {
    ...begun,
    amount_due: due,
    amount_paid: 0,
    amount_remaining: due,
    billing_reason: facts.reason,
    currency: line.currency,
    customer: facts.customer,
    customer_email: email,
    customer_name: name,
    customer_phone: phone,
    hosted_invoice_url: `https://invoice.stripe.test/i/${begun.id}`,
    invoice_pdf: `https://invoice.stripe.test/i/${begun.id}/pdf`,
    metadata: {},
    next_payment_attempt: null,
    number: `FAKE-${begun.id.slice(-4)}`,
    period_end: begun.created,
    status: "open",
    status_transitions: { finalized_at: begun.created, paid_at: null },
    total,
    _lines: facts.lines,
    _subscription: line._subscription,
    _subscription_metadata: facts.subscription_metadata,
    _payment_intent: null,
    _charge: null,
    _out_of_band: false,
  });
}

/** The invoice is paid, by card or outside Stripe, and everybody is told. */
export function payInvoice(account: FakeAccount, invoice: Invoice, is_out_of_band: boolean): void {
  const { id, amount_due: amount, currency } = invoice;
  const customer = account.get("customers", invoice.customer ?? "");
  const is_by_card = !is_out_of_band && amount > 0;
  const taken = !is_by_card ? null : takeMoney(account, { customer, amount, currency, invoice: id, metadata: {} });
  invoice.amount_paid = amount;
  invoice.amount_remaining = 0;
  invoice.status = "paid";
  invoice.status_transitions = { ...invoice.status_transitions, paid_at: account.now() };
  invoice.next_payment_attempt = null;
  invoice._out_of_band = is_out_of_band;
  if (taken !== null) {
    invoice._payment_intent = taken.payment_intent.id;
    invoice._charge = taken.charge.id;
    const payment = account.add("invoice_payments", {
      ...account.begin("inpay", "invoice_payment"),
      id: idBeside(taken.payment_intent.id, "inpay"),
      amount_paid: amount,
      amount_requested: amount,
      currency,
      invoice: id,
      is_default: true,
      status: "paid",
      payment: { type: "payment_intent", payment_intent: taken.payment_intent.id },
    });
    account.tell("invoice_payment.paid", payment);
  }
  account.tell("invoice.paid", invoice);
}

/** The id of what hangs on a payment intent: found without a search, in a year of thousands of them too. */
export function idBeside(payment_intent: string, prefix: "cs" | "inpay"): string {
  return payment_intent.replace(/^pi_/u, `${prefix}_`);
}

/** What so many units cost; in tiers, each unit what its own tier says. */
export function costOf(price: Price, quantity: number): number {
  if (price._tiers === null) return (price.unit_amount ?? 0) * quantity;
  let cost = 0;
  let counted = 0;
  for (const { up_to, unit_amount } of price._tiers) {
    const units = Math.max(Math.min(quantity, up_to ?? quantity) - counted, 0);
    cost += units * unit_amount;
    counted += units;
  }
  return cost;
}
