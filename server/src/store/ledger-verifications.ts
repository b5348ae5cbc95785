import type { Transaction } from "../platform/database.ts";
import { jsonArray, uuidArray } from "../platform/sql.ts";

/** How a verification of one location's books came out. */
export interface LedgerVerification {
  location_id: string;
  /** What is off, the first of each invariant; empty: the books are clean. */
  findings: readonly { invariant: string; subject: Record<string, unknown> }[];
}

const PUT = {
  name: "",
  text: `
    INSERT INTO ledger_verifications (location_id, verified_at, findings)
    SELECT location_id, $3, findings::jsonb FROM unnest($1::uuid[], $2::text[]) AS k (location_id, findings)
    ON CONFLICT (location_id) DO UPDATE SET verified_at = excluded.verified_at, findings = excluded.findings
    WHERE ledger_verifications.verified_at <= excluded.verified_at`,
};

/** Only the latest of each location is kept. */
export function putVerifications(tx: Transaction, verifications: readonly LedgerVerification[], verified_at: string) {
  return tx.query(PUT, [
    uuidArray(verifications.map(({ location_id }) => location_id)),
    jsonArray(verifications.map(({ findings }) => findings)),
    verified_at,
  ]);
}

const LOCATIONS = {
  name: "",
  text: "SELECT location_id FROM locations WHERE $1::uuid IS NULL OR location_id = $1 ORDER BY location_id",
};

export async function findLocationsToVerify(tx: Transaction, location_id: string | null): Promise<string[]> {
  const rows = await tx.query<{ location_id: string }>(LOCATIONS, [location_id]);
  return rows.map((row) => row.location_id);
}
