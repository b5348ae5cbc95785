import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { AppointmentFlag } from "../rules/bookings/appointment.ts";
import { cursorId, cursorInstant, cutPage, type Page } from "./page.ts";
import { appointmentShape, nextCursor } from "./shapes.ts";
import { BOOKING_COLUMNS, FROM_BOOKINGS, showBooking, type BookingRow } from "./show-booking.ts";

export const flaggedCursor = z.object({
  list: z.literal("flagged_bookings"),
  at: cursorInstant,
  id: cursorId,
  contact_id: z.guid(),
});

export const flaggedAnswer = z.object({
  bookings: z.array(
    appointmentShape
      .extend({ external_contact_id: z.string().describe("Whose booking it is.") })
      .describe("A booking."),
  ),
  next_cursor: nextCursor,
});

const FLAGGED = {
  name: "view_flagged_bookings",
  text: `
    SELECT ${BOOKING_COLUMNS}, a.contact_id, o.external_id AS external_contact_id
    ${FROM_BOOKINGS} JOIN contacts o ON o.location_id = a.location_id AND o.id = a.contact_id
    WHERE a.location_id = $1 AND a.flags <> '{}' AND ($2::text IS NULL OR $2 = ANY (a.flags))
      AND (a.booked_at, a.external_id, a.contact_id) < ($3::timestamptz, $4::text, $5::uuid)
    ORDER BY a.booked_at DESC, a.external_id DESC, a.contact_id DESC LIMIT $6`,
};

const BEHIND_ALL = { at: Date.UTC(2200, 0, 1), id: "", contact_id: "00000000-0000-0000-0000-000000000000" };

/** A page of the location's bookings with a flag that staff should see, or with this one; the latest made first. */
export async function listFlagged(
  tx: Transaction,
  location_id: string,
  flag: AppointmentFlag | null,
  { limit, cursor }: Page<z.output<typeof flaggedCursor>>,
): Promise<z.output<typeof flaggedAnswer>> {
  const { at, id, contact_id } = cursor ?? BEHIND_ALL;
  type Row = BookingRow & { contact_id: string; external_contact_id: string };
  const rows = await tx.query<Row>(FLAGGED, [location_id, flag, instant(at), id, contact_id, limit + 1]);
  const { items, next_cursor } = cutPage(rows, limit, (row) => ({
    list: "flagged_bookings",
    at: row.booked_at,
    id: row.external_id,
    contact_id: row.contact_id,
  }));
  const bookings = items.map((row) => ({ ...showBooking(row), external_contact_id: row.external_contact_id }));
  return { bookings, next_cursor };
}
