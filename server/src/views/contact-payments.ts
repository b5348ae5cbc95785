import { z } from "zod";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { ContactRead, ContactView } from "./contact-read.ts";
import { BEHIND_ALL_TIME, cursorInstant, cutPage } from "./page.ts";
import { nextCursor, paymentShape, type PaymentShape } from "./shapes.ts";

type PaymentRow = Omit<PaymentShape, "paid_at" | "recorded_at"> & { paid_at: Instant; recorded_at: Instant };

const PAGE = {
  name: "view_payments",
  text: `
    SELECT p.id, p.provider, p.external_payment_id, p.event_type, p.amount_cents, p.currency,
      p.items -> 0 ->> 'product_config_id' AS product_config_id, c.name AS product_name,
      p.items -> 0 ->> 'entitlement_id' AS entitlement_id, p.external_ref, p.paid_at, p.recorded_at
    FROM payment_events p
    LEFT JOIN product_configs c ON c.location_id = p.location_id AND c.id = p.items -> 0 ->> 'product_config_id'
    WHERE p.location_id = $1 AND p.contact_id = $2 AND (p.paid_at, p.id) < ($3, $4)
    ORDER BY p.paid_at DESC, p.id DESC LIMIT $5`,
};

// What was paid without a word about the currency was paid in the location's own.
const TOTALS = {
  name: "view_payment_totals",
  text: `
    SELECT count(*) AS payment_events_count, max(paid_at) AS last_paid_at,
      COALESCE(sum(amount_cents) FILTER (WHERE COALESCE(currency, $3) = $3), 0)::bigint AS lifetime_value_cents
    FROM payment_events WHERE location_id = $1 AND contact_id = $2`,
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
  const rows = await tx.query<PaymentRow & Record<string, unknown>>(PAGE, [
    location_id,
    contact.id,
    before ? instant(before.at) : BEHIND_ALL_TIME,
    before?.id ?? LEAST_ID,
    count,
  ]);
  return rows.map((row) => ({
    at: row.paid_at,
    shown: { ...row, paid_at: instant(row.paid_at), recorded_at: instant(row.recorded_at) },
  }));
}

export async function findPaymentTotals({ tx, location_id, contact, currency }: ContactView) {
  type Totals = { payment_events_count: number; last_paid_at: Instant | null; lifetime_value_cents: number };
  const [totals] = await tx.query<Totals>(TOTALS, [location_id, contact.id, currency]);
  if (!totals) throw new Error("an aggregate answers one row");
  return { ...totals, last_paid_at: totals.last_paid_at === null ? null : instant(totals.last_paid_at) };
}
