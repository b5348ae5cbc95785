import type { Transaction } from "../platform/database.ts";
import { jsonArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Unattached } from "../rules/decision.ts";
import type { TenantKey } from "./payment-events.ts";

export type UnattachedRow = {
  location_id: string;
  kind: "refund" | "dispute";
  reversal_id: string;
  document: Unattached;
};

export type KeptReversal = UnattachedRow & { provider: string; key: string };

// It is kept under each of its names; figures that are cumulative have one id whichever payment they are of.
const FIND = {
  name: "find_unattached_reversals",
  text: `
    SELECT DISTINCT ON (u.location_id, u.kind, u.reversal_id, u.document) u.location_id, u.kind, u.reversal_id, u.document
    FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k (location_id, provider, key)
    JOIN unattached_reversals u ON u.location_id = k.location_id AND u.provider = k.provider AND u.key = k.key
      AND u.payment_event_id IS NULL
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** Refunds and disputes that wait for a payment of one of these names. */
export function findUnattached(tx: Transaction, tenants: readonly string[], keys: readonly TenantKey[]) {
  return tx.query<UnattachedRow>(FIND, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.provider)),
    textArray(keys.map((key) => key.key)),
  ]);
}

const PUT = {
  name: "put_unattached_reversals",
  text: `
    INSERT INTO unattached_reversals (location_id, provider, key, kind, reversal_id, document, told_at)
    SELECT location_id, provider, key, kind, reversal_id, document::jsonb, $7
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
      AS k (location_id, provider, key, kind, reversal_id, document)
    ON CONFLICT DO NOTHING`,
};

/** Keeps what was told before its payment, under every name of it. */
export function putUnattached(tx: Transaction, rows: readonly KeptReversal[], told_at: string) {
  return tx.query(PUT, [
    uuidArray(rows.map((row) => row.location_id)),
    textArray(rows.map((row) => row.provider)),
    textArray(rows.map((row) => row.key)),
    textArray(rows.map((row) => row.kind)),
    textArray(rows.map((row) => row.reversal_id)),
    jsonArray(rows.map((row) => row.document)),
    told_at,
  ]);
}

const ATTACH = {
  name: "attach_reversals",
  text: `
    UPDATE unattached_reversals u SET payment_event_id = k.payment_event_id
    FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[]) AS k (location_id, provider, key, payment_event_id)
    WHERE u.location_id = k.location_id AND u.provider = k.provider AND u.key = k.key AND u.payment_event_id IS NULL
      AND k.location_id = ANY ($1::uuid[])`,
};

/** Marks what waited for these names as applied. */
export function attachReversals(
  tx: Transaction,
  tenants: readonly string[],
  keys: readonly (TenantKey & { payment_event_id: string })[],
) {
  return tx.query(ATTACH, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.provider)),
    textArray(keys.map((key) => key.key)),
    uuidArray(keys.map((key) => key.payment_event_id)),
  ]);
}
