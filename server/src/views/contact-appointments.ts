import { z } from "zod";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { ContactRead, ContactView } from "./contact-read.ts";
import { BEHIND_ALL_TIME, cursorId, cursorInstant, cutPage } from "./page.ts";
import { appointmentShape, nextCursor, type AppointmentShape } from "./shapes.ts";
import { BOOKING_COLUMNS, FROM_BOOKINGS, showBooking, type BookingRow } from "./show-booking.ts";

// Where a booking stands in time: when it takes place, else when it was made. The index orders by the same expression;
// COALESCE may not be searched for under row-level security.
const AT = "CASE WHEN a.starts_at IS NULL THEN a.booked_at ELSE a.starts_at END";
const BEFORE = `a.location_id = $1 AND a.contact_id = $2 AND (${AT}, a.external_id) < ($3, $4)`;
const NEWEST_FIRST = `ORDER BY ${AT} DESC, a.external_id DESC LIMIT $5`;

const ALL = {
  name: "view_appointments",
  text: `SELECT ${BOOKING_COLUMNS} ${FROM_BOOKINGS} WHERE ${BEFORE} ${NEWEST_FIRST}`,
};
const UPCOMING = {
  name: "view_appointments_upcoming",
  text: `
    SELECT ${BOOKING_COLUMNS} ${FROM_BOOKINGS}
    WHERE ${BEFORE} AND ${AT} >= $6 AND a.starts_at IS NOT NULL ${NEWEST_FIRST}`,
};
const PAST = {
  name: "view_appointments_past",
  text: `
    SELECT ${BOOKING_COLUMNS} ${FROM_BOOKINGS}
    WHERE ${BEFORE} AND (a.starts_at < $6 OR a.starts_at IS NULL) ${NEWEST_FIRST}`,
};

const positionIn = <L extends string>(list: L) => z.object({ list: z.literal(list), at: cursorInstant, id: cursorId });
const answer = z.object({ appointments: z.array(appointmentShape), next_cursor: nextCursor });

function listOf<L extends "upcoming" | "past">(list: L, statement: typeof ALL, summary: string) {
  const cursor = positionIn(list);
  const read: ContactRead<typeof answer, z.output<typeof cursor>> = {
    name: `contact_appointments_${list}`,
    reason_code: "appointments_loaded",
    summary,
    answer,
    cursor,
    async read(view, { limit, cursor: after }) {
      // What is past begins at now: whatever is to come is not even looked at.
      const before = after ?? (list === "past" ? { at: view.now + 1 } : null);
      const found = await findIn(statement, view, before, limit + 1, [instant(view.now)]);
      const { items, next_cursor } = cutPage(found, limit, ({ at, shown: { id } }) => ({ list, at, id }));
      return { appointments: items.map(({ shown }) => shown), next_cursor };
    },
  };
  return read;
}

export const contactAppointmentsUpcoming = listOf(
  "upcoming",
  UPCOMING,
  "Bookings that take place from now on, the farthest first.",
);
export const contactAppointmentsPast = listOf(
  "past",
  PAST,
  "Bookings that have begun, and those whose time nobody said; newest first.",
);

type Found = { at: Instant; shown: AppointmentShape }[];

/** Bookings before a position, newest first. Without an id: before the instant itself. */
export function findAppointments(
  view: ContactView,
  before: { at: Instant; id?: string } | null,
  count: number,
): Promise<Found> {
  return findIn(ALL, view, before, count, []);
}

async function findIn(
  statement: typeof ALL,
  { tx, location_id, contact }: ContactView,
  before: { at: Instant; id?: string } | null,
  count: number,
  rest: readonly string[],
): Promise<Found> {
  const rows = await tx.query<BookingRow>(statement, [
    location_id,
    contact.id,
    before ? instant(before.at) : BEHIND_ALL_TIME,
    before?.id ?? "",
    count,
    ...rest,
  ]);
  return rows.map((row) => ({ at: row.starts_at ?? row.booked_at, shown: showBooking(row) }));
}
