import { randomUUID } from "node:crypto";

/** What rows refer to: a location, its product, a contact, and that contact's lot and payment. */
export interface Studio {
  location_id: string;
  product: string;
  contact_id: string;
  lot_id: string;
  payment_id: string;
}

/** Columns that a test says otherwise, as SQL expressions. */
type Changes = Record<string, string | number>;

/** A row as an INSERT; values are SQL expressions. */
function insert(table: string, row: Changes): string {
  return `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).join(", ")})`;
}

/** An insert of the lot as it stands: nine of ten credits left. */
export function lot({ location_id, contact_id, product, lot_id, payment_id }: Studio, changes: Changes = {}): string {
  return insert("entitlements", {
    location_id: `'${location_id}'`,
    id: `'${lot_id}'`,
    contact_id: `'${contact_id}'`,
    product_config_id: `'${product}'`,
    origin: "'purchase'",
    state: "'open'",
    unlimited: "false",
    live: "true",
    granted: 10,
    available: 9,
    held: 0,
    effective_at: "now()",
    payment_event_id: `'${payment_id}'`,
    payment_item: 0,
    created_at: "now()",
    ...changes,
  });
}

/** An insert of the first entry, a grant. */
export function entry({ location_id, contact_id, lot_id }: Studio, changes: Changes = {}): string {
  return insert("ledger_entries", {
    location_id: `'${location_id}'`,
    contact_id: `'${contact_id}'`,
    entry_number: 1,
    occurred_at: "now()",
    recorded_at: "now()",
    entitlement_id: `'${lot_id}'`,
    type: "'grant'",
    debit: "'issued'",
    credit: "'available'",
    amount: 10,
    balance_after: 10,
    source: "'api'",
    correlation_id: "gen_random_uuid()",
    reason: "'purchase'",
    hash: "sha256('x')",
    ...changes,
  });
}

/** An insert of the payment as it stands. */
export function payment({ location_id, contact_id, payment_id }: Studio, changes: Changes = {}): string {
  return insert("payment_events", {
    location_id: `'${location_id}'`,
    id: `'${payment_id}'`,
    contact_id: `'${contact_id}'`,
    provider: "'p'",
    external_payment_id: "'pay-1'",
    event_type: "'paid'",
    status: "'recorded'",
    flags: "'{}'",
    attention: "'{}'",
    amount_cents: 5000,
    currency: "'USD'",
    refunded_cents: 0,
    paid_at: "now()",
    items: "'[]'",
    refunds: "'[]'",
    disputes: "'[]'",
    recorded_at: "now()",
    ...changes,
  });
}

/** An insert of an active membership. */
export function membership({ location_id, contact_id, product }: Studio, changes: Changes = {}): string {
  return insert("memberships", {
    location_id: `'${location_id}'`,
    id: another(),
    contact_id: `'${contact_id}'`,
    product_config_id: `'${product}'`,
    status: "'active'",
    renewal: "'payment'",
    started_at: "now()",
    anchor_on: "'2026-01-31'",
    periods: "'[]'",
    open_until: "now()",
    prepaid_through: 1,
    lots_in_grace: "'[]'",
    freezes: "'[]'",
    created_at: "now()",
    ...changes,
  });
}

/** An insert of a booking. */
export function booking({ location_id, contact_id }: Studio, changes: Changes = {}): string {
  return insert("appointments", {
    location_id: `'${location_id}'`,
    external_id: "'b'",
    contact_id: `'${contact_id}'`,
    status: "'confirmed'",
    booked_at: "now()",
    source: "'ghl'",
    generation: 1,
    flags: "'{}'",
    ...changes,
  });
}

/** An insert of what a provider told of a booking. */
export function version({ location_id }: Studio, changes: Changes = {}): string {
  return insert("appointment_versions", {
    location_id: `'${location_id}'`,
    external_id: "'b'",
    updated_at: "'2026-01-31Z'",
    payload_hash: "'h'",
    contact_external_id: "'ann'",
    calendar_id: "'yoga'",
    status: "'confirmed'",
    starts_at: "now()",
    added_at: "now()",
    recorded_at: "now()",
    ...changes,
  });
}

/** A new id, as an SQL expression. */
export const another = () => `'${randomUUID()}'`;

/** Those that do something to an earlier entry, and name it. */
export const REVERSALS = [
  "restore",
  "usage_restore",
  "release",
  "settle_used",
  "settle_no_show",
  "settle_late_cancel",
  "unsettle_used",
  "unsettle_no_show",
  "unsettle_late_cancel",
  "reinstate",
] as const;

const TWO_LOTS = ["rollover", "transfer", "make_good"];

/** What an entry of this type names beside its own lot. */
export function namedBy(type: string, { lot_id }: Studio): Changes {
  return {
    ...((REVERSALS as readonly string[]).includes(type) ? { reverses: 2 } : {}),
    ...(TWO_LOTS.includes(type) ? { to_entitlement_id: `'${lot_id}'` } : {}),
  };
}
