import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** One installation of the app: of a whole agency, or of one of its locations. Tokens are sealed. */
export interface GhlConnection {
  id: string;
  company_id: string;
  ghl_location_id: string | null;
  workspace_id: string | null;
  location_id: string | null;
  user_type: "Company" | "Location";
  status: "unclaimed" | "connected" | "disconnected" | "needs_reinstall";
  access_token: string | null;
  refresh_token: string | null;
  issued_at: Instant | null;
  expires_at: Instant | null;
  scopes: string[];
  is_bulk: boolean;
  company_name: string | null;
  whitelabel_domain: string | null;
  installed_at: Instant;
  uninstalled_at: Instant | null;
}

const COLUMNS = `id, company_id, ghl_location_id, workspace_id, location_id, user_type, status, access_token, refresh_token,
  issued_at, expires_at, scopes, is_bulk, company_name, whitelabel_domain, installed_at, uninstalled_at`;

type Found = GhlConnection & Record<string, unknown>;

const FIND = { name: "find_ghl_connection", text: `SELECT ${COLUMNS} FROM ghl_connections WHERE id = $1` };

export async function findGhlConnection(tx: Transaction, id: string): Promise<GhlConnection | null> {
  return (await tx.query<Found>(FIND, [id]))[0] ?? null;
}

const FIND_BY_INSTALLATION = {
  name: "find_ghl_connection_by_installation",
  text: `SELECT ${COLUMNS} FROM ghl_connections WHERE company_id = $1 AND ghl_location_id IS NOT DISTINCT FROM $2`,
};

/** `ghl_location_id` null: the agency's own. */
export async function findInstallation(
  tx: Transaction,
  company_id: string,
  ghl_location_id: string | null,
): Promise<GhlConnection | null> {
  return (await tx.query<Found>(FIND_BY_INSTALLATION, [company_id, ghl_location_id]))[0] ?? null;
}

const FIND_OF_LOCATION = {
  name: "find_ghl_connection_of_location",
  text: `SELECT ${COLUMNS} FROM ghl_connections WHERE location_id = $1`,
};

export async function findGhlConnectionOfLocation(tx: Transaction, location_id: string): Promise<GhlConnection | null> {
  return (await tx.query<Found>(FIND_OF_LOCATION, [location_id]))[0] ?? null;
}

const LIST = {
  name: "",
  text: `SELECT ${COLUMNS} FROM ghl_connections ORDER BY company_id, ghl_location_id NULLS FIRST LIMIT 1000`,
};

export function listGhlConnections(tx: Transaction): Promise<GhlConnection[]> {
  return tx.query<Found>(LIST);
}

const LIST_OF_WORKSPACE = {
  name: "",
  text: `SELECT ${COLUMNS} FROM ghl_connections WHERE workspace_id = $1 ORDER BY installed_at DESC, id LIMIT 1000`,
};

export function listInstallationsOf(tx: Transaction, workspace_id: string): Promise<GhlConnection[]> {
  return tx.query<Found>(LIST_OF_WORKSPACE, [workspace_id]);
}

const TAKE_UNFINISHED = {
  name: "",
  text: `
    UPDATE ghl_connections SET updated_at = $2 WHERE id IN (
      SELECT c.id FROM ghl_connections c LEFT JOIN locations l ON l.location_id = c.location_id
      WHERE c.workspace_id IS NOT NULL AND c.ghl_location_id IS NOT NULL AND c.status = 'connected'
        AND (l.location_id IS NULL OR l.status = 'disconnected')
      ORDER BY c.updated_at, c.id LIMIT $1)
    RETURNING ${COLUMNS}`,
};

/** Locations' installations that have a workspace and no live location of ours, those that were not tried for longest first. */
export function takeUnfinished(tx: Transaction, at_most: number, now: Instant): Promise<GhlConnection[]> {
  return tx.query<Found>(TAKE_UNFINISHED, [at_most, instant(now)]);
}

export interface Installation {
  id: string;
  company_id: string;
  ghl_location_id: string | null;
  is_bulk: boolean;
  company_name: string | null;
  whitelabel_domain: string | null;
  installed_at: Instant;
}

// A redirect and a webhook tell of one installation in either order; what was told before an uninstall revives nothing.
const UPSERT = {
  name: "upsert_ghl_connection",
  text: `
    INSERT INTO ghl_connections AS c (id, company_id, ghl_location_id, user_type, status, is_bulk, company_name,
      whitelabel_domain, installed_at, updated_at)
    VALUES ($1, $2, $3, CASE WHEN $3::text IS NULL THEN 'Company' ELSE 'Location' END, 'unclaimed', $4, $5, $6, $7, $8)
    ON CONFLICT ON CONSTRAINT ghl_connections_once DO UPDATE SET
      status = CASE WHEN c.status <> 'disconnected' THEN c.status WHEN c.workspace_id IS NULL THEN 'unclaimed' ELSE 'connected' END,
      is_bulk = c.is_bulk OR excluded.is_bulk, company_name = COALESCE(excluded.company_name, c.company_name),
      whitelabel_domain = COALESCE(excluded.whitelabel_domain, c.whitelabel_domain),
      installed_at = GREATEST(c.installed_at, excluded.installed_at), uninstalled_at = NULL, updated_at = excluded.updated_at
    WHERE c.uninstalled_at IS NULL OR c.uninstalled_at < excluded.installed_at
    RETURNING ${COLUMNS}`,
};

/** Records an installation; null where it was uninstalled after this was told. */
export async function upsertInstallation(
  tx: Transaction,
  { id, company_id, ghl_location_id, is_bulk, company_name, whitelabel_domain, installed_at }: Installation,
  now: Instant,
): Promise<GhlConnection | null> {
  const values = [
    id,
    company_id,
    ghl_location_id,
    is_bulk,
    company_name,
    whitelabel_domain,
    instant(installed_at),
    instant(now),
  ];
  return (await tx.query<Found>(UPSERT, values))[0] ?? null;
}

export interface SealedPair {
  access_token: string;
  /** Null: GoHighLevel gave none; the agency's token brings the next. */
  refresh_token: string | null;
  issued_at: Instant;
  expires_at: Instant;
  scopes: string[];
}

const KEEP_PAIR = {
  name: "keep_ghl_tokens",
  text: `
    UPDATE ghl_connections SET access_token = $2, refresh_token = $3, issued_at = $4, expires_at = $5, scopes = $6,
      refresh_leased_until = NULL, updated_at = $4,
      status = CASE WHEN status = 'needs_reinstall' THEN CASE WHEN workspace_id IS NULL THEN 'unclaimed' ELSE 'connected' END ELSE status END
    WHERE id = $1 AND status <> 'disconnected'`,
};

export function keepTokens(
  tx: Transaction,
  id: string,
  { access_token, refresh_token, issued_at, expires_at, scopes }: SealedPair,
) {
  return tx.query(KEEP_PAIR, [id, access_token, refresh_token, instant(issued_at), instant(expires_at), scopes]);
}

const LEASE = {
  name: "lease_ghl_refresh",
  text: `
    UPDATE ghl_connections SET refresh_leased_until = $3
    WHERE id = $1 AND access_token IS NOT DISTINCT FROM $2 AND COALESCE(refresh_leased_until, '-infinity') <= $4
    RETURNING id`,
};

/** Whether this process is the one that fetches the next pair; false where another does, or did since `seen` was read. */
export async function leaseRefresh(
  tx: Transaction,
  seen: Pick<GhlConnection, "id" | "access_token">,
  { until, now }: { until: Instant; now: Instant },
): Promise<boolean> {
  const rows = await tx.query(LEASE, [seen.id, seen.access_token, instant(until), instant(now)]);
  return rows.length > 0;
}

const END_LEASE = {
  name: "end_ghl_refresh",
  text: "UPDATE ghl_connections SET refresh_leased_until = NULL, status = CASE WHEN $2 THEN 'needs_reinstall' ELSE status END WHERE id = $1",
};

export function endRefresh(tx: Transaction, id: string, { needs_reinstall }: { needs_reinstall: boolean }) {
  return tx.query(END_LEASE, [id, needs_reinstall]);
}

const CLAIM = {
  name: "",
  text: `
    UPDATE ghl_connections SET workspace_id = $2, location_id = COALESCE($3, location_id), updated_at = $4,
      status = CASE WHEN status = 'unclaimed' THEN 'connected' ELSE status END
    WHERE id = $1 AND (workspace_id IS NULL OR workspace_id = $2) RETURNING id`,
};

/** Gives an installation to a workspace; false where another has it. */
export async function claimConnection(
  tx: Transaction,
  id: string,
  { workspace_id, location_id, now }: { workspace_id: string; location_id: string | null; now: Instant },
): Promise<boolean> {
  return (await tx.query(CLAIM, [id, workspace_id, location_id, instant(now)])).length > 0;
}

const DISCONNECT = {
  name: "",
  text: `
    UPDATE ghl_connections SET status = 'disconnected', access_token = NULL, refresh_token = NULL, expires_at = NULL,
      refresh_leased_until = NULL, uninstalled_at = $3, updated_at = $3
    WHERE CASE WHEN $2::text IS NOT NULL THEN ghl_location_id = $2 ELSE company_id = $1 END AND installed_at <= $3
    RETURNING location_id`,
};

/** Destroys the tokens of one location, or of an agency with all its locations; answers the locations of ours. */
export async function disconnectGhl(
  tx: Transaction,
  { company_id, ghl_location_id, at }: { company_id: string | null; ghl_location_id: string | null; at: Instant },
): Promise<string[]> {
  const rows = await tx.query<{ location_id: string | null }>(DISCONNECT, [company_id, ghl_location_id, instant(at)]);
  return rows.flatMap(({ location_id }) => (location_id === null ? [] : [location_id]));
}

const USE_STATE = {
  name: "",
  text: "INSERT INTO oauth_states (id, used_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id",
};
const FORGET_STATES = { name: "", text: "DELETE FROM oauth_states WHERE used_at < $1" };

/** Whether this state was never used before; it is used now. Those used before `forget` are forgotten: they have expired. */
export async function useState(tx: Transaction, id: string, now: Instant, forget: Instant): Promise<boolean> {
  await tx.query(FORGET_STATES, [instant(forget)]);
  return (await tx.query(USE_STATE, [id, instant(now)])).length > 0;
}
