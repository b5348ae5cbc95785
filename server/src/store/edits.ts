import type { Transaction } from "../platform/database.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** One change of a row, as the audit trail keeps it. */
export interface Edit {
  actor: string;
  recorded_at: Instant;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

const LATEST = {
  name: "",
  text: `
    SELECT actor, recorded_at, before, after FROM audit_events
    WHERE location_id = $1 AND subject = $2 ORDER BY recorded_at DESC, id DESC LIMIT $3`,
};

/** The latest changes of one subject of a location, the last one first. */
export function findLatestEdits(tx: Transaction, location_id: string, subject: string, at_most: number) {
  return tx.query<Edit & Record<string, unknown>>(LATEST, [location_id, subject, at_most]);
}
