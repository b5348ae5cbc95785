import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** A studio's own Stripe account, listened to. Credentials are sealed; they are gone once it is disconnected. */
export interface StripeConnection {
  location_id: string;
  id: string;
  url_key: string;
  mode: "webhook" | "poll";
  is_live: boolean;
  status: "connected" | "disconnected";
  restricted_key: string | null;
  webhook_secret: string | null;
  webhook_endpoint_id: string | null;
  poll_cursor: string | null;
  polled_at: Instant | null;
  last_event_at: Instant | null;
  trouble: string | null;
  created_at: Instant;
}

const COLUMNS = `location_id, id, url_key, mode, is_live, status, restricted_key, webhook_secret, webhook_endpoint_id, poll_cursor,
  polled_at, last_event_at, trouble, created_at`;

const FIND_BY_URL = {
  name: "find_stripe_connection_by_url",
  text: `SELECT ${COLUMNS} FROM stripe_connections WHERE url_key = $1 AND status = 'connected'`,
};

/** The live connection behind an address, before its location is known. */
export async function findStripeConnectionByUrl(tx: Transaction, url_key: string): Promise<StripeConnection | null> {
  const [row] = await tx.query<StripeConnection & Record<string, unknown>>(FIND_BY_URL, [url_key]);
  return row ?? null;
}

const FIND_OF_LOCATION = {
  name: "",
  text: `SELECT ${COLUMNS} FROM stripe_connections WHERE location_id = $1 AND status = 'connected'`,
};

/** The live connection of a location: there is one at most. */
export async function findStripeConnection(tx: Transaction, location_id: string): Promise<StripeConnection | null> {
  const [row] = await tx.query<StripeConnection & Record<string, unknown>>(FIND_OF_LOCATION, [location_id]);
  return row ?? null;
}

const INSERT = {
  name: "",
  text: `
    INSERT INTO stripe_connections (location_id, id, url_key, mode, is_live, status, restricted_key, webhook_secret,
      webhook_endpoint_id, created_at)
    VALUES ($1, $2, $3, $4, $5, 'connected', $6, $7, $8, $9)`,
};

export function insertStripeConnection(tx: Transaction, connection: StripeConnection) {
  const { location_id, id, url_key, mode, is_live, restricted_key, webhook_secret, webhook_endpoint_id } = connection;
  return tx.query(INSERT, [
    location_id,
    id,
    url_key,
    mode,
    is_live,
    restricted_key,
    webhook_secret,
    webhook_endpoint_id,
    instant(connection.created_at),
  ]);
}

const DISCONNECT = {
  name: "",
  text: `
    UPDATE stripe_connections SET status = 'disconnected', restricted_key = NULL, webhook_secret = NULL, disconnected_at = $2
    WHERE location_id = $1 AND status = 'connected' RETURNING id`,
};

/** Destroys the credentials; answers whether there were any. */
export async function disconnectStripe(tx: Transaction, location_id: string, at: Instant): Promise<boolean> {
  const rows = await tx.query(DISCONNECT, [location_id, instant(at)]);
  return rows.length > 0;
}

const FIND_POLLED = {
  name: "",
  text: `
    SELECT ${COLUMNS} FROM stripe_connections
    WHERE status = 'connected' AND restricted_key IS NOT NULL
      AND COALESCE(polled_at, '-infinity') <= CASE mode WHEN 'poll' THEN $1::timestamptz ELSE $2::timestamptz END
    ORDER BY polled_at NULLS FIRST, id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED`,
};

const CLAIM_POLL = { name: "", text: "UPDATE stripe_connections SET polled_at = $2 WHERE id = ANY ($1::uuid[])" };

/** Takes connections that were last polled before their mode's time, so that no other process polls them now. */
export async function takeStripePolls(
  tx: Transaction,
  { before, now, at_most }: { before: Record<StripeConnection["mode"], Instant>; now: Instant; at_most: number },
): Promise<StripeConnection[]> {
  const values = [instant(before.poll), instant(before.webhook), at_most];
  const rows = await tx.query<StripeConnection & Record<string, unknown>>(FIND_POLLED, values);
  await tx.query(CLAIM_POLL, [rows.map(({ id }) => id), instant(now)]);
  return rows;
}

const KEEP_CURSOR = {
  name: "",
  text: `
    UPDATE stripe_connections SET poll_cursor = COALESCE($3, poll_cursor), trouble = $4,
      last_event_at = GREATEST(last_event_at, $5)
    WHERE location_id = $1 AND id = $2`,
};

/** Where the next poll begins, or why this one failed. */
export function keepStripePoll(
  tx: Transaction,
  { location_id, id }: Pick<StripeConnection, "location_id" | "id">,
  { cursor, trouble, last_event_at }: { cursor: string | null; trouble: string | null; last_event_at: Instant | null },
) {
  return tx.query(KEEP_CURSOR, [
    location_id,
    id,
    cursor,
    trouble,
    last_event_at === null ? null : instant(last_event_at),
  ]);
}
