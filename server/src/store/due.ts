import type { Transaction } from "../platform/database.ts";
import { uuidArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** A member with something that fell due. */
export interface DueMember {
  location_id: string;
  contact_external_id: string;
  due_at: Instant;
}

// The function sees every location: which of them have something due is not known before.
const DUE_EVERYWHERE = {
  name: "find_due_members",
  text: "SELECT location_id, contact_external_id, due_at FROM due_members($1, $2)",
};

/** Members of any location for whom something is due by their location's own clock. */
export function findDueMembers(tx: Transaction, real_now: string, at_most: number) {
  return tx.query<DueMember & Record<string, unknown>>(DUE_EVERYWHERE, [real_now, at_most]);
}

const IS_DUE = "e.live AND (e.available > 0 OR e.held = 0)";

const NEXT_DUE = {
  name: "",
  text: `
    SELECT min(e.expires_at) AS due_at FROM entitlements e
    WHERE e.location_id = ANY ($1::uuid[]) AND ${IS_DUE} AND e.expires_at <= $2`,
};

/** The earliest instant up to `until` at which something of this location falls due; null: nothing does. */
export async function findNextDue(tx: Transaction, location_id: string, until: string): Promise<Instant | null> {
  const [row] = await tx.query<{ due_at: number | null }>(NEXT_DUE, [uuidArray([location_id]), until]);
  return row?.due_at ?? null;
}

const DUE_AT = {
  name: "",
  text: `
    SELECT DISTINCT e.location_id, c.external_id AS contact_external_id, e.expires_at AS due_at
    FROM entitlements e JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
    WHERE e.location_id = ANY ($1::uuid[]) AND ${IS_DUE} AND e.expires_at <= $2
    ORDER BY due_at, contact_external_id LIMIT $3`,
};

export function findDueOfLocation(tx: Transaction, location_id: string, until: string, at_most: number) {
  return tx.query<DueMember & Record<string, unknown>>(DUE_AT, [uuidArray([location_id]), until, at_most]);
}
