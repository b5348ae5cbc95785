import type { Transaction } from "../platform/database.ts";
import { instantArray, numberArray, textArray, uuidArray, type Statement } from "../platform/sql.ts";
import { MOVEMENTS, type Charge, type NewEntry } from "../rules/credits/entry.ts";
import type { DayUsage } from "../rules/credits/limits.ts";
import type { PastMove } from "../rules/credits/member.ts";

/** Where an entry came from. Rule 2. */
export type EntrySource = "api" | "ghl" | "stripe" | "console" | "import" | "system";

export type EntryRow = NewEntry & {
  location_id: string;
  contact_id: string;
  source: EntrySource;
  actor_id: string | null;
  correlation_id: string;
  request_id: string | null;
};

const CONTENT = `entry_content(k.location_id, k.contact_id, k.entry_number, k.occurred_at, $2, k.entitlement_id,
  k.to_entitlement_id, k.type::text, k.debit::text, k.credit::text, k.amount, k.balance_after, k.reverses, k.service_on,
  k.source::text, k.actor_id, k.correlation_id, k.reason, k.request_id, k.external_ref)`;

// The chain is continued from the contact's head, and the head moves on, in the one statement that writes.
function insertChained(name: string, hash: string, last: string): Statement {
  const text = `
    WITH hashed AS (
      SELECT k.*, ${hash} AS hash
      FROM unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::timestamptz[], $7::uuid[], $8::uuid[], $9::entry_type[],
        $10::account[], $11::account[], $12::integer[], $13::integer[], $14::bigint[], $15::date[], $16::entry_source[],
        $17::uuid[], $18::uuid[], $19::text[], $20::text[], $21::text[])
        AS k (location_id, contact_id, entry_number, occurred_at, entitlement_id, to_entitlement_id, type, debit, credit,
          amount, balance_after, reverses, service_on, source, actor_id, correlation_id, reason, request_id, external_ref)
      JOIN contacts c ON c.location_id = k.location_id AND c.id = k.contact_id AND k.location_id = ANY ($1::uuid[])
    ), written AS (
      INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id,
        to_entitlement_id, type, debit, credit, amount, balance_after, reverses, service_on, source, actor_id,
        correlation_id, reason, request_id, external_ref, hash)
      SELECT location_id, contact_id, entry_number, occurred_at, $2, entitlement_id, to_entitlement_id, type, debit, credit,
        amount, balance_after, reverses, service_on, source, actor_id, correlation_id, reason, request_id, external_ref, hash
      FROM hashed
    )
    UPDATE contacts c SET entry_count = h.entry_number, chain_head = h.hash
    FROM ${last} h
    WHERE c.location_id = h.location_id AND c.id = h.contact_id`;
  return { name, text };
}

// Most batches hold one entry of each contact: no window, no aggregate, no sort.
const INSERT_ONE_EACH = insertChained("insert_entries", `chain_step(NULL, c.chain_head, ${CONTENT})`, "hashed");
const INSERT_CHAINS = insertChained(
  "insert_entry_chains",
  `entry_chain(c.chain_head, ${CONTENT}) OVER (PARTITION BY k.location_id, k.contact_id ORDER BY k.entry_number)`,
  `(SELECT DISTINCT ON (location_id, contact_id) location_id, contact_id, entry_number, hash
    FROM hashed ORDER BY location_id, contact_id, entry_number DESC)`,
);

/** Appends entries; their contacts are locked by this transaction. */
export function insertEntries(
  tx: Transaction,
  tenants: readonly string[],
  entries: readonly EntryRow[],
  recorded_at: string,
) {
  const contacts = new Set(entries.map((entry) => entry.contact_id));
  return tx.query(contacts.size === entries.length ? INSERT_ONE_EACH : INSERT_CHAINS, [
    uuidArray(tenants),
    recorded_at,
    uuidArray(entries.map((entry) => entry.location_id)),
    uuidArray(entries.map((entry) => entry.contact_id)),
    numberArray(entries.map((entry) => entry.entry_number)),
    instantArray(entries.map((entry) => entry.occurred_at)),
    uuidArray(entries.map((entry) => entry.entitlement_id)),
    uuidArray(entries.map((entry) => entry.to_entitlement_id)),
    textArray(entries.map((entry) => entry.type)),
    textArray(entries.map((entry) => MOVEMENTS[entry.type].debit)),
    textArray(entries.map((entry) => MOVEMENTS[entry.type].credit)),
    numberArray(entries.map((entry) => entry.amount)),
    numberArray(entries.map((entry) => entry.balance_after)),
    numberArray(entries.map((entry) => entry.reverses)),
    textArray(entries.map((entry) => entry.service_on)),
    textArray(entries.map((entry) => entry.source)),
    uuidArray(entries.map((entry) => entry.actor_id)),
    uuidArray(entries.map((entry) => entry.correlation_id)),
    textArray(entries.map((entry) => entry.reason)),
    textArray(entries.map((entry) => entry.request_id)),
    textArray(entries.map((entry) => entry.external_ref)),
  ]);
}

/** A contact, and the booking reference whose deductions are wanted; null: the latest that carry none. */
export interface ChargeKey {
  location_id: string;
  contact_external_id: string;
  external_ref: string | null;
  /** Of the latest, only those drawn from this product config; null: of any. */
  product_config_id: string | null;
}

export type ChargeRow = Charge & { location_id: string; contact_id: string };

const CHARGE_COLUMNS = `d.location_id, d.contact_id, d.entry_number, d.type, d.entitlement_id, d.amount, d.correlation_id,
  d.reason, d.external_ref, d.service_on, d.type = 'usage' AS unlimited,
  COALESCE((
    SELECT sum(r.amount) FROM ledger_entries r
    WHERE r.location_id = d.location_id AND r.contact_id = d.contact_id AND r.reverses = d.entry_number
      AND r.type IN ('restore', 'usage_restore', 'release')
  ), 0)::integer AS restored,
  CASE WHEN d.type = 'hold' THEN COALESCE((
    SELECT CASE r.type
      WHEN 'settle_used' THEN 'used' WHEN 'settle_no_show' THEN 'no_show' WHEN 'settle_late_cancel' THEN 'late_cancel'
      ELSE 'held'
    END
    FROM ledger_entries r
    WHERE r.location_id = d.location_id AND r.contact_id = d.contact_id AND r.reverses = d.entry_number
      AND r.type IN ('settle_used', 'settle_no_show', 'settle_late_cancel', 'unsettle_used', 'unsettle_no_show',
        'unsettle_late_cancel')
    ORDER BY r.entry_number DESC LIMIT 1
  ), 'held') ELSE 'used' END AS settlement`;

const CHARGES_OF_REFS = {
  name: "find_charges_of_refs",
  text: `
    SELECT ${CHARGE_COLUMNS}
    FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k (location_id, contact_external_id, external_ref)
    JOIN contacts c ON c.location_id = k.location_id AND c.external_id = k.contact_external_id
    JOIN ledger_entries d ON d.location_id = c.location_id AND d.contact_id = c.id AND d.external_ref = k.external_ref
    WHERE d.type IN ('deduct', 'usage', 'hold') AND k.location_id = ANY ($1::uuid[])`,
};

const LATEST_CHARGES = {
  name: "find_latest_charges",
  text: `
    SELECT ${CHARGE_COLUMNS}
    FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k (location_id, contact_external_id, product_config_id)
    JOIN contacts c ON c.location_id = k.location_id AND c.external_id = k.contact_external_id
    CROSS JOIN LATERAL (
      SELECT * FROM ledger_entries l
      WHERE l.location_id = c.location_id AND l.contact_id = c.id AND l.external_ref IS NULL
        AND l.type IN ('deduct', 'usage')
        AND (k.product_config_id IS NULL OR EXISTS (
          SELECT FROM entitlements e
          WHERE e.location_id = l.location_id AND e.id = l.entitlement_id AND e.product_config_id = k.product_config_id
        ))
      ORDER BY l.entry_number DESC LIMIT $5
    ) d
    WHERE k.location_id = ANY ($1::uuid[])`,
};

export function findChargesOfRefs(tx: Transaction, tenants: readonly string[], keys: readonly ChargeKey[]) {
  return tx.query<ChargeRow & Record<string, unknown>>(CHARGES_OF_REFS, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.contact_external_id)),
    textArray(keys.map((key) => key.external_ref)),
  ]);
}

/** The contact's latest deductions that carry no reference, at most `limit` entries of each contact. */
export function findLatestCharges(
  tx: Transaction,
  tenants: readonly string[],
  keys: readonly ChargeKey[],
  limit: number,
) {
  return tx.query<ChargeRow & Record<string, unknown>>(LATEST_CHARGES, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.contact_external_id)),
    textArray(keys.map((key) => key.product_config_id)),
    limit,
  ]);
}

const RECENT_CHARGES = {
  name: "find_recent_charges",
  text: `
    SELECT ${CHARGE_COLUMNS}
    FROM unnest($2::uuid[], $3::uuid[], $4::date[]) AS k (location_id, contact_id, since)
    JOIN ledger_entries d ON d.location_id = k.location_id AND d.contact_id = k.contact_id
      AND d.type IN ('deduct', 'usage', 'hold')
      AND (d.service_on >= k.since OR d.external_ref IN (
        SELECT a.external_id FROM appointments a
        WHERE a.location_id = k.location_id AND a.contact_id = k.contact_id
          AND (a.settles_at IS NOT NULL OR a.unfunded IS NOT NULL OR a.starts_at >= k.since)))
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** A contact, and the local date from which its past matters. */
export interface PastKey {
  location_id: string;
  contact_id: string;
  since: string;
}

function pastValues(tenants: readonly string[], keys: readonly PastKey[]): unknown[] {
  return [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    uuidArray(keys.map((key) => key.contact_id)),
    textArray(keys.map((key) => key.since)),
  ];
}

/** What was charged for service dates since then, and for bookings that still stand. */
export function findRecentCharges(tx: Transaction, tenants: readonly string[], keys: readonly PastKey[]) {
  return tx.query<ChargeRow & Record<string, unknown>>(RECENT_CHARGES, pastValues(tenants, keys));
}

const PAST_MOVES = {
  name: "find_past_moves",
  text: `
    SELECT d.location_id, d.contact_id, d.entry_number, d.type, d.entitlement_id, d.to_entitlement_id, d.amount, d.occurred_at,
      COALESCE((
        SELECT sum(r.amount) FROM ledger_entries r
        WHERE r.location_id = d.location_id AND r.contact_id = d.contact_id AND r.reverses = d.entry_number
          AND r.type = 'reinstate'
      ), 0)::integer AS reversed
    FROM unnest($2::uuid[], $3::uuid[], $4::date[]) AS k (location_id, contact_id, since)
    JOIN ledger_entries d ON d.location_id = k.location_id AND d.contact_id = k.contact_id
      AND d.type IN ('expire', 'rollover') AND d.occurred_at >= k.since::timestamptz
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** What time took out of lots since then. */
export function findPastMoves(tx: Transaction, tenants: readonly string[], keys: readonly PastKey[]) {
  type Row = PastMove & { location_id: string; contact_id: string };
  return tx.query<Row & Record<string, unknown>>(PAST_MOVES, pastValues(tenants, keys));
}

const HOLDS_OF_LOTS = {
  name: "find_holds_of_lots",
  text: `
    SELECT ${CHARGE_COLUMNS}
    FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS k (location_id, contact_id, entitlement_id)
    JOIN ledger_entries d ON d.location_id = k.location_id AND d.contact_id = k.contact_id
      AND d.entitlement_id = k.entitlement_id AND d.type = 'hold'
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** What is or was held in these lots, with the references of the bookings it is held for. */
export function findHoldsOfLots(
  tx: Transaction,
  tenants: readonly string[],
  lots: readonly { location_id: string; contact_id: string; id: string }[],
) {
  return tx.query<ChargeRow & Record<string, unknown>>(HOLDS_OF_LOTS, [
    uuidArray(tenants),
    uuidArray(lots.map((lot) => lot.location_id)),
    uuidArray(lots.map((lot) => lot.contact_id)),
    uuidArray(lots.map((lot) => lot.id)),
  ]);
}

const USAGE = {
  name: "find_usage",
  text: `
    SELECT b.location_id, b.contact_id, b.product_config_id, b.service_on, count(*)::integer AS bookings
    FROM (
      SELECT d.location_id, d.contact_id, e.product_config_id, d.service_on
      FROM unnest($2::uuid[], $3::uuid[], $4::date[]) AS k (location_id, contact_id, since)
      JOIN ledger_entries d ON d.location_id = k.location_id AND d.contact_id = k.contact_id AND d.service_on >= k.since
        AND d.type IN ('deduct', 'usage', 'hold')
      JOIN entitlements e ON e.location_id = d.location_id AND e.id = d.entitlement_id
      LEFT JOIN LATERAL (
        SELECT sum(r.amount) AS amount FROM ledger_entries r
        WHERE r.location_id = d.location_id AND r.contact_id = d.contact_id AND r.reverses = d.entry_number
          AND r.type IN ('restore', 'usage_restore', 'release')
      ) r ON true
      WHERE k.location_id = ANY ($1::uuid[])
      GROUP BY d.location_id, d.contact_id, e.product_config_id, d.service_on, d.correlation_id, d.external_ref
      HAVING sum(d.amount - COALESCE(r.amount, 0)) > 0
    ) b
    GROUP BY b.location_id, b.contact_id, b.product_config_id, b.service_on`,
};

export type UsageRow = DayUsage & { location_id: string; contact_id: string };

/** Bookings by product config and service date since a date of each contact; those given back whole do not count. */
export function findUsage(
  tx: Transaction,
  tenants: readonly string[],
  contacts: readonly { location_id: string; contact_id: string; since: string }[],
) {
  return tx.query<UsageRow & Record<string, unknown>>(USAGE, [
    uuidArray(tenants),
    uuidArray(contacts.map((contact) => contact.location_id)),
    uuidArray(contacts.map((contact) => contact.contact_id)),
    textArray(contacts.map((contact) => contact.since)),
  ]);
}
