import { instant } from "../platform/sql.ts";
import type { Appointment } from "../rules/bookings/appointment.ts";
import type { AppointmentShape } from "./shapes.ts";

/** A booking's row with what of its credits is held and what was taken for good, from the entries that name it. */
export type BookingRow = Pick<
  Appointment,
  | "external_id"
  | "calendar_id"
  | "status"
  | "starts_at"
  | "ends_at"
  | "booked_at"
  | "cancelled_at"
  | "cancelled_by"
  | "unfunded"
  | "flags"
> & { credits_held: number; credits_used: number } & Record<string, unknown>;

export const BOOKING_COLUMNS = `a.external_id, a.calendar_id, a.status, a.starts_at, a.ends_at, a.booked_at, a.cancelled_at,
  a.cancelled_by, a.unfunded, a.flags, c.credits_held, c.credits_used`;

/** The bookings `a`, each with its charge `c`. */
export const FROM_BOOKINGS = `
  FROM appointments a CROSS JOIN LATERAL (
    SELECT
      COALESCE(sum(CASE
        WHEN l.type IN ('hold', 'unsettle_used', 'unsettle_no_show', 'unsettle_late_cancel') THEN l.amount
        WHEN l.type IN ('release', 'settle_used', 'settle_no_show', 'settle_late_cancel') THEN -l.amount
      END), 0)::integer AS credits_held,
      COALESCE(sum(CASE
        WHEN l.type IN ('deduct', 'usage', 'settle_used', 'settle_no_show', 'settle_late_cancel') THEN l.amount
        WHEN l.type IN ('restore', 'usage_restore', 'unsettle_used', 'unsettle_no_show', 'unsettle_late_cancel') THEN -l.amount
      END), 0)::integer AS credits_used
    FROM ledger_entries l
    WHERE l.location_id = a.location_id AND l.contact_id = a.contact_id AND l.external_ref = a.external_id
  ) c`;

export function showBooking(row: BookingRow): AppointmentShape {
  const { external_id, calendar_id, status, starts_at, ends_at, booked_at, cancelled_at, unfunded } = row;
  return {
    id: external_id,
    calendar_id,
    status,
    starts_at: starts_at === null ? null : instant(starts_at),
    ends_at: ends_at === null ? null : instant(ends_at),
    booked_at: instant(booked_at),
    cancelled_at: cancelled_at === null ? null : instant(cancelled_at),
    cancelled_by: row.cancelled_by,
    credits_held: row.credits_held,
    credits_used: row.credits_used,
    unfunded: unfunded && { ...unfunded, since: instant(unfunded.since) },
    flags: [...row.flags],
  };
}
