import type { BilledInvoice, NextInvoice } from "../../../rules/billing/invoices.ts";
import { amountAt, at, idAt, instantAt, integerAt, listAt, textAt, type Fields } from "../read-field.ts";
import { addressAt } from "./read-address.ts";

/** Null: no invoice. */
export function readBilledInvoice(invoice: Fields): BilledInvoice | null {
  const invoice_id = idAt(invoice, "id");
  const status = textAt(invoice, "status");
  const created_at = instantAt(invoice, "created");
  const currency = textAt(invoice, "currency");
  const total_cents = integerAt(invoice, "total");
  if (!invoice_id || !status || !created_at || !currency || total_cents === null) return null;
  return {
    invoice_id,
    number: textAt(invoice, "number"),
    status,
    created_at,
    total_cents,
    due_cents: amountAt(invoice, "amount_remaining") ?? 0,
    currency: currency.toUpperCase(),
    url: addressAt(invoice, "hosted_invoice_url"),
    pdf_url: addressAt(invoice, "invoice_pdf"),
  };
}

const PRORATION = ["parent.subscription_item_details.proration", "parent.invoice_item_details.proration"];

/** Null: no invoice. */
export function readNextInvoice(invoice: Fields): NextInvoice | null {
  const currency = textAt(invoice, "currency");
  const total_cents = integerAt(invoice, "total");
  if (currency === null || total_cents === null) return null;
  return {
    due_at: instantAt(invoice, "next_payment_attempt", "period_end"),
    total_cents,
    currency: currency.toUpperCase(),
    lines: listAt(invoice, "lines").map((line) => ({
      text: textAt(line, "description") ?? "",
      amount_cents: integerAt(line, "amount") ?? 0,
      is_proration: PRORATION.some((path) => at(line, path) === true),
    })),
  };
}
