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
}

const FIND = {
  name: "find_api_client",
  text: `
    SELECT a.location_id, a.id, a.key, a.name, a.scopes, a.active, a.token_hash, l.version, l.ghl_location_id, l.status
    FROM api_clients a JOIN locations l ON l.location_id = a.location_id WHERE a.id = $1`,
};

export type ApiClientWithLocation = ApiClient & {
  version: number;
  ghl_location_id: string | null;
  status: "pending" | "active" | "disconnected";
};

/** By the id in its token, before its location is known. */
export async function findApiClient(tx: Transaction, id: string): Promise<ApiClientWithLocation | null> {
  const [row] = await tx.query<ApiClientWithLocation & Record<string, unknown>>(FIND, [id]);
  return row ?? null;
}

const FIND_BY_KEY = {
  name: "",
  text: `SELECT location_id, id, key, name, scopes, active, token_hash FROM api_clients WHERE location_id = $1 AND key = $2`,
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
      token_hash = excluded.token_hash`,
};

export function putApiClient(tx: Transaction, client: ApiClient) {
  const { location_id, id, key, name, scopes, active, token_hash } = client;
  return tx.query(PUT, [location_id, id, key, name, scopes, active, token_hash]);
}

const TOUCH = {
  name: "touch_api_client",
  text: "UPDATE api_clients SET last_used_at = $3 WHERE location_id = $1 AND id = $2",
};

export function touchApiClient(tx: Transaction, location_id: string, id: string, used_at: string) {
  return tx.query(TOUCH, [location_id, id, used_at]);
}
