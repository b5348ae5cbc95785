import type { Transaction } from "../platform/database.ts";
import { instantArray, jsonArray, numberArray, textArray, uuidArray } from "../platform/sql.ts";
import { attentionOf } from "../rules/payments/attention.ts";
import type { PaymentEvent } from "../rules/payments/payment-event.ts";
import { refundedCents } from "../rules/payments/refunded.ts";
import type { PaymentKey } from "../rules/payments/told.ts";
import type { Instant } from "../rules/time/local-days.ts";

export type TenantKey = PaymentKey & { location_id: string };
export type PaymentRow = PaymentEvent & { location_id: string };
/** With the external id of its contact. */
export type FoundPayment = PaymentRow & { contact_external_id: string };

const COLUMNS = `p.location_id, p.id, p.contact_id, p.provider, p.external_payment_id, p.event_type, p.status, p.flags,
  p.acknowledged, p.amount_cents, p.currency, p.paid_at, p.settles_at, p.duplicate_of, p.subscription_id, p.period_start_at, p.period_end_at,
  p.external_ref, p.metadata, p.items, p.refunds, p.disputes,
  (SELECT o.external_id FROM contacts o WHERE o.location_id = p.location_id AND o.id = p.contact_id) AS contact_external_id,
  (
    SELECT jsonb_agg(jsonb_build_object('provider', a.provider, 'key', a.key) ORDER BY a.provider, a.key)
    FROM (
      SELECT p.id
      UNION ALL
      SELECT d.id FROM payment_events d
      WHERE d.location_id = p.location_id AND d.duplicate_of = p.id AND d.status = 'dismissed'
    ) n
    JOIN payment_keys a ON a.location_id = p.location_id AND a.payment_event_id = n.id
  ) AS keys`;

// Two tellings of one payment find each other, also where neither is recorded yet and they are of different contacts.
const LOCK_KEYS = {
  name: "lock_payment_keys",
  text: `
    SELECT pg_advisory_xact_lock(n.lock) AS locked FROM (
      SELECT DISTINCT hashtextextended(location_id || ' ' || provider || ' ' || key, 32) AS lock
      FROM unnest($1::text[], $2::text[], $3::text[]) AS k (location_id, provider, key)
      ORDER BY lock
    ) n`,
};

/** Holds these names until the transaction ends, all in one order. */
export function lockPaymentKeys(tx: Transaction, keys: readonly TenantKey[]) {
  return tx.query(LOCK_KEYS, [
    textArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.provider)),
    textArray(keys.map((key) => key.key)),
  ]);
}

const LOCK_BY_ID = {
  name: "lock_payments_by_id",
  text: `
    SELECT pg_advisory_xact_lock(n.lock) AS locked FROM (
      SELECT DISTINCT hashtextextended(n.location_id || ' ' || n.provider || ' ' || n.key, 32) AS lock
      FROM unnest($2::uuid[], $3::uuid[]) AS k (location_id, id)
      JOIN payment_keys n ON n.location_id = k.location_id AND n.payment_event_id = k.id
      WHERE k.location_id = ANY ($1::uuid[])
      ORDER BY lock
    ) n`,
};

/** Holds all names of these payments: whoever is told of one under another contact waits, or is waited for. */
export function lockPaymentsById(
  tx: Transaction,
  tenants: readonly string[],
  payments: readonly { location_id: string; id: string }[],
) {
  return tx.query(LOCK_BY_ID, [
    uuidArray(tenants),
    uuidArray(payments.map((payment) => payment.location_id)),
    uuidArray(payments.map((payment) => payment.id)),
  ]);
}

const FIND = {
  name: "find_payments",
  text: `
    SELECT DISTINCT ON (p.location_id, p.id) ${COLUMNS}
    FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k (location_id, provider, key)
    JOIN payment_keys n ON n.location_id = k.location_id AND n.provider = k.provider AND n.key = k.key
    JOIN payment_events d ON d.location_id = n.location_id AND d.id = n.payment_event_id
    JOIN payment_events p ON p.location_id = d.location_id
      AND p.id = CASE WHEN d.status = 'dismissed' AND d.duplicate_of IS NOT NULL THEN d.duplicate_of ELSE d.id END
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** The payment events that these keys already name, each once; a dismissed duplicate stands for the payment it repeats. */
export function findPayments(tx: Transaction, tenants: readonly string[], keys: readonly TenantKey[]) {
  return tx.query<FoundPayment & Record<string, unknown>>(FIND, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.provider)),
    textArray(keys.map((key) => key.key)),
  ]);
}

const FIND_BY_ID = {
  name: "find_payments_by_id",
  text: `
    SELECT ${COLUMNS}
    FROM unnest($2::uuid[], $3::uuid[]) AS k (location_id, id)
    JOIN payment_events p ON p.location_id = k.location_id AND p.id = k.id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

export function findPaymentsById(
  tx: Transaction,
  tenants: readonly string[],
  payments: readonly { location_id: string; id: string }[],
) {
  return tx.query<FoundPayment & Record<string, unknown>>(FIND_BY_ID, [
    uuidArray(tenants),
    uuidArray(payments.map((payment) => payment.location_id)),
    uuidArray(payments.map((payment) => payment.id)),
  ]);
}

const NEARBY = {
  name: "find_nearby_payments",
  text: `
    SELECT ${COLUMNS}
    FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS k (location_id, contact_external_id, at)
    JOIN contacts c ON c.location_id = k.location_id AND c.external_id = k.contact_external_id
    JOIN payment_events p ON p.location_id = c.location_id AND p.contact_id = c.id
      AND p.paid_at BETWEEN k.at - $5::interval AND k.at + $5::interval
    WHERE k.location_id = ANY ($1::uuid[])`,
};

export interface NearbyKey {
  location_id: string;
  contact_external_id: string;
  at: Instant;
}

/** Payments of these contacts within `within` (an interval) of a time. */
export function findNearbyPayments(
  tx: Transaction,
  tenants: readonly string[],
  keys: readonly NearbyKey[],
  within: string,
) {
  return tx.query<FoundPayment & Record<string, unknown>>(NEARBY, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.contact_external_id)),
    instantArray(keys.map((key) => key.at)),
    within,
  ]);
}

// One step after the other, whatever the planner knows of the tables: a plan made while they were empty is kept for a while.
const OFFERS_TAKEN = {
  name: "find_offers_taken",
  text: `
    SELECT DISTINCT k.location_id, k.contact_external_id, p.contact_id, i ->> 'product_config_id' AS product_config_id
    FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS k (location_id, contact_external_id, email_key, phone)
    LEFT JOIN LATERAL (
      SELECT c.id, c.email_key, c.phone FROM contacts c
      WHERE c.location_id = k.location_id AND c.external_id = k.contact_external_id OFFSET 0
    ) own ON true
    CROSS JOIN LATERAL (
      SELECT own.id
      UNION
      SELECT c.id FROM contacts c WHERE c.location_id = k.location_id AND c.email_key = ANY (ARRAY[own.email_key, k.email_key])
      UNION
      SELECT c.id FROM contacts c WHERE c.location_id = k.location_id AND c.phone = ANY (ARRAY[own.phone, k.phone])
    ) c
    CROSS JOIN LATERAL (
      SELECT p.contact_id, p.items FROM payment_events p
      WHERE p.location_id = k.location_id AND p.contact_id = c.id OFFSET 0
    ) p
    CROSS JOIN LATERAL jsonb_array_elements(p.items) i
    WHERE i ->> 'status' = 'granted' AND k.location_id = ANY ($1::uuid[])`,
};

export interface OfferKey {
  location_id: string;
  contact_external_id: string;
  email: string | null;
  phone: string | null;
}

export type OfferRow = {
  location_id: string;
  contact_external_id: string;
  contact_id: string;
  product_config_id: string;
};

/** What these people were granted before, by contact, e-mail or phone. Rule 36. */
export function findOffersTaken(tx: Transaction, tenants: readonly string[], keys: readonly OfferKey[]) {
  return tx.query<OfferRow>(OFFERS_TAKEN, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.contact_external_id)),
    textArray(keys.map((key) => key.email?.toLowerCase() ?? null)),
    textArray(keys.map((key) => key.phone)),
  ]);
}

const PUT = {
  name: "put_payments",
  text: `
    INSERT INTO payment_events (location_id, id, contact_id, provider, external_payment_id, event_type, status, flags,
      attention, amount_cents, currency, refunded_cents, paid_at, settles_at, duplicate_of, subscription_id, period_start_at,
      period_end_at, external_ref, metadata, items, refunds, disputes, acknowledged, recorded_at)
    SELECT location_id, id, contact_id, provider, external_payment_id, event_type, status, flags::text[], attention::text[],
      amount_cents, currency, refunded_cents, paid_at, settles_at, duplicate_of, subscription_id, period_start_at,
      period_end_at, external_ref, metadata::jsonb, items::jsonb, refunds::jsonb, disputes::jsonb, acknowledged::text[], $25
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
      $10::bigint[], $11::text[], $12::bigint[], $13::timestamptz[], $14::timestamptz[], $15::uuid[], $16::text[],
      $17::timestamptz[], $18::timestamptz[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[],
      $24::text[])
      AS k (location_id, id, contact_id, provider, external_payment_id, event_type, status, flags, attention, amount_cents,
        currency, refunded_cents, paid_at, settles_at, duplicate_of, subscription_id, period_start_at, period_end_at,
        external_ref, metadata, items, refunds, disputes, acknowledged)
    ON CONFLICT (location_id, id) DO UPDATE SET contact_id = excluded.contact_id, provider = excluded.provider,
      external_payment_id = excluded.external_payment_id, event_type = excluded.event_type, status = excluded.status,
      flags = excluded.flags, attention = excluded.attention, amount_cents = excluded.amount_cents,
      currency = excluded.currency, refunded_cents = excluded.refunded_cents, paid_at = excluded.paid_at,
      settles_at = excluded.settles_at, duplicate_of = excluded.duplicate_of, subscription_id = excluded.subscription_id,
      period_start_at = excluded.period_start_at, period_end_at = excluded.period_end_at,
      external_ref = excluded.external_ref, metadata = excluded.metadata, items = excluded.items,
      refunds = excluded.refunds, disputes = excluded.disputes, acknowledged = excluded.acknowledged`,
};

/** Records payments, or puts them as they are decided now. */
export function putPayments(tx: Transaction, payments: readonly PaymentRow[], recorded_at: string) {
  return tx.query(PUT, [
    uuidArray(payments.map((payment) => payment.location_id)),
    uuidArray(payments.map((payment) => payment.id)),
    uuidArray(payments.map((payment) => payment.contact_id)),
    textArray(payments.map((payment) => payment.provider)),
    textArray(payments.map((payment) => payment.external_payment_id)),
    textArray(payments.map((payment) => payment.event_type)),
    textArray(payments.map((payment) => payment.status)),
    textArray(payments.map((payment) => textArray(payment.flags))),
    textArray(payments.map((payment) => textArray(attentionOf(payment)))),
    numberArray(payments.map((payment) => payment.amount_cents)),
    textArray(payments.map((payment) => payment.currency)),
    numberArray(payments.map((payment) => refundedCents(payment.refunds))),
    instantArray(payments.map((payment) => payment.paid_at)),
    instantArray(payments.map((payment) => payment.settles_at)),
    uuidArray(payments.map((payment) => payment.duplicate_of)),
    textArray(payments.map((payment) => payment.subscription_id)),
    instantArray(payments.map((payment) => payment.period_start_at)),
    instantArray(payments.map((payment) => payment.period_end_at)),
    textArray(payments.map((payment) => payment.external_ref)),
    jsonArray(payments.map((payment) => payment.metadata)),
    jsonArray(payments.map((payment) => payment.items)),
    jsonArray(payments.map((payment) => payment.refunds)),
    jsonArray(payments.map((payment) => payment.disputes)),
    textArray(payments.map((payment) => textArray(payment.acknowledged))),
    recorded_at,
  ]);
}

const INSERT_KEYS = {
  name: "insert_payment_keys",
  text: `
    INSERT INTO payment_keys (location_id, provider, key, payment_event_id)
    SELECT location_id, provider, key, payment_event_id
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS k (location_id, provider, key, payment_event_id)`,
};

/** Gives payments names; one that another payment has is a unique violation. */
export function insertPaymentKeys(tx: Transaction, keys: readonly (TenantKey & { payment_event_id: string })[]) {
  return tx.query(INSERT_KEYS, [
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.provider)),
    textArray(keys.map((key) => key.key)),
    uuidArray(keys.map((key) => key.payment_event_id)),
  ]);
}
