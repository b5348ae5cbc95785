import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant, textArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { findListedPayments, type ListedPayment, type PaymentState } from "./listed-payments.ts";
import type { LocationView } from "./location-read.ts";
import { listUnfunded } from "./unfunded-bookings.ts";
import { listWebhookEvents } from "./webhook-events.ts";

/** Of each kind, those that are shown at once: the latest. */
const MAX_SHOWN = 5;

const PAYMENT_KINDS = {
  unmatched_payment: "unmatched",
  probable_duplicate: "probable_duplicate",
  held_payment: "held",
  charged_while_frozen: "charged_while_frozen",
  refund_shortfall: "shortfall",
  refund_unreckoned: "refund_unreckoned",
} as const satisfies Record<string, PaymentState>;

const KINDS = [
  "disconnected",
  "failed_webhook",
  "unmatched_payment",
  "probable_duplicate",
  "held_payment",
  "unfunded_booking",
  "charged_while_frozen",
  "refund_shortfall",
  "refund_unreckoned",
  "balance_not_written",
] as const;
type Kind = (typeof KINDS)[number];

const rowShape = z.object({
  id: z.string().describe("Of the payment event, booking, webhook event; of a connection what is connected."),
  title: z.string().nullable().describe("What was bought or booked, or the event's type."),
  reason: z.string().nullable().describe("Why it waits, as a code or in the provider's words."),
  external_contact_id: z.string().nullable(),
  contact_name: z.string().nullable(),
  amount_cents: z.int().nullable(),
  currency: z.string().nullable(),
  at: z.iso.datetime().nullable().describe("Since when, or when it happened."),
});
type Row = z.output<typeof rowShape>;

export const attentionShape = z
  .array(
    z.object({
      kind: z.enum(KINDS),
      count: z.int().min(1),
      first: z.array(rowShape).describe("The latest of them, at most 5."),
    }),
  )
  .describe("What waits for a person, what is worst first; a kind of which there is none is missing.");

type Attention = z.output<typeof attentionShape>[number];

/** Everything of the location that a person should look at. */
export async function findAttention(view: LocationView): Promise<Attention[]> {
  const found = await Promise.all([
    paymentsOf(view),
    one("unfunded_booking", unfundedBookings(view)),
    one("failed_webhook", deadWebhooks(view)),
    one("disconnected", disconnected(view)),
    one("balance_not_written", unwrittenBalances(view)),
  ]);
  return found
    .flat()
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

type Found = { count: number; first: Row[] };

async function one(kind: Kind, found: Promise<Found>): Promise<Attention[]> {
  return [{ kind, ...(await found) }];
}

const NOTHING: Omit<Row, "id"> = {
  title: null,
  reason: null,
  external_contact_id: null,
  contact_name: null,
  amount_cents: null,
  currency: null,
  at: null,
};

const PAYMENTS = {
  name: "view_attention_of_payments",
  text: `
    SELECT kind, count(*)::integer AS count FROM payment_events p, unnest(p.attention) AS kind
    WHERE p.location_id = $1 AND p.attention <> '{}' GROUP BY kind`,
};

async function paymentsOf({ tx, location_id, currency }: LocationView): Promise<Attention[]> {
  const rows = await tx.query<{ kind: string; count: number }>(PAYMENTS, [location_id]);
  const counts = new Map(rows.map(({ kind, count }) => [kind, count]));
  const kinds = (Object.keys(PAYMENT_KINDS) as (keyof typeof PAYMENT_KINDS)[]).filter((kind) =>
    counts.has(PAYMENT_KINDS[kind]),
  );
  return Promise.all(
    kinds.map(async (kind) => {
      const state = PAYMENT_KINDS[kind];
      const { payments } = await findListedPayments(tx, location_id, { state }, { limit: MAX_SHOWN, cursor: null });
      return { kind, count: counts.get(state) ?? 0, first: payments.map((payment) => rowOf(payment, currency)) };
    }),
  );
}

function rowOf({ id, items, amount_cents, paid_at: at, ...payment }: ListedPayment, currency: string): Row {
  const { external_contact_id, contact_name } = payment;
  const names = items.flatMap(({ name, product_name }) => name ?? product_name ?? []);
  const reason = items.find((item) => item.reason !== null)?.reason ?? null;
  return {
    id,
    title: names.length === 0 ? payment.external_payment_id : names.join(", "),
    reason,
    external_contact_id,
    contact_name,
    amount_cents,
    currency: payment.currency ?? currency,
    at,
  };
}

const UNFUNDED = {
  name: "view_unfunded_count",
  text: "SELECT count(*)::integer AS count FROM appointments WHERE location_id = $1 AND unfunded IS NOT NULL",
};

async function unfundedBookings({ tx, location_id }: LocationView): Promise<Found> {
  const [[counted], { bookings }] = await Promise.all([
    tx.query<{ count: number }>(UNFUNDED, [location_id]),
    listUnfunded(tx, location_id, { limit: MAX_SHOWN, cursor: null }),
  ]);
  const first = bookings.map(({ id, calendar_id, external_contact_id, unfunded, starts_at }) => ({
    ...NOTHING,
    id,
    title: calendar_id,
    reason: unfunded?.reason ?? null,
    external_contact_id,
    at: starts_at,
  }));
  return { count: counted?.count ?? 0, first: await withNames(tx, location_id, first) };
}

const DEAD = {
  name: "view_dead_webhooks_count",
  text: "SELECT count(*)::integer AS count FROM webhook_events WHERE location_id = $1 AND status = 'dead'",
};

async function deadWebhooks({ tx, location_id }: LocationView): Promise<Found> {
  const [[counted], { webhook_events }] = await Promise.all([
    tx.query<{ count: number }>(DEAD, [location_id]),
    listWebhookEvents(tx, location_id, { status: "dead" }, { limit: MAX_SHOWN, cursor: null }),
  ]);
  const first = webhook_events.map(({ id, provider, type, outcome, contacts, received_at: at }) => ({
    ...NOTHING,
    id,
    title: `${provider} ${type}`,
    reason: outcome,
    external_contact_id: contacts[0] ?? null,
    at,
  }));
  return { count: counted?.count ?? 0, first: await withNames(tx, location_id, first) };
}

const CONNECTIONS = {
  name: "view_broken_connections",
  text: `
    SELECT 'location' AS id, 'DISCONNECTED' AS reason, NULL::timestamptz AS at FROM locations
    WHERE location_id = $1 AND status = 'disconnected'
    UNION ALL
    SELECT 'ghl', upper(status), updated_at FROM ghl_connections
    WHERE location_id = $1 AND status IN ('disconnected', 'needs_reinstall')
    UNION ALL
    SELECT 'ghl_' || kind, trouble, succeeded_at FROM ghl_polls
    WHERE location_id = $1 AND trouble IS NOT NULL AND failures >= 3
    UNION ALL
    SELECT 'stripe', trouble, last_event_at FROM stripe_connections
    WHERE location_id = $1 AND status = 'connected' AND trouble IS NOT NULL`,
};

async function disconnected({ tx, location_id }: LocationView): Promise<Found> {
  const rows = await tx.query<{ id: string; reason: string | null; at: Instant | null }>(CONNECTIONS, [location_id]);
  const first = rows.map(({ id, reason, at }) => ({
    ...NOTHING,
    id,
    reason,
    at: at === null ? null : instant(at),
  }));
  return { count: rows.length, first: first.slice(0, MAX_SHOWN) };
}

const UNWRITTEN = {
  name: "view_unwritten_balances",
  text: `
    SELECT count(*) OVER ()::integer AS count, c.external_id AS id, c.name AS contact_name, b.trouble AS reason
    FROM balance_write_backs b JOIN contacts c ON c.location_id = b.location_id AND c.id = b.contact_id
    WHERE b.location_id = $1 AND b.trouble IS NOT NULL AND b.due_at IS NULL ORDER BY b.contact_id LIMIT ${MAX_SHOWN}`,
};

async function unwrittenBalances({ tx, location_id }: LocationView): Promise<Found> {
  type Unwritten = { count: number; id: string; contact_name: string | null; reason: string };
  const rows = await tx.query<Unwritten>(UNWRITTEN, [location_id]);
  const first = rows.map(({ id, contact_name, reason }) => ({
    ...NOTHING,
    id,
    external_contact_id: id,
    contact_name,
    reason,
  }));
  return { count: rows[0]?.count ?? 0, first };
}

const NAMES = {
  name: "view_names_of_contacts",
  text: "SELECT external_id, name FROM contacts WHERE location_id = $1 AND external_id = ANY ($2::text[])",
};

async function withNames(tx: Transaction, location_id: string, rows: readonly Row[]): Promise<Row[]> {
  const ids = rows.flatMap(({ external_contact_id }) => external_contact_id ?? []);
  if (ids.length === 0) return [...rows];
  const known = await tx.query<{ external_id: string; name: string | null }>(NAMES, [location_id, textArray(ids)]);
  const names = new Map(known.map(({ external_id, name }) => [external_id, name]));
  return rows.map((row) => ({ ...row, contact_name: names.get(row.external_contact_id ?? "") ?? null }));
}
