import { createHash } from "node:crypto";
import { z } from "zod";
import type { BookingStatus, BookingVersion } from "../../rules/bookings/booking-version.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { flag, id, instant, text } from "./tolerant.ts";

const appointmentShape = z.object({
  id,
  _id: id,
  contactId: id,
  calendarId: id,
  appointmentStatus: text,
  appoinmentStatus: text,
  status: text,
  startTime: instant,
  endTime: instant,
  dateAdded: instant,
  dateUpdated: instant,
  deleted: flag,
});

/** GoHighLevel's words, without their `_`, `-` and capitals. */
const statuses = new Map<string, BookingStatus>([
  ["new", "confirmed"],
  ["confirmed", "confirmed"],
  ["active", "confirmed"],
  ["booked", "confirmed"],
  ["showed", "showed"],
  ["completed", "showed"],
  ["noshow", "noshow"],
  ["cancelled", "cancelled"],
  ["canceled", "cancelled"],
  ["invalid", "invalid"],
  ["deleted", "deleted"],
]);

/** `no_member`: a blocked slot or the like, nobody's credits are concerned. */
export type ReadAppointment = { booking: BookingVersion } | { no_member: string } | { unreadable: string };

/**
 * An appointment of a webhook or of the API. `told_at` is the delivery's own time, the update time where the appointment
 * says none; `seen_at`, when it reached us, is the last resort.
 */
export function readAppointment(
  value: unknown,
  { told_at, seen_at }: { told_at: Instant | null; seen_at: Instant },
): ReadAppointment {
  const read = appointmentShape.safeParse(value);
  if (!read.success) return { unreadable: "appointment: not an object" };
  const told = read.data;
  const external_id = told.id ?? told._id;
  if (!external_id) return { unreadable: "appointment.id: missing" };
  if (!told.contactId) return { no_member: "an appointment without a contact" };
  if (!told.calendarId) return { unreadable: "appointment.calendarId: missing" };
  if (told.startTime === null) return { unreadable: "appointment.startTime: not a time" };
  const word = told.appointmentStatus ?? told.appoinmentStatus ?? told.status ?? "";
  const status = told.deleted ? "deleted" : statuses.get(word.toLowerCase().replaceAll(/[_\s-]/g, ""));
  if (!status) return { unreadable: `appointment.appointmentStatus: "${word}" is unknown` };
  const updated_at = told.dateUpdated ?? told_at ?? told.dateAdded ?? seen_at;
  const states = {
    external_id,
    contact_external_id: told.contactId,
    calendar_id: told.calendarId,
    status,
    starts_at: told.startTime,
    ends_at: told.endTime !== null && told.endTime >= told.startTime ? told.endTime : null,
  };
  return {
    booking: {
      ...states,
      added_at: Math.min(told.dateAdded ?? updated_at, updated_at),
      updated_at,
      payload_hash: createHash("sha256").update(JSON.stringify(states)).digest("hex"),
    },
  };
}
