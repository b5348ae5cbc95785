import { z } from "zod";
import { instant } from "../../platform/sql.ts";
import type { BilledInvoice, NextInvoice } from "../../rules/billing/invoices.ts";
import { monthlyPrice } from "../../rules/billing/price.ts";
import type { workspaceBilling } from "../../views/workspace-billing.ts";

const moment = z.iso.datetime({ precision: 3 });
const cents = z.int().describe("In the smallest unit of the currency.");

export const invoiceShape = z.object({
  invoice_id: z.string(),
  number: z.string().nullable(),
  status: z.string().describe("draft, open, paid, uncollectible or void."),
  created_at: moment,
  total_cents: cents,
  due_cents: cents.describe("Still to be paid."),
  currency: z.string(),
  url: z.url().nullable().describe("Stripe's page of it, where it can be paid."),
  pdf_url: z.url().nullable(),
});

export const nextInvoiceShape = z
  .object({
    due_at: moment.nullable(),
    total_cents: cents,
    currency: z.string(),
    lines: z.array(
      z.object({
        text: z.string(),
        amount_cents: cents.describe("Below zero: a credit."),
        is_proration: z.boolean().describe("For a part of a period in which the number of locations changed."),
      }),
    ),
  })
  .nullable()
  .describe("Null: there will be none, or Stripe could not be asked.");

export const priceShape = z.object({
  further: z.int(),
  locations: z.int().describe("Active ones, without them."),
  monthly_cents: cents.describe("As it is."),
  monthly_cents_then: cents.describe("With the further locations."),
  next_invoice: nextInvoiceShape,
});

export function showInvoice({ created_at, ...invoice }: BilledInvoice): z.output<typeof invoiceShape> {
  return { ...invoice, created_at: instant(created_at) };
}

export function showNextInvoice(next: NextInvoice | null): z.output<typeof nextInvoiceShape> {
  return next && { ...next, due_at: next.due_at === null ? null : instant(next.due_at) };
}

/** What `more` locations cost; nothing where nobody is billed. */
export function priceWith(
  { is_billed, price }: z.output<typeof workspaceBilling>,
  more: number,
  next: NextInvoice | null,
): z.output<typeof priceShape> {
  return {
    further: more,
    locations: price.locations,
    monthly_cents: price.monthly_cents,
    monthly_cents_then: is_billed ? monthlyPrice(price.locations + more) : 0,
    next_invoice: showNextInvoice(next),
  };
}
