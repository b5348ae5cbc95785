import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import { cursorInstant, cutPage, type Page } from "./page.ts";
import { nextCursor, paymentShape, type PaymentShape } from "./shapes.ts";
import { FROM_PAYMENTS, PAYMENT_COLUMNS, showPayments, type PaymentRow } from "./show-payment.ts";

export const PAYMENT_STATUSES = paymentShape.shape.status.options;
/** Why a payment may wait for a person, or for time; `flagged`: for any flag. */
export const ATTENTIONS = [
  "unmatched",
  "probable_duplicate",
  "held",
  "settling",
  "flagged",
  "shortfall",
  "refund_unreckoned",
  "returned_expired",
  "told_twice",
  "charged_while_frozen",
  "once_per_contact",
  "late",
] as const;

export const paymentsCursor = z.object({ list: z.literal("location_payments"), at: cursorInstant, id: z.guid() });
export const paymentsAnswer = z.object({ payments: z.array(paymentShape), next_cursor: nextCursor });
export const paymentAnswer = z.object({ payment: paymentShape });

export interface PaymentFilters {
  status?: PaymentShape["status"] | undefined;
  attention?: (typeof ATTENTIONS)[number] | undefined;
  /** A contact's external id. */
  contact?: string | undefined;
}

/** A page of the location's payments, the latest first. */
export async function listPayments(
  tx: Transaction,
  location_id: string,
  filters: PaymentFilters,
  { limit, cursor }: Page<z.output<typeof paymentsCursor>>,
): Promise<z.output<typeof paymentsAnswer>> {
  const values: unknown[] = [location_id];
  const given = (value: unknown) => `$${values.push(value)}`;
  const conditions = conditionsOf(filters, given);
  if (cursor)
    conditions.push(`(p.paid_at, p.id) < (${given(instant(cursor.at))}::timestamptz, ${given(cursor.id)}::uuid)`);
  const text = `
    SELECT ${PAYMENT_COLUMNS} ${FROM_PAYMENTS}
    WHERE p.location_id = $1 ${conditions.map((one) => `AND ${one}`).join(" ")}
    ORDER BY p.paid_at DESC, p.id DESC LIMIT ${given(limit + 1)}`;
  const rows = await tx.query<PaymentRow>({ name: "", text }, values);
  const { items, next_cursor } = cutPage(rows, limit, ({ paid_at: at, id }) => ({ list: "location_payments", at, id }));
  return { payments: await showPayments(tx, location_id, items), next_cursor };
}

/** Only what is asked for stands in the statement: each question has a plan of its own. */
function conditionsOf({ status, attention, contact }: PaymentFilters, given: (value: unknown) => string): string[] {
  const conditions: string[] = [];
  if (status !== undefined) conditions.push(`p.status = ${given(status)}`);
  if (contact !== undefined) conditions.push(`o.location_id = $1 AND o.external_id = ${given(contact)}`);
  if (attention === "settling") conditions.push("p.settles_at IS NOT NULL");
  else if (attention === "flagged") {
    conditions.push("p.attention <> '{}' AND p.flags <> '{}' AND NOT p.flags <@ p.acknowledged");
  } else if (attention !== undefined)
    conditions.push(`p.attention <> '{}' AND p.attention @> ARRAY[${given(attention)}]`);
  return conditions;
}

const ONE = {
  name: "view_payment",
  text: `SELECT ${PAYMENT_COLUMNS} ${FROM_PAYMENTS} WHERE p.location_id = $1 AND p.id = $2`,
};

/** Null: the location has no such payment. */
export async function findPayment(
  tx: Transaction,
  location_id: string,
  id: string,
): Promise<z.output<typeof paymentAnswer> | null> {
  const [row] = await tx.query<PaymentRow>(ONE, [location_id, id]);
  const [payment] = row ? await showPayments(tx, location_id, [row]) : [];
  return payment ? { payment } : null;
}
