import type { Transaction } from "../platform/database.ts";
import { jsonArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Explanation } from "../rules/outcome.ts";

export interface RequestKey {
  location_id: string;
  request_id: string;
}

/** An answer that was given, for ever. */
export interface RememberedRequest extends RequestKey {
  operation: string;
  payload_hash: Buffer;
  body: string;
}

// The lock is tried, never waited for: who does not get it knows that the first is still in work, in whatever process.
const CLAIM = {
  name: "claim_requests",
  text: `
    SELECT pg_try_advisory_xact_lock(hashtextextended(k.request_id, hashtextextended(k.location_id::text, 0))) AS claimed
    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS k (location_id, request_id, position)
    ORDER BY k.position`,
};

const FIND = {
  name: "find_requests",
  text: `
    SELECT r.location_id, r.request_id, r.operation, r.payload_hash, r.body
    FROM unnest($2::uuid[], $3::text[]) AS k (location_id, request_id)
    JOIN requests r ON r.location_id = k.location_id AND r.request_id = k.request_id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

const INSERT = {
  name: "insert_requests",
  text: `
    INSERT INTO requests (location_id, request_id, operation, payload_hash, body, explanation, recorded_at)
    SELECT location_id, request_id, operation, decode(payload_hash, 'hex'), body, explanation::jsonb, $7
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
      AS k (location_id, request_id, operation, payload_hash, body, explanation)`,
};

/** Claims the request ids until the transaction ends; answers in order whether each was free. */
export async function claimRequests(tx: Transaction, keys: readonly RequestKey[]): Promise<boolean[]> {
  const rows = await tx.query<{ claimed: boolean }>(CLAIM, [
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.request_id)),
  ]);
  return rows.map(({ claimed }) => claimed);
}

export function findRequests(tx: Transaction, tenants: readonly string[], keys: readonly RequestKey[]) {
  return tx.query<RememberedRequest & Record<string, unknown>>(FIND, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.request_id)),
  ]);
}

export function insertRequests(
  tx: Transaction,
  requests: readonly (RememberedRequest & { explanation: Explanation | null })[],
  recorded_at: string,
) {
  return tx.query(INSERT, [
    uuidArray(requests.map((request) => request.location_id)),
    textArray(requests.map((request) => request.request_id)),
    textArray(requests.map((request) => request.operation)),
    textArray(requests.map((request) => request.payload_hash.toString("hex"))),
    textArray(requests.map((request) => request.body)),
    jsonArray(requests.map((request) => request.explanation)),
    recorded_at,
  ]);
}
