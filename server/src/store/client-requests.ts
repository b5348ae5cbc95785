import type { Transaction } from "../platform/database.ts";
import { instantArray, numberArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** Requests that are kept of each API client, and days of its counts. */
export const KEPT_REQUESTS = 100;
const KEPT_DAYS = 90;

/** A request of an API client: which route, and what it was told. Nothing of what it sent. */
export interface ClientRequest {
  location_id: string;
  client_id: string;
  correlation_id: string;
  received_at: Instant;
  method: string;
  /** As it is written in the API's reference: no id stands in it. */
  route: string;
  status: number;
  reason_code: string | null;
  duration_ms: number;
}

/** What a client asked on one day, UTC. */
export interface ClientDay {
  location_id: string;
  client_id: string;
  day: string;
  requests: number;
  /** Of these: answered with ok false, its rate limit aside. */
  refused: number;
  rate_limited: number;
  last_rate_limited_at: Instant | null;
}

const INSERT = {
  name: "insert_client_requests",
  text: `
    INSERT INTO api_client_requests (location_id, client_id, correlation_id, received_at, method, route, status, reason_code,
      duration_ms)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::integer[],
      $8::text[], $9::integer[])
    ON CONFLICT DO NOTHING`,
};

export function insertClientRequests(tx: Transaction, requests: readonly ClientRequest[]) {
  return tx.query(INSERT, [
    uuidArray(requests.map((request) => request.location_id)),
    uuidArray(requests.map((request) => request.client_id)),
    uuidArray(requests.map((request) => request.correlation_id)),
    instantArray(requests.map((request) => request.received_at)),
    textArray(requests.map((request) => request.method)),
    textArray(requests.map((request) => request.route)),
    numberArray(requests.map((request) => request.status)),
    textArray(requests.map((request) => request.reason_code)),
    numberArray(requests.map((request) => request.duration_ms)),
  ]);
}

const ADD = {
  name: "add_client_days",
  text: `
    INSERT INTO api_client_days AS d (location_id, client_id, day, requests, refused, rate_limited, last_rate_limited_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[], $7::timestamptz[])
    ON CONFLICT (location_id, client_id, day) DO UPDATE SET requests = d.requests + excluded.requests,
      refused = d.refused + excluded.refused, rate_limited = d.rate_limited + excluded.rate_limited,
      last_rate_limited_at = greatest(d.last_rate_limited_at, excluded.last_rate_limited_at)`,
};

/** Adds to what is counted already. All writers name the days in one order, so that none waits for another in a circle. */
export function addClientDays(tx: Transaction, days: readonly ClientDay[]) {
  return tx.query(ADD, [
    uuidArray(days.map((day) => day.location_id)),
    uuidArray(days.map((day) => day.client_id)),
    textArray(days.map((day) => day.day)),
    numberArray(days.map((day) => day.requests)),
    numberArray(days.map((day) => day.refused)),
    numberArray(days.map((day) => day.rate_limited)),
    instantArray(days.map((day) => day.last_rate_limited_at)),
  ]);
}

const FORGET_REQUESTS = {
  name: "forget_client_requests",
  text: `
    DELETE FROM api_client_requests r
    USING unnest($1::uuid[], $2::uuid[]) AS k (location_id, client_id), LATERAL (
      SELECT o.received_at FROM api_client_requests o
      WHERE o.location_id = k.location_id AND o.client_id = k.client_id
      ORDER BY o.received_at DESC, o.correlation_id DESC OFFSET ${KEPT_REQUESTS - 1} LIMIT 1
    ) oldest
    WHERE r.location_id = k.location_id AND r.client_id = k.client_id AND r.received_at < oldest.received_at`,
};
const FORGET_DAYS = {
  name: "forget_client_days",
  text: `
    DELETE FROM api_client_days d USING unnest($1::uuid[], $2::uuid[]) AS k (location_id, client_id)
    WHERE d.location_id = k.location_id AND d.client_id = k.client_id AND d.day < $3::date - ${KEPT_DAYS}`,
};

/** Forgets what of these clients is beyond what is kept; `today` is the UTC day. */
export async function forgetOldRequests(
  tx: Transaction,
  clients: readonly Pick<ClientDay, "location_id" | "client_id">[],
  today: string,
): Promise<void> {
  const values = [uuidArray(clients.map((one) => one.location_id)), uuidArray(clients.map((one) => one.client_id))];
  await Promise.all([tx.query(FORGET_REQUESTS, values), tx.query(FORGET_DAYS, [...values, today])]);
}
