import type { Transaction } from "../platform/database.ts";
import { uuidArray } from "../platform/sql.ts";
import type { BillingStatus } from "../rules/billing/billing-status.ts";

/** What every transaction must know of its locations as they are now. */
export interface LocationState {
  location_id: string;
  /** What was read under another version of the location must be read again. */
  version: number;
  status: "pending" | "active" | "disconnected";
  /** Added to the real time; more than 0 only in a sandbox. */
  clock_offset_ms: number;
  billing_status: BillingStatus;
  /** Billing is back, and what arrived meanwhile is being taken in its own order of time (clarification 22). */
  is_catching_up: boolean;
}

const STATES = {
  name: "find_location_states",
  text: `
    SELECT l.location_id, l.version, l.status, l.clock_offset_ms, w.billing_status,
      EXISTS (
        SELECT FROM webhook_events e WHERE e.location_id = l.location_id AND e.reason_code = 'BILLING_SUSPENDED'
      ) AS is_catching_up
    FROM locations l JOIN workspaces w ON w.id = l.workspace_id
    WHERE l.location_id = ANY ($1::uuid[])`,
};

export function findLocationStates(tx: Transaction, location_ids: readonly string[]) {
  return tx.query<LocationState & Record<string, unknown>>(STATES, [uuidArray(location_ids)]);
}

/** Everything about a location that a person configures. */
export interface Location {
  location_id: string;
  workspace_id: string;
  key: string;
  name: string;
  status: LocationState["status"];
  ghl_location_id: string | null;
  timezone: string;
  currency: string;
  sandbox: boolean;
  clock_offset_ms: number;
  cancellation_window_hours: number;
  make_good_days: number;
  auto_settle: boolean;
  /** Credits that a no-show costs beside the booking's own, where the product says nothing. */
  no_show_penalty: number;
  /** Whether GoHighLevel shows the members' balances. */
  shows_balances: boolean;
  version: number;
  /** Counts the changes of the settings themselves. */
  settings_version: number;
}

const COLUMNS = `location_id, workspace_id, key, name, status, ghl_location_id, timezone, currency, sandbox, clock_offset_ms,
  cancellation_window_hours, make_good_days, auto_settle, no_show_penalty, shows_balances, version, settings_version`;

const FIND = { name: "find_locations", text: `SELECT ${COLUMNS} FROM locations WHERE location_id = ANY ($1::uuid[])` };

export function findLocations(tx: Transaction, location_ids: readonly string[]) {
  return tx.query<Location & Record<string, unknown>>(FIND, [uuidArray(location_ids)]);
}

const LOCK_BY_KEY = {
  name: "",
  text: `
    SELECT ${COLUMNS} FROM locations WHERE workspace_id = $1 AND key = $2
    FOR NO KEY UPDATE`,
};

export async function lockLocationByKey(tx: Transaction, workspace_id: string, key: string): Promise<Location | null> {
  const [row] = await tx.query<Location & Record<string, unknown>>(LOCK_BY_KEY, [workspace_id, key]);
  return row ?? null;
}

const LOCK = { name: "", text: `SELECT ${COLUMNS} FROM locations WHERE location_id = $1 FOR NO KEY UPDATE` };

/** Whoever changes what is configured of a location waits here for whoever does at this moment. */
export async function lockLocation(tx: Transaction, location_id: string): Promise<Location> {
  const [row] = await tx.query<Location & Record<string, unknown>>(LOCK, [location_id]);
  if (!row) throw new Error(`there is no location ${location_id}`);
  return row;
}

const FIND_BY_KEYS = {
  name: "",
  text: `
    SELECT ${COLUMNS.split(", ")
      .map((column) => `l.${column.trim()}`)
      .join(", ")}
    FROM locations l JOIN workspaces w ON w.id = l.workspace_id WHERE w.key = $1 AND l.key = $2`,
};

/** By `workspace-key/location-key`. */
export async function findLocationByKeys(
  tx: Transaction,
  workspace_key: string,
  location_key: string,
): Promise<Location | null> {
  const [row] = await tx.query<Location & Record<string, unknown>>(FIND_BY_KEYS, [workspace_key, location_key]);
  return row ?? null;
}

const LIST_OF_WORKSPACE = {
  name: "",
  text: `SELECT ${COLUMNS} FROM locations WHERE workspace_id = $1 ORDER BY sandbox, name, location_id`,
};

export function findLocationsOf(tx: Transaction, workspace_id: string): Promise<Location[]> {
  return tx.query<Location & Record<string, unknown>>(LIST_OF_WORKSPACE, [workspace_id]);
}

const REFERENCES = {
  name: "",
  text: `
    SELECT l.location_id, w.key || '/' || l.key AS reference
    FROM locations l JOIN workspaces w ON w.id = l.workspace_id WHERE l.location_id = ANY ($1::uuid[])`,
};

/** `workspace-key/location-key` of each location. */
export async function findReferences(tx: Transaction, location_ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ location_id: string; reference: string }>(REFERENCES, [uuidArray(location_ids)]);
  return new Map(rows.map(({ location_id, reference }) => [location_id, reference]));
}

const LIST_SANDBOXES = {
  name: "",
  text: `SELECT ${COLUMNS} FROM locations WHERE sandbox ORDER BY location_id LIMIT $1`,
};

export function listSandboxes(tx: Transaction, at_most: number): Promise<Location[]> {
  return tx.query<Location & Record<string, unknown>>(LIST_SANDBOXES, [at_most]);
}

const FIND_BY_GHL_ID = {
  name: "",
  text: `SELECT ${COLUMNS} FROM locations WHERE ghl_location_id = $1 FOR NO KEY UPDATE`,
};

/** By the id that GoHighLevel knows it by. */
export async function findLocationByGhlId(tx: Transaction, ghl_location_id: string): Promise<Location | null> {
  const [row] = await tx.query<Location & Record<string, unknown>>(FIND_BY_GHL_ID, [ghl_location_id]);
  return row ?? null;
}

const FIND_ID_BY_GHL_ID = {
  name: "find_location_id_by_ghl_id",
  text: "SELECT location_id FROM locations WHERE ghl_location_id = $1",
};

/** Our id of the location that GoHighLevel knows by that one; locks nothing. */
export async function findLocationIdByGhlId(tx: Transaction, ghl_location_id: string): Promise<string | null> {
  const [row] = await tx.query<{ location_id: string }>(FIND_ID_BY_GHL_ID, [ghl_location_id]);
  return row?.location_id ?? null;
}

const PUT = {
  name: "",
  text: `
    INSERT INTO locations (location_id, workspace_id, key, name, status, timezone, currency, sandbox,
      cancellation_window_hours, make_good_days, auto_settle, ghl_location_id, no_show_penalty, shows_balances)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (location_id) DO UPDATE SET name = excluded.name, status = excluded.status, timezone = excluded.timezone,
      currency = excluded.currency, sandbox = excluded.sandbox,
      cancellation_window_hours = excluded.cancellation_window_hours, make_good_days = excluded.make_good_days,
      auto_settle = excluded.auto_settle, ghl_location_id = excluded.ghl_location_id,
      no_show_penalty = excluded.no_show_penalty, shows_balances = excluded.shows_balances`,
};

export function putLocation(tx: Transaction, location: Location) {
  return tx.query(PUT, [
    location.location_id,
    location.workspace_id,
    location.key,
    location.name,
    location.status,
    location.timezone,
    location.currency,
    location.sandbox,
    location.cancellation_window_hours,
    location.make_good_days,
    location.auto_settle,
    location.ghl_location_id,
    location.no_show_penalty,
    location.shows_balances,
  ]);
}

const BUMP = { name: "", text: "UPDATE locations SET version = version + 1 WHERE location_id = $1" };

/** Tells every process that what it knows of the location's settings, catalogue and clients is out of date. */
export function bumpVersion(tx: Transaction, location_id: string) {
  return tx.query(BUMP, [location_id]);
}

const ACTIVATE = {
  name: "",
  text: `
    UPDATE locations SET status = 'active', version = version + 1
    WHERE workspace_id = $1 AND status = 'pending' RETURNING location_id, key`,
};

/** Rule 38. Billing allows the pending locations of a workspace; answers which they were. */
export function activatePending(tx: Transaction, workspace_id: string) {
  return tx.query<{ location_id: string; key: string }>(ACTIVATE, [workspace_id]);
}

const COUNT_BILLABLE = {
  name: "",
  text: `
    SELECT count(*)::integer AS count FROM locations
    WHERE workspace_id = $1 AND status = ANY ($2::text[]) AND NOT sandbox`,
};

/** Rule 38. Locations that are billed, or will be once billing allows them; sandboxes never are. */
export async function countBillable(tx: Transaction, workspace_id: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(COUNT_BILLABLE, [workspace_id, ["active", "pending"]]);
  return row?.count ?? 0;
}

/** Rule 38. Locations that are billed. */
export async function countActive(tx: Transaction, workspace_id: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(COUNT_BILLABLE, [workspace_id, ["active"]]);
  return row?.count ?? 0;
}

const SET_CLOCK = {
  name: "",
  text: `
    UPDATE locations SET clock_offset_ms = $2
    WHERE location_id = $1 AND sandbox AND clock_offset_ms <= $2 RETURNING location_id`,
};

/** Moves a sandbox location's clock, forward only; answers whether it did. */
export async function setClockOffset(tx: Transaction, location_id: string, offset_ms: number): Promise<boolean> {
  const rows = await tx.query(SET_CLOCK, [location_id, offset_ms]);
  return rows.length > 0;
}
