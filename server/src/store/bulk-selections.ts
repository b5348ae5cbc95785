import type { Transaction } from "../platform/database.ts";
import { instant, textArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { NewItem } from "./bulk-jobs.ts";

/** Which memberships are meant: those named, else the active ones, of a product where one is named. */
export interface MembershipSelection {
  membership_ids: readonly string[] | null;
  product_config_id: string | null;
}

const MEMBERSHIPS = {
  name: "",
  text: `
    SELECT c.external_id AS contact_external_id, m.id::text AS subject_id
    FROM memberships m JOIN contacts c ON c.location_id = m.location_id AND c.id = m.contact_id
    WHERE m.location_id = $1 AND m.status <> 'ended' AND ($2::uuid[] IS NOT NULL OR m.status = 'active')
      AND ($2::uuid[] IS NULL OR m.id = ANY ($2::uuid[])) AND ($3::text IS NULL OR m.product_config_id = $3)
    ORDER BY c.external_id, m.id LIMIT $4`,
};

export function selectMemberships(
  tx: Transaction,
  location_id: string,
  { membership_ids, product_config_id }: MembershipSelection,
  at_most: number,
) {
  const ids = membership_ids === null ? null : textArray(membership_ids);
  return tx.query<NewItem>(MEMBERSHIPS, [location_id, ids, product_config_id, at_most]);
}

/** Which entitlements are meant: of these contacts, of a product, or all; those that expire, and where it is said, before then. */
export interface EntitlementSelection {
  contacts: readonly string[] | null;
  product_config_id: string | null;
  expires_before: Instant | null;
  now: Instant;
}

/** Entitlements of one member that are named at most. */
const MAX_OF_ONE = 100;

const ENTITLEMENTS = {
  name: "",
  text: `
    SELECT c.external_id AS contact_external_id,
      array_to_string((array_agg(e.id ORDER BY e.expires_at, e.id))[1:${MAX_OF_ONE}], ' ') AS subject_id
    FROM entitlements e JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
    WHERE e.location_id = $1 AND e.live AND e.state <> 'revoked' AND e.expires_at > $5
      AND (e.unlimited OR e.available + e.held > 0)
      AND ($2::text[] IS NULL OR c.external_id = ANY ($2::text[])) AND ($3::text IS NULL OR e.product_config_id = $3)
      AND ($4::timestamptz IS NULL OR e.expires_at < $4)
    GROUP BY c.external_id ORDER BY c.external_id LIMIT $6`,
};

export function selectEntitlements(
  tx: Transaction,
  location_id: string,
  { contacts, product_config_id, expires_before, now }: EntitlementSelection,
  at_most: number,
) {
  return tx.query<NewItem>(ENTITLEMENTS, [
    location_id,
    contacts === null ? null : textArray(contacts),
    product_config_id,
    expires_before === null ? null : instant(expires_before),
    instant(now),
    at_most,
  ]);
}

/** Which unfunded bookings are meant: those named, those of a contact, or all. */
export interface BookingSelection {
  contact: string | null;
  booking_ids: readonly string[] | null;
}

const BOOKINGS = {
  name: "",
  text: `
    SELECT c.external_id AS contact_external_id, NULL AS subject_id
    FROM appointments a JOIN contacts c ON c.location_id = a.location_id AND c.id = a.contact_id
    WHERE a.location_id = $1 AND a.unfunded IS NOT NULL
      AND ($2::text IS NULL OR c.external_id = $2) AND ($3::text[] IS NULL OR a.external_id = ANY ($3::text[]))
    GROUP BY c.external_id ORDER BY c.external_id LIMIT $4`,
};

/** The members who have any. */
export function selectUnfunded(
  tx: Transaction,
  location_id: string,
  { contact, booking_ids }: BookingSelection,
  at_most: number,
) {
  const ids = booking_ids === null ? null : textArray(booking_ids);
  return tx.query<NewItem>(BOOKINGS, [location_id, contact, ids, at_most]);
}

/** Which payments are meant: those with items of this product, or of one price of it, that nobody could match. */
export interface UnmatchedSelection {
  provider: string;
  product_id: string;
  price_id: string | null;
}

const UNMATCHED = {
  name: "",
  text: `
    SELECT c.external_id AS contact_external_id, p.id || ' ' || string_agg(i ->> 'item', ' ') AS subject_id
    FROM payment_events p
    JOIN contacts c ON c.location_id = p.location_id AND c.id = p.contact_id
    CROSS JOIN LATERAL jsonb_array_elements(p.items) i
    WHERE p.location_id = $1 AND p.attention <> '{}' AND p.attention @> '{unmatched}' AND p.provider = $2
      AND i ->> 'status' = 'unmatched' AND i ->> 'product_id' = $3 AND ($4::text IS NULL OR i ->> 'price_id' = $4)
    GROUP BY c.external_id, p.id, p.paid_at ORDER BY p.paid_at, p.id LIMIT $5`,
};

/** In the order in which they were paid. */
export function selectUnmatched(
  tx: Transaction,
  location_id: string,
  { provider, product_id, price_id }: UnmatchedSelection,
  at_most: number,
) {
  return tx.query<NewItem>(UNMATCHED, [location_id, provider, product_id, price_id, at_most]);
}
