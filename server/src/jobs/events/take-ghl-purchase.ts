import type { GhlClient } from "../../gateways/ghl/client.ts";
import { GhlError, type GhlFailure } from "../../gateways/ghl/ghl-error.ts";
import { findInvoice, findOrder } from "../../gateways/ghl/orders.ts";
import type { GhlInvoice } from "../../gateways/ghl/read-invoice.ts";
import type { GhlOrder } from "../../gateways/ghl/read-order.ts";
import { firstTransactions, readTransaction } from "../../gateways/ghl/read-transaction.ts";
import { listTransactions, type GhlTransaction, type TransactionQuestion } from "../../gateways/ghl/transactions.ts";
import type { EventOutcome } from "../../operations/events/stored-event.ts";
import type { ToldItem, ToldPayment, ToldRefund } from "../../rules/payments/told.ts";
import { takePayment, takeRefundOf } from "./take-payment.ts";
import { outcomeOf, type Step, type Taken, type Taking } from "./taking.ts";

/** How long a subscription's order waits for its transaction, which alone says the period that was paid. */
const PERIOD_PATIENCE_MS = 10 * 60_000;
const ASK_AGAIN_MS = 20_000;
/** What asking again does not mend. */
const FINAL_REFUSALS: ReadonlySet<GhlFailure> = new Set(["forbidden", "not_found", "refused"]);

export async function takeOrder(taking: Taking, taken: Taken, order: GhlOrder, type: string): Promise<EventOutcome> {
  return takePurchase(taking, taken, { ...order, entity_id: order.order_id }, type);
}

export async function takeInvoice(
  taking: Taking,
  taken: Taken,
  invoice: GhlInvoice,
  type: string,
): Promise<EventOutcome> {
  return takePurchase(taking, taken, { ...invoice, entity_id: invoice.invoice_id, has_recurring: false }, type);
}

interface Purchase {
  entity_id: string;
  has_recurring: boolean;
  payment: ToldPayment;
}

/**
 * An order or invoice, with the names that its transactions have for it: Stripe's ids stand nowhere else, and a Stripe event that
 * shares one is the same payment (rule 32).
 */
async function takePurchase(
  taking: Taking,
  taken: Taken,
  { entity_id, has_recurring, payment }: Purchase,
  type: string,
): Promise<EventOutcome> {
  const reach = payment.status === "paid" ? await taking.connections.ghl(taken.location_id) : null;
  if (!reach) return outcomeOf(await takePayment(taking, taken, payment, type));
  const { ghl_location_id: location_id, client } = reach;
  const transactions = await readableTransactions(client, { location_id, entity_id });
  const first_ids = firstTransactions(transactions);
  const first = transactions.find(({ transaction_id }) => first_ids.has(transaction_id));
  const age = taking.clock.now() - taken.event.received_at;
  if (!first && has_recurring && age < PERIOD_PATIENCE_MS) {
    return { status: "waiting", reason_code: "TRANSACTION_AWAITED", retry_at: taking.clock.now() + ASK_AGAIN_MS };
  }
  if (!first) return outcomeOf(await takePayment(taking, taken, payment, type));
  const read = readTransaction(first, { ...context(taken), is_first_of_entity: true });
  const told = joined(payment, { ...read, ...wholeOf(first, payment) });
  // An order that was given back is dated by that.
  const given_back = { refund_id: null, refunded_at: payment.paid_at };
  return outcomeOf(await takeWithRefund(taking, taken, told, given_back, type));
}

/** Rule 33. None where GoHighLevel does not let us look: what was paid is granted by its own words. Throws where it may let us later. */
async function readableTransactions(client: GhlClient, question: TransactionQuestion): Promise<GhlTransaction[]> {
  try {
    return await listTransactions(client, question);
  } catch (error) {
    if (error instanceof GhlError && FINAL_REFUSALS.has(error.kind)) return [];
    throw error;
  }
}

/** A transaction that was polled: a payment, a renewal, or what was given back of one. Neither has a webhook. */
export async function takeTransaction(
  taking: Taking,
  taken: Taken,
  transaction: GhlTransaction,
  is_first_of_entity: boolean,
): Promise<Step[]> {
  const reach = await taking.connections.ghl(taken.location_id);
  const bought = reach && (await boughtBy(reach.client, reach.ghl_location_id, transaction, taken));
  const items = (is_first_of_entity ? bought?.payment.items : bought?.renewed) ?? [];
  const read = readTransaction(transaction, { ...context(taken), items, is_first_of_entity });
  const payment = { ...read, ...wholeOf(transaction, bought?.payment ?? null) };
  const { transaction_id: refund_id, updated_at } = transaction;
  const given_back = { refund_id, refunded_at: updated_at ?? taken.event.told_at };
  return takeWithRefund(taking, taken, payment, given_back, "Transaction");
}

/** What was given back is told first and by itself: it is dated by when it was given back, not by when it was paid. */
async function takeWithRefund(
  taking: Taking,
  taken: Taken,
  payment: ToldPayment,
  given_back: Pick<ToldRefund, "refund_id" | "refunded_at">,
  told_by: string,
): Promise<Step[]> {
  const amount_cents = payment.refunded_cents ?? 0;
  const refunds = amount_cents > 0 ? await takeRefundOf(taking, taken, payment, { ...given_back, amount_cents }) : [];
  const paid = await takePayment(taking, taken, { ...payment, refunded_cents: null }, told_by);
  return [...paid, ...refunds];
}

/** Rule 33. Of what is paid in parts each transaction is only one: until all of it is paid, nothing is, and then since the purchase says. */
function wholeOf(
  { subscription_id, amount_cents }: GhlTransaction,
  bought: ToldPayment | null,
): Partial<Pick<ToldPayment, "status" | "amount_cents" | "paid_at">> {
  const whole = bought?.amount_cents ?? null;
  if (!bought || subscription_id !== null || amount_cents === null || whole === null || amount_cents >= whole)
    return {};
  const { status, paid_at } = bought;
  return status === "paid" ? { amount_cents: whole, paid_at } : { status: "pending", amount_cents: whole };
}

/** What was bought stands on the order or the invoice only. */
async function boughtBy(
  client: GhlClient,
  location_id: string,
  { entity_type, entity_id }: GhlTransaction,
  { event }: Taken,
): Promise<{ payment: ToldPayment; renewed: ToldItem[] } | null> {
  if (entity_id === null) return null;
  if (entity_type === "invoice") {
    const invoice = await findInvoice(client, location_id, entity_id, event.received_at);
    return invoice && { payment: invoice.payment, renewed: invoice.payment.items };
  }
  const order = await findOrder(client, location_id, entity_id, event.received_at);
  if (!order) return null;
  const { payment, has_recurring, recurring_items } = order;
  return { payment, renewed: has_recurring ? recurring_items : payment.items };
}

function context({ event }: Taken) {
  return { seen_at: event.received_at };
}

/** The purchase's own words, with the names and the period that its transaction adds, and its time: any edit dates an order anew. */
function joined(purchase: ToldPayment, transaction: ToldPayment): ToldPayment {
  const keys = new Map([...purchase.keys, ...transaction.keys].map((key) => [`${key.provider} ${key.key}`, key]));
  return {
    ...purchase,
    keys: [...keys.values()],
    paid_at: transaction.paid_at,
    period: transaction.period ?? purchase.period,
    subscription_id: transaction.subscription_id ?? purchase.subscription_id,
  };
}
