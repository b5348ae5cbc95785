import { z } from "zod";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { ContactRead, ContactView } from "./contact-read.ts";
import { BEHIND_ALL_TIME, cursorInstant, cutPage } from "./page.ts";
import { nextCursor, paymentShape, type PaymentShape } from "./shapes.ts";
import { FROM_PAYMENTS, PAYMENT_COLUMNS, showPayments, type PaymentRow } from "./show-payment.ts";

const PAGE = {
  name: "view_payments",
  text: `
    SELECT ${PAYMENT_COLUMNS} ${FROM_PAYMENTS}
    WHERE p.location_id = $1 AND p.contact_id = $2 AND (p.paid_at, p.id) < ($3, $4)
    ORDER BY p.paid_at DESC, p.id DESC LIMIT $5`,
};

// Only what is decided counts: no pending, failed or dismissed one. What was paid without a word about the currency was paid in the
// location's own; what was given back, or lost to the payer's bank, was not earned.
const TOTALS = {
  name: "view_payment_totals",
  text: `
    SELECT count(*) AS payment_events_count, max(paid_at) AS last_paid_at,
      COALESCE(sum(CASE WHEN disputes @> '[{"status":"lost"}]' THEN 0 ELSE greatest(0, amount_cents - refunded_cents) END)
        FILTER (WHERE COALESCE(currency, $3) = $3), 0)::bigint AS lifetime_value_cents
    FROM payment_events WHERE location_id = $1 AND contact_id = $2 AND status = 'recorded'`,
};

const LEAST_ID = "00000000-0000-0000-0000-000000000000";

const cursor = z.object({ list: z.literal("payments"), at: cursorInstant, id: z.guid() });
const answer = z.object({ payments: z.array(paymentShape), next_cursor: nextCursor });

export const contactPayments: ContactRead<typeof answer, z.output<typeof cursor>> = {
  name: "contact_payments",
  reason_code: "payments_loaded",
  summary: "Every payment of the contact, newest first.",
  answer,
  cursor,
  async read(view, { limit, cursor: after }) {
    const found = await findPayments(view, after, limit + 1);
    const { items, next_cursor } = cutPage(found, limit, ({ at, shown: { id } }) => ({ list: "payments", at, id }));
    return { payments: items.map(({ shown }) => shown), next_cursor };
  },
};

/** Payments before a position, newest first. Without an id: before the instant itself. */
export async function findPayments(
  { tx, location_id, contact }: ContactView,
  before: { at: Instant; id?: string } | null,
  count: number,
): Promise<{ at: Instant; shown: PaymentShape }[]> {
  const rows = await tx.query<PaymentRow>(PAGE, [
    location_id,
    contact.id,
    before ? instant(before.at) : BEHIND_ALL_TIME,
    before?.id ?? LEAST_ID,
    count,
  ]);
  const shown = await showPayments(tx, location_id, rows);
  return shown.map((payment) => ({ at: Date.parse(payment.paid_at), shown: payment }));
}

export async function findPaymentTotals({ tx, location_id, contact, currency }: ContactView) {
  type Totals = { payment_events_count: number; last_paid_at: Instant | null; lifetime_value_cents: number };
  const [totals] = await tx.query<Totals>(TOTALS, [location_id, contact.id, currency]);
  if (!totals) throw new Error("an aggregate answers one row");
  return { ...totals, last_paid_at: totals.last_paid_at === null ? null : instant(totals.last_paid_at) };
}
