import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { isUuid } from "../platform/ids.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { isFound } from "./contact-keys.ts";
import { cursorInstant, cutPage, type Page } from "./page.ts";
import { nextCursor, paymentShape } from "./shapes.ts";
import { FROM_PAYMENTS, PAYMENT_COLUMNS, showPayments, type PaymentRow } from "./show-payment.ts";

// A payment may stand in several ways at once: it is listed under each of them. `p` is the payment; the index comes first.
const STATES = {
  probable_duplicate: "p.attention <> '{}' AND p.attention @> '{probable_duplicate}'",
  unmatched: "p.attention <> '{}' AND p.attention @> '{unmatched}'",
  held: "p.attention <> '{}' AND p.attention @> '{held}'",
  shortfall: "p.attention <> '{}' AND p.attention @> '{shortfall}'",
  refund_unreckoned: "p.attention <> '{}' AND p.attention @> '{refund_unreckoned}'",
  charged_while_frozen: "p.attention <> '{}' AND p.attention @> '{charged_while_frozen}'",
  flagged: "p.attention <> '{}' AND p.flags <> '{}'",
  disputed: "(p.refunded_cents > 0 OR p.disputes <> '[]') AND p.disputes <> '[]'",
  refunded: "(p.refunded_cents > 0 OR p.disputes <> '[]') AND p.refunded_cents > 0",
  settling: "p.settles_at IS NOT NULL",
  pending: "p.status = 'pending'",
  failed: "p.status = 'failed'",
  ignored: `(p.status = 'dismissed' OR p.status = 'recorded' AND p.items @> '[{"status": "dismissed"}]')`,
  granted: `p.status = 'recorded' AND p.items @> '[{"status": "granted"}]'`,
  no_credits: `p.status = 'recorded' AND p.items @> '[{"status": "no_credits"}]'`,
} as const;

export type PaymentState = keyof typeof STATES;
export const PAYMENT_STATES = Object.keys(STATES) as [PaymentState, ...PaymentState[]];

export const listedPaymentShape = paymentShape
  .extend({
    contact_name: z.string().nullable(),
    states: z.array(z.enum(PAYMENT_STATES)).describe("All the ways in which it stands, what needs a person first."),
  })
  .describe("A payment with whose it is and how it stands.");

export type ListedPayment = z.output<typeof listedPaymentShape>;

export const listedPaymentsCursor = z.object({ list: z.literal("listed_payments"), at: cursorInstant, id: z.guid() });
export const listedPaymentsAnswer = z.object({ payments: z.array(listedPaymentShape), next_cursor: nextCursor });

export interface PaymentQuestion {
  state?: PaymentState | undefined;
  /** The beginning of what a contact is called by, or any name of a payment. */
  search?: string | null | undefined;
  product_config_id?: string | undefined;
  /** Paid from and until before then. */
  from?: Instant | undefined;
  to?: Instant | undefined;
}

export type ListedPaymentRow = PaymentRow & { contact_name: string | null; states: PaymentState[] };

/** What a listed payment reads of `payment_events p` and its contact `o`. */
export const LISTED_PAYMENT_COLUMNS = `${PAYMENT_COLUMNS}, o.name AS contact_name, array_remove(ARRAY[
  ${PAYMENT_STATES.map((state) => `CASE WHEN ${STATES[state]} THEN '${state}' END`).join(",\n  ")}
], NULL) AS states`;

/** A page of the location's payments, the latest paid first. */
export async function findListedPayments(
  tx: Transaction,
  location_id: string,
  question: PaymentQuestion,
  { limit, cursor }: Page<z.output<typeof listedPaymentsCursor>>,
): Promise<z.output<typeof listedPaymentsAnswer>> {
  const values: unknown[] = [location_id];
  const given = (value: unknown) => `$${values.push(value)}`;
  const conditions = conditionsOf(question, given);
  if (cursor)
    conditions.push(`(p.paid_at, p.id) < (${given(instant(cursor.at))}::timestamptz, ${given(cursor.id)}::uuid)`);
  const text = `
    SELECT ${LISTED_PAYMENT_COLUMNS} ${FROM_PAYMENTS}
    WHERE p.location_id = $1 ${conditions.map((one) => `AND ${one}`).join(" ")}
    ORDER BY p.paid_at DESC, p.id DESC LIMIT ${given(limit + 1)}`;
  const rows = await tx.query<ListedPaymentRow>({ name: "", text }, values);
  const { items, next_cursor } = cutPage(rows, limit, ({ paid_at: at, id }) => ({ list: "listed_payments", at, id }));
  return { payments: await showListedPayments(tx, location_id, items), next_cursor };
}

export async function showListedPayments(
  tx: Transaction,
  location_id: string,
  rows: readonly ListedPaymentRow[],
): Promise<ListedPayment[]> {
  const shown = await showPayments(tx, location_id, rows);
  return rows.flatMap(({ contact_name, states }, i) => {
    const payment = shown[i];
    return payment ? [{ ...payment, contact_name, states }] : [];
  });
}

/** Only what is asked for stands in the statement: each question has a plan of its own. */
function conditionsOf(
  { state, search, product_config_id, from, to }: PaymentQuestion,
  given: (value: unknown) => string,
): string[] {
  const conditions: string[] = [];
  if (state !== undefined) conditions.push(STATES[state]);
  if (from !== undefined) conditions.push(`p.paid_at >= ${given(instant(from))}::timestamptz`);
  if (to !== undefined) conditions.push(`p.paid_at < ${given(instant(to))}::timestamptz`);
  if (product_config_id !== undefined) {
    conditions.push(
      `p.items @> jsonb_build_array(jsonb_build_object('product_config_id', ${given(product_config_id)}::text))`,
    );
  }
  if (search !== undefined && search !== null) {
    const named = given(search);
    const own = isUuid(search) ? ` OR p.id = ${given(search)}::uuid` : "";
    const by_key = `p.id IN (SELECT n.payment_event_id FROM payment_keys n WHERE n.location_id = $1 AND n.key = ${named})`;
    conditions.push(`(${isFound("p.contact_id", named)} OR ${by_key}${own})`);
  }
  return conditions;
}
