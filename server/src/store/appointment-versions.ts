import type { Transaction } from "../platform/database.ts";
import { instantArray, textArray, uuidArray } from "../platform/sql.ts";
import type { BookingVersion } from "../rules/bookings/booking-version.ts";

export type VersionRow = BookingVersion & { location_id: string };

// Of two contacts of one booking each must see what was told of the other's.
const LOCK = {
  name: "lock_bookings",
  text: `
    SELECT pg_advisory_xact_lock(n.lock) AS locked FROM (
      SELECT DISTINCT hashtextextended(location_id || ' ' || external_id, 29) AS lock
      FROM unnest($1::text[], $2::text[]) AS k (location_id, external_id)
      ORDER BY lock
    ) n`,
};

type BookingName = { location_id: string; external_id: string };

/** Holds these bookings until the transaction ends, all in one order. */
export function lockBookings(tx: Transaction, bookings: readonly BookingName[]) {
  return tx.query(LOCK, [
    textArray(bookings.map((booking) => booking.location_id)),
    textArray(bookings.map((booking) => booking.external_id)),
  ]);
}

const FIND = {
  name: "find_appointment_versions",
  text: `
    SELECT v.location_id, v.external_id, v.updated_at, v.payload_hash, v.contact_external_id, v.calendar_id, v.status,
      v.starts_at, v.ends_at, v.added_at
    FROM unnest($2::uuid[], $3::text[]) AS k (location_id, external_id)
    JOIN appointment_versions v ON v.location_id = k.location_id AND v.external_id = k.external_id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** Everything that was told of these bookings. */
export function findVersions(tx: Transaction, tenants: readonly string[], bookings: readonly BookingName[]) {
  return tx.query<VersionRow & Record<string, unknown>>(FIND, [
    uuidArray(tenants),
    uuidArray(bookings.map((booking) => booking.location_id)),
    textArray(bookings.map((booking) => booking.external_id)),
  ]);
}

const INSERT = {
  name: "insert_appointment_versions",
  text: `
    INSERT INTO appointment_versions (location_id, external_id, updated_at, payload_hash, contact_external_id, calendar_id,
      status, starts_at, ends_at, added_at, recorded_at)
    SELECT location_id, external_id, updated_at, payload_hash, contact_external_id, calendar_id, status, starts_at, ends_at,
      added_at, $11
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
      $9::timestamptz[], $10::timestamptz[])
      AS k (location_id, external_id, updated_at, payload_hash, contact_external_id, calendar_id, status, starts_at, ends_at,
        added_at)
    ON CONFLICT DO NOTHING`,
};

/** Keeps what was told of bookings; what was told before stays. */
export function insertVersions(tx: Transaction, versions: readonly VersionRow[], recorded_at: string) {
  return tx.query(INSERT, [
    uuidArray(versions.map((version) => version.location_id)),
    textArray(versions.map((version) => version.external_id)),
    instantArray(versions.map((version) => version.updated_at)),
    textArray(versions.map((version) => version.payload_hash)),
    textArray(versions.map((version) => version.contact_external_id)),
    textArray(versions.map((version) => version.calendar_id)),
    textArray(versions.map((version) => version.status)),
    instantArray(versions.map((version) => version.starts_at)),
    instantArray(versions.map((version) => version.ends_at)),
    instantArray(versions.map((version) => version.added_at)),
    recorded_at,
  ]);
}
