import { z } from "zod";
import type { PaymentKey, ToldItem, ToldPayment } from "../../rules/payments/told.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { lineAmount, toSmallestUnit } from "./money.ts";
import { decimal, flag, id, instant, list, record, text } from "./tolerant.ts";

export interface GhlOrder {
  order_id: string;
  /** `invoice` where the order was made for an invoice: one purchase that is told twice. */
  source_type: string | null;
  source_id: string | null;
  /** True: a line is a subscription's, so renewals will follow as transactions only. */
  has_recurring: boolean;
  /** The lines that a renewal pays again: what was bought once beside them was not. */
  recurring_items: ToldItem[];
  payment: ToldPayment;
}

const snapshotShape = z.object({ id, name: text, firstName: text, lastName: text, email: text, phone: text });
const priceOfItem = z.object({ _id: id, type: text, amount: decimal, currency: text });
const productOfItem = z.object({ _id: id, name: text });
const itemShape = z.object({ name: text, qty: z.unknown().optional(), product: record, price: record });
const sourceShape = z.object({ type: text, id });

/** The order of a webhook or of `/payments/orders/{id}`; a row of the list says the same in other places, without items. */
const orderShape = z.object({
  _id: id,
  id,
  status: text,
  contactId: id,
  contactName: text,
  contactEmail: text,
  contactSnapshot: record,
  currency: text,
  amount: decimal,
  liveMode: flag,
  markAsTest: flag,
  source: record,
  sourceType: text,
  sourceId: id,
  createdAt: instant,
  updatedAt: instant,
  items: list(itemShape),
});

const WAITING = [
  "pending",
  "processing",
  "unpaid",
  "partially_paid",
  "draft",
  "incomplete",
  "trial",
  "trialing",
  "past_due",
];

/**
 * Orders and transactions name the state of the money in words that no document lists whole; what is not known is not paid, unless
 * there is nothing to pay.
 */
export function paymentStatus(word: string | null, amount_cents: number | null): ToldPayment["status"] {
  const status = (word ?? "").toLowerCase().replaceAll(/[\s-]/g, "_");
  if (["completed", "paid", "succeeded", "refunded", "partially_refunded"].includes(status)) return "paid";
  if (["failed", "declined", "cancelled", "canceled", "voided", "void"].includes(status)) return "failed";
  return amount_cents === 0 && !WAITING.includes(status) ? "paid" : "pending";
}

/** Rule 33. `seen_at` dates the payment where the order has no time of its own. */
export function readOrder(value: unknown, seen_at: Instant): GhlOrder | { unreadable: string } {
  const read = orderShape.safeParse(value);
  if (!read.success) return { unreadable: "order: not an object" };
  const told = read.data;
  const order_id = told._id ?? told.id;
  if (!order_id) return { unreadable: "order._id: missing" };
  const items: ToldItem[] = [];
  const recurring_items: ToldItem[] = [];
  for (const line of told.items) {
    const item = readItem(line, told.currency);
    if ("unreadable" in item) return item;
    items.push(item);
    if (priceOfItem.parse(line.price).type === "recurring") recurring_items.push(item);
  }
  const source = sourceShape.parse(told.source);
  const source_type = source.type ?? told.sourceType;
  const source_id = source.id ?? told.sourceId;
  const keys: PaymentKey[] = [{ provider: "ghl", key: order_id }];
  if (source_type === "invoice" && source_id) keys.push({ provider: "ghl", key: source_id });
  const snapshot = snapshotShape.parse(told.contactSnapshot);
  const full_name = [snapshot.firstName, snapshot.lastName].filter((part) => part !== null).join(" ");
  const amount_cents = toSmallestUnit(told.amount, told.currency);
  return {
    order_id,
    source_type,
    source_id,
    has_recurring: recurring_items.length > 0,
    recurring_items,
    payment: {
      provider: "ghl",
      keys,
      status: paymentStatus(told.status, amount_cents),
      is_live: told.liveMode !== false && told.markAsTest !== true,
      contact: {
        external_id: told.contactId ?? snapshot.id,
        email: snapshot.email ?? told.contactEmail,
        phone: snapshot.phone,
        name: snapshot.name ?? (full_name === "" ? told.contactName : full_name),
      },
      items,
      amount_cents,
      currency: told.currency?.toUpperCase() ?? null,
      paid_at: told.updatedAt ?? told.createdAt ?? seen_at,
      period: null,
      subscription_id: null,
      refunded_cents: told.status?.toLowerCase() === "refunded" ? amount_cents : null,
    },
  };
}

function readItem(item: z.output<typeof itemShape>, order_currency: string | null): ToldItem | { unreadable: string } {
  const quantity = readQuantity(item.qty);
  if (quantity === null) return { unreadable: `items.qty: ${JSON.stringify(item.qty)} is not a whole number` };
  const price = priceOfItem.parse(item.price);
  const product = productOfItem.parse(item.product);
  return {
    product_id: product._id,
    price_id: price._id,
    name: item.name ?? product.name,
    quantity,
    amount_cents: lineAmount(price.amount, quantity, price.currency ?? order_currency),
  };
}

const MAX_QUANTITY = 100_000;

/** One where nothing is said; null for what nobody can buy. */
export function readQuantity(value: unknown): number | null {
  if (value === undefined || value === null) return 1;
  const quantity = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  const is_whole = typeof quantity === "number" && Number.isInteger(quantity);
  return is_whole && quantity >= 1 && quantity <= MAX_QUANTITY ? quantity : null;
}
