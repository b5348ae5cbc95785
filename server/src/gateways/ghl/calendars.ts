import { z } from "zod";
import type { BookingVersion } from "../../rules/bookings/booking-version.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { CALENDARS_VERSION, pathTo, type GhlClient } from "./client.ts";
import { GhlError, orNull } from "./ghl-error.ts";
import { readAppointment } from "./read-appointment.ts";
import { readItems } from "./read-list.ts";
import { flag, id, readRecord, text } from "./tolerant.ts";

export interface GhlCalendar {
  calendar_id: string;
  name: string | null;
  is_active: boolean;
}

const calendarShape = z
  .object({ id, name: text, isActive: flag })
  .transform((told): GhlCalendar | null =>
    told.id ? { calendar_id: told.id, name: told.name, is_active: told.isActive !== false } : null,
  );

/** All calendars of the location; the answer has no pages. Throws `GhlError`. */
export async function listCalendars(ghl: GhlClient, location_id: string): Promise<GhlCalendar[]> {
  const call = { method: "GET", path: "/calendars/", version: CALENDARS_VERSION } as const;
  const { calendars } = readRecord(await ghl.call({ ...call, query: { locationId: location_id } }));
  if (!Array.isArray(calendars)) throw new GhlError("unreadable", "an answer without calendars");
  return readItems(calendarShape, calendars);
}

/** The appointment as it is now, `deleted` where it says so; null where there is none. Throws `GhlError`. */
export async function findAppointment(
  ghl: GhlClient,
  appointment_id: string,
  seen_at: Instant,
): Promise<BookingVersion | null> {
  const path = pathTo("/calendars/events/appointments/{}", appointment_id);
  const answer = await orNull(ghl.call({ method: "GET", path, version: CALENDARS_VERSION }));
  if (answer === null) return null;
  const { event, appointment } = readRecord(answer);
  const read = readAppointment(event ?? appointment, { told_at: null, seen_at });
  if ("booking" in read) return read.booking;
  throw new GhlError("unreadable", "no_member" in read ? read.no_member : read.unreadable);
}

/** The members' appointments of a calendar that touch `[from, to)`. What cannot be read is left out. Throws `GhlError`. */
export async function listAppointments(
  ghl: GhlClient,
  { location_id, calendar_id, from, to }: { location_id: string; calendar_id: string; from: Instant; to: Instant },
  seen_at: Instant,
): Promise<BookingVersion[]> {
  const query = { locationId: location_id, calendarId: calendar_id, startTime: from, endTime: to };
  const call = { method: "GET", path: "/calendars/events", version: CALENDARS_VERSION } as const;
  const { events } = readRecord(await ghl.call({ ...call, query }));
  if (!Array.isArray(events)) throw new GhlError("unreadable", "an answer without events");
  return events.flatMap((event: unknown) => {
    const read = readAppointment(event, { told_at: null, seen_at });
    return "booking" in read ? [read.booking] : [];
  });
}
