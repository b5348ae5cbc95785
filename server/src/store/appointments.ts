import type { Transaction } from "../platform/database.ts";
import { instantArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Appointment } from "../rules/bookings/appointment.ts";
import type { ChargeKey } from "./ledger-entries.ts";

export type AppointmentRow = Appointment & { location_id: string; contact_id: string };

const FIND = {
  name: "find_appointments",
  text: `
    SELECT a.location_id, a.contact_id, a.external_id, a.calendar_id, a.status, a.starts_at, a.booked_at
    FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k (location_id, contact_external_id, external_id)
    JOIN contacts c ON c.location_id = k.location_id AND c.external_id = k.contact_external_id
    JOIN appointments a ON a.location_id = c.location_id AND a.contact_id = c.id AND a.external_id = k.external_id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** A contact's bookings by their references. */
export function findAppointments(tx: Transaction, tenants: readonly string[], keys: readonly ChargeKey[]) {
  return tx.query<AppointmentRow & Record<string, unknown>>(FIND, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.contact_external_id)),
    textArray(keys.map((key) => key.external_ref)),
  ]);
}

const PUT = {
  name: "put_appointments",
  text: `
    INSERT INTO appointments (location_id, external_id, contact_id, calendar_id, status, starts_at, booked_at)
    SELECT location_id, external_id, contact_id, calendar_id, status, starts_at, booked_at
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
      AS k (location_id, external_id, contact_id, calendar_id, status, starts_at, booked_at)
    ON CONFLICT (location_id, contact_id, external_id) DO UPDATE SET
      calendar_id = COALESCE(excluded.calendar_id, appointments.calendar_id), status = excluded.status,
      starts_at = COALESCE(excluded.starts_at, appointments.starts_at), booked_at = excluded.booked_at`,
};

/** One row per member and booking reference: the latest word counts. */
export function putAppointments(tx: Transaction, appointments: readonly AppointmentRow[]) {
  return tx.query(PUT, [
    uuidArray(appointments.map((appointment) => appointment.location_id)),
    textArray(appointments.map((appointment) => appointment.external_id)),
    uuidArray(appointments.map((appointment) => appointment.contact_id)),
    textArray(appointments.map((appointment) => appointment.calendar_id)),
    textArray(appointments.map((appointment) => appointment.status)),
    instantArray(appointments.map((appointment) => appointment.starts_at)),
    instantArray(appointments.map((appointment) => appointment.booked_at)),
  ]);
}
