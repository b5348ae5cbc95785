import { z } from "zod";
import type { ToldItem, ToldPayment } from "../../rules/payments/told.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { lineAmount, toSmallestUnit } from "./money.ts";
import { readQuantity } from "./read-order.ts";
import { decimal, flag, id, instant, list, record, text } from "./tolerant.ts";

export interface GhlInvoice {
  invoice_id: string;
  /** `draft`, `sent`, `payment_processing`, `paid`, `void`, `partially_paid`. */
  status: string | null;
  payment: ToldPayment;
}

const contactShape = z.object({ id, name: text, email: text, phoneNo: text });
const itemShape = z.object({
  productId: id,
  priceId: id,
  name: text,
  qty: z.unknown().optional(),
  amount: decimal,
  currency: text,
});

const invoiceShape = z.object({
  _id: id,
  id,
  status: text,
  liveMode: flag,
  total: decimal,
  currency: text,
  contactDetails: record,
  invoiceItems: list(itemShape),
  createdAt: instant,
  updatedAt: instant,
});

/** An invoice of a webhook or of the API. Partly paid is not paid (rule 33). `seen_at` dates what has no time of its own. */
export function readInvoice(value: unknown, seen_at: Instant): GhlInvoice | { unreadable: string } {
  const read = invoiceShape.safeParse(value);
  if (!read.success) return { unreadable: "invoice: not an object" };
  const told = read.data;
  const invoice_id = told._id ?? told.id;
  if (!invoice_id) return { unreadable: "invoice._id: missing" };
  const items: ToldItem[] = [];
  for (const { productId, priceId, name, qty, amount, currency } of told.invoiceItems) {
    const quantity = readQuantity(qty);
    if (quantity === null) return { unreadable: `invoiceItems.qty: ${JSON.stringify(qty)} is not a whole number` };
    const amount_cents = lineAmount(amount, quantity, currency ?? told.currency);
    items.push({ product_id: productId, price_id: priceId, name, quantity, amount_cents });
  }
  const status = told.status?.toLowerCase() ?? null;
  const contact = contactShape.parse(told.contactDetails);
  return {
    invoice_id,
    status,
    payment: {
      provider: "ghl",
      keys: [{ provider: "ghl", key: invoice_id }],
      status: status === "paid" ? "paid" : "pending",
      is_live: told.liveMode !== false,
      contact: { external_id: contact.id, email: contact.email, phone: contact.phoneNo, name: contact.name },
      items,
      amount_cents: toSmallestUnit(told.total, told.currency),
      currency: told.currency?.toUpperCase() ?? null,
      paid_at: told.updatedAt ?? told.createdAt ?? seen_at,
      period: null,
      subscription_id: null,
      refunded_cents: null,
    },
  };
}
