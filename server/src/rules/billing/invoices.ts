import type { Instant } from "../time/local-days.ts";

/** An invoice as the workspace's owner sees it. */
export interface BilledInvoice {
  invoice_id: string;
  number: string | null;
  /** Stripe's own word: draft, open, paid, uncollectible or void. */
  status: string;
  created_at: Instant;
  total_cents: number;
  /** Still to be paid. */
  due_cents: number;
  currency: string;
  /** Stripe's page of it, where it can be paid. */
  url: string | null;
  pdf_url: string | null;
}

/** What the next invoice will be, were nothing further to change. */
export interface NextInvoice {
  due_at: Instant | null;
  total_cents: number;
  currency: string;
  lines: NextInvoiceLine[];
}

export interface NextInvoiceLine {
  text: string;
  /** Below zero: a credit. */
  amount_cents: number;
  /** For a part of a period in which the number of locations changed. */
  is_proration: boolean;
}
