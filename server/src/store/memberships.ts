import type { Transaction } from "../platform/database.ts";
import { instantArray, jsonArray, numberArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Membership } from "../rules/memberships/membership.ts";

export type MembershipRow = Membership & { location_id: string; contact_id: string };

const FIND = {
  name: "find_memberships",
  text: `
    SELECT m.location_id, m.contact_id, m.id, m.product_config_id, m.status, m.renewal, m.started_at, m.anchor_on, m.periods,
      m.open_until, m.prepaid_through, m.grace_until, m.lots_in_grace, m.ends_at, m.next_config_id, m.subscription_id, m.subscription_told,
      m.cancelled_at, m.freezes
    FROM unnest($2::uuid[], $3::uuid[]) AS k (location_id, contact_id)
    JOIN memberships m ON m.location_id = k.location_id AND m.contact_id = k.contact_id
      AND (m.status <> 'ended'
        OR (m.subscription_id IS NOT NULL AND m.subscription_told ->> 'status' IN ('ending', 'ended')))
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** Memberships of these contacts that have not ended, and those that may go on: `mayGoOn` says the same. */
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
    INSERT INTO memberships (location_id, id, contact_id, product_config_id, status, renewal, started_at, anchor_on, periods,
      open_until, prepaid_through, grace_until, lots_in_grace, ends_at, next_config_id, subscription_id,
      subscription_told, cancelled_at, freezes, created_at)
    SELECT location_id, id, contact_id, product_config_id, status, renewal, started_at, anchor_on, periods::jsonb, open_until,
      prepaid_through, grace_until, lots_in_grace::jsonb, ends_at, next_config_id, subscription_id,
      subscription_told::jsonb, cancelled_at, freezes::jsonb, $20
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::date[],
      $9::text[], $10::timestamptz[], $11::integer[], $12::timestamptz[], $13::text[], $14::timestamptz[], $15::text[],
      $16::text[], $17::text[], $18::timestamptz[], $19::text[])
      AS k (location_id, id, contact_id, product_config_id, status, renewal, started_at, anchor_on, periods, open_until,
        prepaid_through, grace_until, lots_in_grace, ends_at, next_config_id, subscription_id, subscription_told,
        cancelled_at, freezes)
    ON CONFLICT (location_id, id) DO UPDATE SET contact_id = excluded.contact_id,
      product_config_id = excluded.product_config_id, status = excluded.status, renewal = excluded.renewal,
      periods = excluded.periods, open_until = excluded.open_until, prepaid_through = excluded.prepaid_through,
      grace_until = excluded.grace_until, lots_in_grace = excluded.lots_in_grace, ends_at = excluded.ends_at,
      next_config_id = excluded.next_config_id, subscription_id = excluded.subscription_id,
      subscription_told = excluded.subscription_told, cancelled_at = excluded.cancelled_at, freezes = excluded.freezes`,
};

/** Creates memberships, or puts them as they are now. */
export function putMemberships(tx: Transaction, memberships: readonly MembershipRow[], recorded_at: string) {
  return tx.query(PUT, [
    uuidArray(memberships.map((membership) => membership.location_id)),
    uuidArray(memberships.map((membership) => membership.id)),
    uuidArray(memberships.map((membership) => membership.contact_id)),
    textArray(memberships.map((membership) => membership.product_config_id)),
    textArray(memberships.map((membership) => membership.status)),
    textArray(memberships.map((membership) => membership.renewal)),
    instantArray(memberships.map((membership) => membership.started_at)),
    textArray(memberships.map((membership) => membership.anchor_on)),
    jsonArray(memberships.map((membership) => membership.periods)),
    instantArray(memberships.map((membership) => membership.open_until)),
    numberArray(memberships.map((membership) => membership.prepaid_through)),
    instantArray(memberships.map((membership) => membership.grace_until)),
    jsonArray(memberships.map((membership) => membership.lots_in_grace)),
    instantArray(memberships.map((membership) => membership.ends_at)),
    textArray(memberships.map((membership) => membership.next_config_id)),
    textArray(memberships.map((membership) => membership.subscription_id)),
    jsonArray(memberships.map((membership) => membership.subscription_told)),
    instantArray(memberships.map((membership) => membership.cancelled_at)),
    jsonArray(memberships.map((membership) => membership.freezes)),
    recorded_at,
  ]);
}

const BY_SUBSCRIPTION = {
  name: "",
  text: `
    SELECT c.external_id FROM memberships m JOIN contacts c ON c.location_id = m.location_id AND c.id = m.contact_id
    WHERE m.location_id = ANY ($1::uuid[]) AND m.subscription_id = $2
    ORDER BY m.status = 'ended', m.created_at DESC LIMIT 1`,
};

/** The external id of the contact whose membership a provider's subscription pays, as `provider:id`; null: nobody's. */
export async function findContactOfSubscription(
  tx: Transaction,
  location_id: string,
  subscription_id: string,
): Promise<string | null> {
  const [row] = await tx.query<{ external_id: string }>(BY_SUBSCRIPTION, [uuidArray([location_id]), subscription_id]);
  return row?.external_id ?? null;
}
