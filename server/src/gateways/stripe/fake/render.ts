import { periodOf } from "./periods.ts";
import type { AnyRow, Invoice, InvoiceLine, StripeEvent, Subscription } from "./rows.ts";

/** From this version on a payment no longer names its invoice, nor an invoice its payment. */
const SHAPE_BREAK = "2025-03-31";

type Json = Record<string, unknown>;

/** Old versions know no payments of invoices, so their accounts hear of none. */
export function isToldIn(version: string, event: StripeEvent): boolean {
  return !isOldShape(version) || event._object.object !== "invoice_payment";
}

function isOldShape(version: string): boolean {
  return version < SHAPE_BREAK;
}

/** An object as an account of this API version says it. */
export function render(row: AnyRow, version: string): Json {
  const is_old = isOldShape(version);
  switch (row.object) {
    case "event":
      return renderEvent(row, version);
    case "invoice":
      return { ...bare(row), ...(is_old ? oldInvoice(row) : newInvoice(row)) };
    case "subscription":
      return { ...bare(row), ...renderSubscription(row, is_old) };
    case "charge":
    case "payment_intent":
      return is_old ? { ...bare(row), invoice: row._invoice } : bare(row);
    default:
      return bare(row);
  }
}

function renderEvent(event: StripeEvent, version: string): Json {
  const object = render(event._object, version);
  const request = { id: null, idempotency_key: null };
  return { ...bare(event), api_version: version, data: { object }, pending_webhooks: 1, request };
}

/** Without what is ours. */
function bare(row: object): Json {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith("_")));
}

function newInvoice(invoice: Invoice): Json {
  const details = { subscription: invoice._subscription, metadata: invoice._subscription_metadata };
  const parent = { type: "subscription_details", subscription_details: details, quote_details: null };
  return {
    parent: invoice._subscription === null ? null : parent,
    lines: listOf(invoice._lines.map((line) => ({ ...bare(line), ...newLine(line) }))),
  };
}

function oldInvoice(invoice: Invoice): Json {
  return {
    subscription: invoice._subscription,
    subscription_details: { metadata: invoice._subscription_metadata },
    payment_intent: invoice._payment_intent,
    charge: invoice._charge,
    paid: invoice.status === "paid",
    paid_out_of_band: invoice._out_of_band,
    lines: listOf(invoice._lines.map((line) => ({ ...bare(line), ...oldLine(line) }))),
  };
}

/** A line of an invoice, as it is listed by itself. */
export function newLine(line: InvoiceLine): Json {
  const subscription = line._subscription;
  const details = { proration: line._is_proration, subscription };
  const price_details = { price: line._price, product: line._product };
  const parent =
    subscription === null
      ? { type: "invoice_item_details", invoice_item_details: details, subscription_item_details: null }
      : { type: "subscription_item_details", subscription_item_details: details, invoice_item_details: null };
  return { ...bare(line), parent, pricing: { type: "price_details", price_details } };
}

function oldLine(line: InvoiceLine): Json {
  return {
    type: line._subscription === null ? "invoiceitem" : "subscription",
    subscription: line._subscription,
    proration: line._is_proration,
    price: { id: line._price, object: "price", product: line._product },
  };
}

function renderSubscription(subscription: Subscription, is_old: boolean): Json {
  const { start: current_period_start, end: current_period_end } = periodOf(subscription);
  const period = { current_period_start, current_period_end };
  const item = {
    id: subscription.id.replace("sub_", "si_"),
    object: "subscription_item",
    price: { id: subscription._price, object: "price", billing_scheme: subscription._billing_scheme },
    quantity: subscription._quantity,
    subscription: subscription.id,
  };
  return is_old ? { ...period, items: listOf([item]) } : { items: listOf([{ ...item, ...period }]) };
}

function listOf(rows: Json[]): Json {
  return { object: "list", data: rows, has_more: false };
}
