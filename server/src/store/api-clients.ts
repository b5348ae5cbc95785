import type { Transaction } from "../platform/database.ts";

export const SCOPES = ["grant", "check", "deduct", "restore", "summary", "manage"] as const;
export type Scope = (typeof SCOPES)[number];

/** A named token with scopes, for one location. Only the hash of its secret is kept. */
export interface ApiClient {
  location_id: string;
  id: string;
  key: string;
  name: string;
  scopes: Scope[];
  active: boolean;
  token_hash: Buffer;
  /** Counts its changes. */
  version: number;
}

const FIND = {
  name: "find_api_client",
  text: `
    SELECT a.location_id, a.id, a.key, a.name, a.scopes, a.active, a.token_hash, l.version, l.ghl_location_id, l.status
    FROM api_clients a JOIN locations l ON l.location_id = a.location_id WHERE a.id = $1`,
};

export type ApiClientWithLocation = Omit<ApiClient, "version"> & {
  /** The location's. */
  version: number;
  ghl_location_id: string | null;
  status: "pending" | "active" | "disconnected";
};

/** By the id in its token, before its location is known. */
export async function findApiClient(tx: Transaction, id: string): Promise<ApiClientWithLocation | null> {
  const [row] = await tx.query<ApiClientWithLocation & Record<string, unknown>>(FIND, [id]);
  return row ?? null;
}

const COLUMNS = "location_id, id, key, name, scopes, active, token_hash, version";

const LIST = { name: "", text: `SELECT ${COLUMNS} FROM api_clients WHERE location_id = $1` };

/** All of a location, also those that are switched off. */
export function findApiClients(tx: Transaction, location_id: string): Promise<ApiClient[]> {
  return tx.query<ApiClient & Record<string, unknown>>(LIST, [location_id]);
}

const FIND_BY_KEY = {
  name: "",
  text: `SELECT ${COLUMNS} FROM api_clients WHERE location_id = $1 AND key = $2`,
};

export async function findApiClientByKey(tx: Transaction, location_id: string, key: string): Promise<ApiClient | null> {
  const [row] = await tx.query<ApiClient & Record<string, unknown>>(FIND_BY_KEY, [location_id, key]);
  return row ?? null;
}

const PUT = {
  name: "",
  text: `
    INSERT INTO api_clients (location_id, id, key, name, scopes, active, token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (location_id, id) DO UPDATE SET name = excluded.name, scopes = excluded.scopes, active = excluded.active,
      token_hash = excluded.token_hash
    RETURNING version`,
};

/** Answers its version from now on. */
export async function putApiClient(tx: Transaction, client: Omit<ApiClient, "version">): Promise<number> {
  const { location_id, id, key, name, scopes, active, token_hash } = client;
  const values = [location_id, id, key, name, scopes, active, token_hash];
  const [row] = await tx.query<{ version: number }>(PUT, values);
  return row?.version ?? 1;
}

const TOUCH = {
  name: "touch_api_client",
  text: "UPDATE api_clients SET last_used_at = $3 WHERE location_id = $1 AND id = $2",
};

export function touchApiClient(tx: Transaction, location_id: string, id: string, used_at: string) {
  return tx.query(TOUCH, [location_id, id, used_at]);
}
