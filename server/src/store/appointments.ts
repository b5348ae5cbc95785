import type { Transaction } from "../platform/database.ts";
import { instantArray, jsonArray, numberArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Appointment } from "../rules/bookings/appointment.ts";

export type AppointmentRow = Appointment & { location_id: string; contact_id: string };

/** A contact and a reference that one of its bookings has. */
export interface BookingKey {
  location_id: string;
  contact_external_id: string;
  external_ref: string | null;
}

const COLUMNS = `a.location_id, a.contact_id, a.external_id, a.calendar_id, a.status, a.starts_at, a.ends_at, a.booked_at,
  a.source, a.updated_at, a.generation, a.cancelled_at, a.cancelled_by, a.unfunded, a.flags, a.settles_at, a.followed`;

const FIND = {
  name: "find_appointments",
  text: `
    SELECT ${COLUMNS}
    FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k (location_id, contact_external_id, external_id)
    JOIN contacts c ON c.location_id = k.location_id AND c.external_id = k.contact_external_id
    JOIN appointments a ON a.location_id = c.location_id AND a.contact_id = c.id AND a.external_id = k.external_id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** A contact's bookings by their references. */
export function findAppointments(tx: Transaction, tenants: readonly string[], keys: readonly BookingKey[]) {
  return tx.query<AppointmentRow & Record<string, unknown>>(FIND, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.contact_external_id)),
    textArray(keys.map((key) => key.external_ref)),
  ]);
}

const OF_CONTACTS = {
  name: "find_appointments_of_contacts",
  text: `
    SELECT ${COLUMNS}
    FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS k (location_id, contact_id, external_id)
    JOIN appointments a ON a.location_id = k.location_id AND a.contact_id = k.contact_id AND a.external_id = k.external_id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** Bookings by the contact's own id. */
export function findAppointmentsOf(
  tx: Transaction,
  tenants: readonly string[],
  keys: readonly { location_id: string; contact_id: string; external_ref: string | null }[],
) {
  return tx.query<AppointmentRow & Record<string, unknown>>(OF_CONTACTS, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    uuidArray(keys.map((key) => key.contact_id)),
    textArray(keys.map((key) => key.external_ref)),
  ]);
}

const STANDING = {
  name: "find_standing_appointments",
  text: `
    SELECT ${COLUMNS}
    FROM unnest($2::uuid[], $3::uuid[], $4::date[]) AS k (location_id, contact_id, since)
    JOIN appointments a ON a.location_id = k.location_id AND a.contact_id = k.contact_id
      AND (a.settles_at IS NOT NULL OR a.unfunded IS NOT NULL OR a.starts_at >= k.since)
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** Bookings of these contacts since a date, and those before it that still wait for something. */
export function findStanding(
  tx: Transaction,
  tenants: readonly string[],
  keys: readonly { location_id: string; contact_id: string; since: string }[],
) {
  return tx.query<AppointmentRow & Record<string, unknown>>(STANDING, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    uuidArray(keys.map((key) => key.contact_id)),
    textArray(keys.map((key) => key.since)),
  ]);
}

const CONTACTS_OF_BOOKING = {
  name: "",
  text: `
    SELECT DISTINCT contact_external_id FROM appointment_versions
    WHERE location_id = ANY ($1::uuid[]) AND external_id = $2 LIMIT 100`,
};

/** Everybody whom a booking was ever told to be of. */
export async function findContactsOfBooking(
  tx: Transaction,
  location_id: string,
  external_id: string,
): Promise<string[]> {
  const rows = await tx.query<{ contact_external_id: string }>(CONTACTS_OF_BOOKING, [
    uuidArray([location_id]),
    external_id,
  ]);
  return rows.map(({ contact_external_id }) => contact_external_id);
}

const UNFUNDED = {
  name: "find_unfunded_appointments",
  text: `
    SELECT ${COLUMNS}
    FROM unnest($2::uuid[], $3::uuid[]) AS k (location_id, contact_id)
    JOIN appointments a ON a.location_id = k.location_id AND a.contact_id = k.contact_id AND a.unfunded IS NOT NULL
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** Bookings of these contacts that could not be charged. Rule 30. */
export function findUnfunded(
  tx: Transaction,
  tenants: readonly string[],
  contacts: readonly { location_id: string; contact_id: string }[],
) {
  return tx.query<AppointmentRow & Record<string, unknown>>(UNFUNDED, [
    uuidArray(tenants),
    uuidArray(contacts.map((contact) => contact.location_id)),
    uuidArray(contacts.map((contact) => contact.contact_id)),
  ]);
}

const PUT = {
  name: "put_appointments",
  text: `
    INSERT INTO appointments (location_id, external_id, contact_id, calendar_id, status, starts_at, ends_at, booked_at, source,
      updated_at, generation, cancelled_at, cancelled_by, unfunded, flags, settles_at, followed)
    SELECT location_id, external_id, contact_id, calendar_id, status, starts_at, ends_at, booked_at, source, updated_at,
      generation, cancelled_at, cancelled_by, unfunded::jsonb, flags::text[], settles_at, followed::jsonb
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
      $8::timestamptz[], $9::text[], $10::timestamptz[], $11::integer[], $12::timestamptz[], $13::text[], $14::text[],
      $15::text[], $16::timestamptz[], $17::text[])
      AS k (location_id, external_id, contact_id, calendar_id, status, starts_at, ends_at, booked_at, source, updated_at,
        generation, cancelled_at, cancelled_by, unfunded, flags, settles_at, followed)
    ON CONFLICT (location_id, contact_id, external_id) DO UPDATE SET calendar_id = excluded.calendar_id,
      status = excluded.status, starts_at = excluded.starts_at, ends_at = excluded.ends_at, booked_at = excluded.booked_at,
      source = excluded.source, updated_at = excluded.updated_at, generation = excluded.generation,
      cancelled_at = excluded.cancelled_at, cancelled_by = excluded.cancelled_by, unfunded = excluded.unfunded,
      flags = excluded.flags, settles_at = excluded.settles_at,
      followed = excluded.followed`,
};

/** One row per member and booking reference, as it is known now. */
export function putAppointments(tx: Transaction, appointments: readonly AppointmentRow[]) {
  return tx.query(PUT, [
    uuidArray(appointments.map((appointment) => appointment.location_id)),
    textArray(appointments.map((appointment) => appointment.external_id)),
    uuidArray(appointments.map((appointment) => appointment.contact_id)),
    textArray(appointments.map((appointment) => appointment.calendar_id)),
    textArray(appointments.map((appointment) => appointment.status)),
    instantArray(appointments.map((appointment) => appointment.starts_at)),
    instantArray(appointments.map((appointment) => appointment.ends_at)),
    instantArray(appointments.map((appointment) => appointment.booked_at)),
    textArray(appointments.map((appointment) => appointment.source)),
    instantArray(appointments.map((appointment) => appointment.updated_at)),
    numberArray(appointments.map((appointment) => appointment.generation)),
    instantArray(appointments.map((appointment) => appointment.cancelled_at)),
    textArray(appointments.map((appointment) => appointment.cancelled_by)),
    jsonArray(appointments.map((appointment) => appointment.unfunded)),
    textArray(appointments.map((appointment) => textArray(appointment.flags))),
    instantArray(appointments.map((appointment) => appointment.settles_at)),
    jsonArray(appointments.map((appointment) => appointment.followed)),
  ]);
}
