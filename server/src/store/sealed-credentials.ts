import type { Transaction } from "../platform/database.ts";

/** A row that holds sealed credentials, with what they are bound to. */
export interface SealedRow {
  kind: "ghl" | "stripe";
  id: string;
  location_id: string | null;
  company_id: string;
  ghl_location_id: string | null;
  /** GoHighLevel's access token, or Stripe's restricted key. */
  first: string | null;
  /** GoHighLevel's refresh token, or the webhook's secret. */
  second: string | null;
}

const LOCK = {
  name: "",
  text: `
    SELECT 'ghl' AS kind, id, location_id, company_id, ghl_location_id, access_token AS first, refresh_token AS second
    FROM ghl_connections WHERE id > $1 AND (access_token NOT LIKE $2 OR refresh_token NOT LIKE $2)
    UNION ALL
    SELECT 'stripe', id, location_id, '', NULL, restricted_key, webhook_secret
    FROM stripe_connections WHERE id > $1 AND (restricted_key NOT LIKE $2 OR webhook_secret NOT LIKE $2)
    ORDER BY id LIMIT $3`,
};

/** Rows behind `after` that are sealed with another key than the one whose seals begin so. */
export function findSealedOtherwise(
  tx: Transaction,
  after: string,
  prefix: string,
  at_most: number,
): Promise<SealedRow[]> {
  return tx.query<SealedRow & Record<string, unknown>>(LOCK, [after, `${prefix}%`, at_most]);
}

// Compared with what was read: a pair that was refreshed meanwhile is sealed anew already.
const REPLACE_GHL = {
  name: "",
  text: `
    UPDATE ghl_connections SET access_token = $2, refresh_token = $3
    WHERE id = $1 AND access_token IS NOT DISTINCT FROM $4 AND refresh_token IS NOT DISTINCT FROM $5`,
};
const REPLACE_STRIPE = {
  name: "",
  text: `
    UPDATE stripe_connections SET restricted_key = $2, webhook_secret = $3
    WHERE id = $1 AND restricted_key IS NOT DISTINCT FROM $4 AND webhook_secret IS NOT DISTINCT FROM $5`,
};

export function replaceSealed(tx: Transaction, row: SealedRow, first: string | null, second: string | null) {
  return tx.query(row.kind === "ghl" ? REPLACE_GHL : REPLACE_STRIPE, [row.id, first, second, row.first, row.second]);
}
