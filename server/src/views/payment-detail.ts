import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant, textArray } from "../platform/sql.ts";
import { signedAmount, toldAs, type EntryType } from "../rules/credits/entry.ts";
import type { Instant } from "../rules/time/local-days.ts";
import {
  LISTED_PAYMENT_COLUMNS,
  listedPaymentShape,
  showListedPayments,
  type ListedPayment,
  type ListedPaymentRow,
} from "./listed-payments.ts";
import { entryTypeShape } from "./shapes.ts";
import { FROM_PAYMENTS } from "./show-payment.ts";
import { actsOn, staffActShape } from "./staff-acts.ts";
import { showEvent, webhookEventShape, type WebhookRow } from "./webhook-events.ts";

/** Deliveries, entries and decisions that one payment is shown with at most. */
const MAX_DELIVERIES = 50;
const MAX_ENTRIES = 100;
/** Deliveries of its contact that are looked into, the earliest since shortly before it was paid. */
const MAX_LOOKED_INTO = 500;

const effectShape = z.object({
  id: z.string().describe("The ledger entry's id."),
  entry_number: z.int(),
  type: entryTypeShape,
  amount: z.int().describe("The change of what the contact has available."),
  balance_after: z.int(),
  entitlement_id: z.guid(),
  reason: z.string(),
  occurred_at: z.iso.datetime(),
});

export const paymentDetailAnswer = z.object({
  payment: listedPaymentShape.extend({
    deliveries: z.array(webhookEventShape).describe("What its providers delivered that names it, the earliest first."),
    entries: z.array(effectShape).describe("What became of it in the ledger, in order."),
    duplicates: z
      .array(z.object({ id: z.guid(), external_payment_id: z.string(), provider: z.string(), status: z.string() }))
      .describe("Payments that probably repeat it."),
    decisions: z.array(staffActShape).describe("What staff decided of it, the latest first."),
  }),
});

const ONE = {
  name: "view_listed_payment",
  text: `SELECT ${LISTED_PAYMENT_COLUMNS}, p.contact_id ${FROM_PAYMENTS} WHERE p.location_id = $1 AND p.id = $2`,
};

// A delivery names a payment where its bytes hold one of the payment's names.
const DELIVERIES = {
  name: "view_deliveries_of_payment",
  text: `
    SELECT e.id, e.provider, e.type, e.dedupe_key, e.status, e.reason_code, e.detail, e.contacts, e.verification, e.is_late,
      e.attempts, e.told_at, e.received_at, e.next_attempt_at, e.finished_at, e.correlation_id
    FROM (
      SELECT * FROM webhook_events
      WHERE location_id = $1 AND id = ANY (ARRAY(SELECT webhook_events_of_contact($1, $2)))
        AND told_at >= $4::timestamptz - interval '2 days'
      ORDER BY told_at, id LIMIT ${MAX_LOOKED_INTO}
    ) e
    WHERE EXISTS (SELECT FROM unnest($3::text[]) name WHERE position(convert_to(name, 'UTF8') IN e.body) > 0)
    ORDER BY e.told_at, e.id LIMIT ${MAX_DELIVERIES}`,
};

const ENTRIES = {
  name: "view_entries_of_payment",
  text: `
    SELECT l.contact_id, l.entry_number, l.type, l.amount, l.balance_after, l.entitlement_id, l.reason, l.occurred_at
    FROM entitlements e
    JOIN ledger_entries l ON l.location_id = e.location_id AND l.contact_id = e.contact_id AND l.entitlement_id = e.id
      AND l.type IN ('grant', 'refund', 'refund_undone', 'shortfall', 'shortfall_undone')
    WHERE e.location_id = $1 AND e.payment_event_id = $2
    ORDER BY l.contact_id, l.entry_number LIMIT ${MAX_ENTRIES}`,
};

const DUPLICATES = {
  name: "view_duplicates_of_payment",
  text: `
    SELECT id, external_payment_id, provider, status FROM payment_events
    WHERE location_id = $1 AND duplicate_of = $2 ORDER BY paid_at, id LIMIT 20`,
};

type Effect = {
  contact_id: string;
  entry_number: number;
  type: EntryType;
  amount: number;
  balance_after: number;
  entitlement_id: string;
  reason: string;
  occurred_at: Instant;
};

/** A payment with everything that is known of it; null: the location has no such payment. */
export async function findPaymentDetail(
  tx: Transaction,
  location_id: string,
  id: string,
): Promise<z.output<typeof paymentDetailAnswer> | null> {
  const [row] = await tx.query<ListedPaymentRow>(ONE, [location_id, id]);
  const [payment] = row ? await showListedPayments(tx, location_id, [row]) : [];
  if (!payment) return null;
  const [deliveries, entries, duplicates, decisions] = await Promise.all([
    tx.query<WebhookRow>(DELIVERIES, [location_id, payment.external_contact_id, namesOf(payment), payment.paid_at]),
    tx.query<Effect & Record<string, unknown>>(ENTRIES, [location_id, id]),
    tx.query<{ id: string; external_payment_id: string; provider: string; status: string }>(DUPLICATES, [
      location_id,
      id,
    ]),
    actsOn(tx, location_id, [`payment ${id}`]),
  ]);
  return {
    payment: {
      ...payment,
      deliveries: deliveries.map(showEvent),
      entries: entries.map(showEffect),
      duplicates,
      decisions,
    },
  };
}

/** Names too short to tell one payment from another are none. */
function namesOf({ keys, external_payment_id, refunds, disputes }: ListedPayment): string {
  const names = [
    external_payment_id,
    ...keys.map(({ key }) => key),
    ...refunds.map(({ refund_id }) => refund_id),
    ...disputes.map(({ dispute_id }) => dispute_id),
  ];
  return textArray([...new Set(names)].filter((name) => name.length >= 6 && name !== "cumulative"));
}

function showEffect({ contact_id, type, amount, occurred_at, ...entry }: Effect): z.output<typeof effectShape> {
  return {
    ...entry,
    id: `${contact_id}-${entry.entry_number}`,
    type: toldAs(type),
    amount: signedAmount(type, amount, false),
    occurred_at: instant(occurred_at),
  };
}
