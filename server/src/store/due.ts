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

/** A booking to be settled, or a payment that has waited long enough. */
export interface DueSubject extends DueMember {
  kind: "booking" | "payment";
  subject_id: string;
}

const SUBJECTS_EVERYWHERE = {
  name: "find_due_subjects",
  text: "SELECT location_id, contact_external_id, kind, subject_id, due_at FROM due_subjects($1, $2)",
};

/** Bookings and payments of any location whose time has come by their location's own clock. */
export function findDueSubjects(tx: Transaction, real_now: string, at_most: number) {
  return tx.query<DueSubject & Record<string, unknown>>(SUBJECTS_EVERYWHERE, [real_now, at_most]);
}

/** What is due in one location, whatever it is. */
const DUES = `
  SELECT e.location_id, e.contact_id, 'member' AS kind, NULL AS subject_id, e.expires_at AS due_at
  FROM entitlements e
  WHERE e.location_id = ANY ($1::uuid[]) AND e.live AND (e.available > 0 OR e.held = 0) AND e.state <> 'paused'
    AND e.expires_at <= $2
  UNION ALL
  SELECT c.location_id, c.id, 'member', NULL, c.next_due_at FROM contacts c
  WHERE c.location_id = ANY ($1::uuid[]) AND c.next_due_at <= $2
  UNION ALL
  SELECT a.location_id, a.contact_id, 'booking', a.external_id, a.settles_at FROM appointments a
  WHERE a.location_id = ANY ($1::uuid[]) AND a.settles_at <= $2
  UNION ALL
  SELECT p.location_id, p.contact_id, 'payment', p.id::text, p.settles_at FROM payment_events p
  WHERE p.location_id = ANY ($1::uuid[]) AND p.settles_at <= $2`;

const NEXT_DUE = { name: "", text: `SELECT min(due_at) AS due_at FROM (${DUES}) d` };

/** The earliest instant up to `until` at which something of this location falls due; null: nothing does. */
export async function findNextDue(tx: Transaction, location_id: string, until: string): Promise<Instant | null> {
  const [row] = await tx.query<{ due_at: number | null }>(NEXT_DUE, [uuidArray([location_id]), until]);
  return row?.due_at ?? null;
}

const DUE_AT = {
  name: "",
  text: `
    SELECT DISTINCT d.location_id, c.external_id AS contact_external_id, d.kind, d.subject_id, d.due_at
    FROM (${DUES}) d JOIN contacts c ON c.location_id = d.location_id AND c.id = d.contact_id
    ORDER BY d.due_at, d.kind, contact_external_id, d.subject_id LIMIT $3`,
};

export type DueOfLocation = DueMember &
  ({ kind: "member"; subject_id: null } | Pick<DueSubject, "kind" | "subject_id">);

/** What is due in this location up to `until`, in the order in which it is taken (clarification 17). */
export function findDueOfLocation(tx: Transaction, location_id: string, until: string, at_most: number) {
  return tx.query<DueOfLocation & Record<string, unknown>>(DUE_AT, [uuidArray([location_id]), until, at_most]);
}
