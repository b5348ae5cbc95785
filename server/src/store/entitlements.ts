import type { Transaction } from "../platform/database.ts";
import { booleanArray, instantArray, jsonArray, numberArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Lot } from "../rules/credits/lot.ts";

/** A lot as the database knows it: with its tenant. */
export type LotRow = Lot & { location_id: string };

const COLUMNS = `e.location_id, e.id, e.contact_id, e.product_config_id, e.origin, e.state, e.unlimited, e.granted,
  e.available, e.held, e.effective_at, e.expires_at, e.activation, e.parent_id, e.membership_id, e.period_start_at,
  e.period_end_at, e.payment_event_id, e.payment_item, e.freezes, e.created_at, e.live`;

const OF_CONTACTS = `
  FROM unnest($2::uuid[], $3::uuid[]) AS k (location_id, contact_id)
  JOIN entitlements e ON e.location_id = k.location_id AND e.contact_id = k.contact_id`;

const LIVE = {
  name: "find_live_lots",
  text: `SELECT ${COLUMNS} ${OF_CONTACTS} AND e.live WHERE k.location_id = ANY ($1::uuid[])`,
};
const CLOSED = {
  name: "find_closed_lots",
  text: `SELECT ${COLUMNS} ${OF_CONTACTS} AND NOT e.live WHERE k.location_id = ANY ($1::uuid[])`,
};
const NAMED = {
  name: "find_named_lots",
  text: `
    SELECT ${COLUMNS} FROM unnest($2::uuid[], $3::uuid[]) AS k (location_id, id)
    JOIN entitlements e ON e.location_id = k.location_id AND e.id = k.id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

type Keyed = { location_id: string; contact_id: string };

function find(tx: Transaction, statement: typeof LIVE, tenants: readonly string[], contacts: readonly Keyed[]) {
  return tx.query<LotRow & Record<string, unknown>>(statement, [
    uuidArray(tenants),
    uuidArray(contacts.map((contact) => contact.location_id)),
    uuidArray(contacts.map((contact) => contact.contact_id)),
  ]);
}

export function findLiveLots(tx: Transaction, tenants: readonly string[], contacts: readonly Keyed[]) {
  return find(tx, LIVE, tenants, contacts);
}

/** Swept and void lots: loaded only when an answer depends on them. */
export function findClosedLots(tx: Transaction, tenants: readonly string[], contacts: readonly Keyed[]) {
  return find(tx, CLOSED, tenants, contacts);
}

export function findNamedLots(
  tx: Transaction,
  tenants: readonly string[],
  lots: readonly { location_id: string; id: string }[],
) {
  return tx.query<LotRow & Record<string, unknown>>(NAMED, [
    uuidArray(tenants),
    uuidArray(lots.map((lot) => lot.location_id)),
    uuidArray(lots.map((lot) => lot.id)),
  ]);
}

const INSERT = {
  name: "insert_lots",
  text: `
    INSERT INTO entitlements (location_id, id, contact_id, product_config_id, origin, state, unlimited, live, granted,
      available, held, effective_at, expires_at, activation, parent_id, membership_id, period_start_at, period_end_at,
      payment_event_id, payment_item, freezes, created_at)
    SELECT location_id, id, contact_id, product_config_id, origin, state, unlimited, live, granted,
      available, held, effective_at, expires_at, activation::jsonb, parent_id, membership_id, period_start_at,
      period_end_at, payment_event_id, payment_item, freezes::jsonb, created_at
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::boolean[],
      $9::integer[], $10::integer[], $11::integer[], $12::timestamptz[], $13::timestamptz[], $14::text[], $15::uuid[],
      $16::uuid[], $17::timestamptz[], $18::timestamptz[], $19::uuid[], $20::integer[], $21::text[], $22::timestamptz[])
      AS k (location_id, id, contact_id, product_config_id, origin, state, unlimited, live, granted, available, held,
        effective_at, expires_at, activation, parent_id, membership_id, period_start_at, period_end_at,
        payment_event_id, payment_item, freezes, created_at)`,
};

export function insertLots(tx: Transaction, lots: readonly LotRow[]) {
  return tx.query(INSERT, [
    uuidArray(lots.map((lot) => lot.location_id)),
    uuidArray(lots.map((lot) => lot.id)),
    uuidArray(lots.map((lot) => lot.contact_id)),
    textArray(lots.map((lot) => lot.product_config_id)),
    textArray(lots.map((lot) => lot.origin)),
    textArray(lots.map((lot) => lot.state)),
    booleanArray(lots.map((lot) => lot.unlimited)),
    booleanArray(lots.map((lot) => lot.live)),
    numberArray(lots.map((lot) => lot.granted)),
    numberArray(lots.map((lot) => lot.available)),
    numberArray(lots.map((lot) => lot.held)),
    instantArray(lots.map((lot) => lot.effective_at)),
    instantArray(lots.map((lot) => lot.expires_at)),
    jsonArray(lots.map((lot) => lot.activation)),
    uuidArray(lots.map((lot) => lot.parent_id)),
    uuidArray(lots.map((lot) => lot.membership_id)),
    instantArray(lots.map((lot) => lot.period_start_at)),
    instantArray(lots.map((lot) => lot.period_end_at)),
    uuidArray(lots.map((lot) => lot.payment_event_id)),
    numberArray(lots.map((lot) => lot.payment_item)),
    jsonArray(lots.map((lot) => lot.freezes)),
    instantArray(lots.map((lot) => lot.created_at)),
  ]);
}

const UPDATE = {
  name: "update_lots",
  text: `
    UPDATE entitlements e SET available = k.available, held = k.held, state = k.state, live = k.live,
      expires_at = k.expires_at, activation = k.activation::jsonb
    FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::integer[], $6::text[], $7::boolean[], $8::timestamptz[],
      $9::text[]) AS k (location_id, id, available, held, state, live, expires_at, activation)
    WHERE e.location_id = k.location_id AND e.id = k.id AND k.location_id = ANY ($1::uuid[])`,
};

export function updateLots(tx: Transaction, tenants: readonly string[], lots: readonly LotRow[]) {
  return tx.query(UPDATE, [
    uuidArray(tenants),
    uuidArray(lots.map((lot) => lot.location_id)),
    uuidArray(lots.map((lot) => lot.id)),
    numberArray(lots.map((lot) => lot.available)),
    numberArray(lots.map((lot) => lot.held)),
    textArray(lots.map((lot) => lot.state)),
    booleanArray(lots.map((lot) => lot.live)),
    instantArray(lots.map((lot) => lot.expires_at)),
    jsonArray(lots.map((lot) => lot.activation)),
  ]);
}

// A month's freeze moves one period to where the next one was: the index that keeps a period from being granted twice looks row by row.
const LIFT = {
  name: "lift_period_lots",
  text: `
    UPDATE entitlements e SET period_start_at = NULL
    FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) AS k (location_id, id, period_start_at)
    WHERE e.location_id = k.location_id AND e.id = k.id AND e.period_start_at <> k.period_start_at
      AND k.location_id = ANY ($1::uuid[])`,
};

const RESHAPE = {
  name: "reshape_lots",
  text: `
    UPDATE entitlements e SET effective_at = k.effective_at, period_start_at = k.period_start_at, period_end_at = k.period_end_at,
      freezes = k.freezes::jsonb, granted = k.granted
    FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::integer[])
      AS k (location_id, id, effective_at, period_start_at, period_end_at, freezes, granted)
    WHERE e.location_id = k.location_id AND e.id = k.id AND k.location_id = ANY ($1::uuid[])`,
};

/** Moves the lives of lots, or what was ever put in; their balances and expiry are `updateLots`. */
export function reshapeLots(tx: Transaction, tenants: readonly string[], lots: readonly LotRow[]) {
  const ids = [
    uuidArray(tenants),
    uuidArray(lots.map((lot) => lot.location_id)),
    uuidArray(lots.map((lot) => lot.id)),
  ] as const;
  const starts = instantArray(lots.map((lot) => lot.period_start_at));
  return Promise.all([
    tx.query(LIFT, [...ids, starts]),
    tx.query(RESHAPE, [
      ...ids,
      instantArray(lots.map((lot) => lot.effective_at)),
      starts,
      instantArray(lots.map((lot) => lot.period_end_at)),
      jsonArray(lots.map((lot) => lot.freezes)),
      numberArray(lots.map((lot) => lot.granted)),
    ]),
  ]);
}

const OF_PAYMENTS = {
  name: "find_lots_of_payments",
  text: `
    SELECT ${COLUMNS} FROM unnest($2::uuid[], $3::uuid[]) AS k (location_id, payment_event_id)
    JOIN entitlements e ON e.location_id = k.location_id AND e.payment_event_id = k.payment_event_id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** The lots that payments opened, swept and void ones too. */
export function findLotsOfPayments(
  tx: Transaction,
  tenants: readonly string[],
  payments: readonly { location_id: string; id: string }[],
) {
  return tx.query<LotRow & Record<string, unknown>>(OF_PAYMENTS, [
    uuidArray(tenants),
    uuidArray(payments.map((payment) => payment.location_id)),
    uuidArray(payments.map((payment) => payment.id)),
  ]);
}
