import type { Transaction } from "../platform/database.ts";
import { instantArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Membership } from "../rules/memberships/membership.ts";

export type MembershipRow = Membership & { location_id: string; contact_id: string };

const FIND = {
  name: "find_memberships",
  text: `
    SELECT m.location_id, m.contact_id, m.id, m.product_config_id, m.status, m.started_at, m.anchor_on,
      ARRAY(
        SELECT (extract(epoch FROM e.period_start_at) * 1000)::float8 FROM entitlements e
        WHERE e.location_id = m.location_id AND e.membership_id = m.id AND e.origin = 'period'
      ) AS paid_periods
    FROM unnest($2::uuid[], $3::uuid[]) AS k (location_id, contact_id)
    JOIN memberships m ON m.location_id = k.location_id AND m.contact_id = k.contact_id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

export function findMemberships(
  tx: Transaction,
  tenants: readonly string[],
  contacts: readonly { location_id: string; contact_id: string }[],
) {
  return tx.query<MembershipRow & Record<string, unknown>>(FIND, [
    uuidArray(tenants),
    uuidArray(contacts.map((contact) => contact.location_id)),
    uuidArray(contacts.map((contact) => contact.contact_id)),
  ]);
}

const PUT = {
  name: "put_memberships",
  text: `
    INSERT INTO memberships (location_id, id, contact_id, product_config_id, status, started_at, anchor_on, created_at)
    SELECT location_id, id, contact_id, product_config_id, status, started_at, anchor_on, $8
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::date[])
      AS k (location_id, id, contact_id, product_config_id, status, started_at, anchor_on)
    ON CONFLICT (location_id, id) DO UPDATE SET status = excluded.status`,
};

/** Creates memberships, or moves them to their new status. */
export function putMemberships(tx: Transaction, memberships: readonly MembershipRow[], recorded_at: string) {
  return tx.query(PUT, [
    uuidArray(memberships.map((membership) => membership.location_id)),
    uuidArray(memberships.map((membership) => membership.id)),
    uuidArray(memberships.map((membership) => membership.contact_id)),
    textArray(memberships.map((membership) => membership.product_config_id)),
    textArray(memberships.map((membership) => membership.status)),
    instantArray(memberships.map((membership) => membership.started_at)),
    textArray(memberships.map((membership) => membership.anchor_on)),
    recorded_at,
  ]);
}
