import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { cursorId, cursorInstant, cutPage, type Page } from "./page.ts";
import { appointmentShape, nextCursor } from "./shapes.ts";
import { BOOKING_COLUMNS, FROM_BOOKINGS, showBooking, type BookingRow } from "./show-booking.ts";

export const unfundedCursor = z.object({
  list: z.literal("unfunded_bookings"),
  since: cursorInstant,
  id: cursorId,
  contact_id: z.guid(),
});

export const unfundedAnswer = z.object({
  bookings: z.array(
    appointmentShape
      .extend({ external_contact_id: z.string().describe("Whose booking it is.") })
      .describe("A booking."),
  ),
  next_cursor: nextCursor,
});

// Few bookings of a location wait at a time: the index on them is small, and the order needs none.
const SINCE = "(a.unfunded ->> 'since')::bigint";
const UNFUNDED = {
  name: "view_unfunded_bookings",
  text: `
    SELECT ${BOOKING_COLUMNS}, a.contact_id, o.external_id AS external_contact_id
    ${FROM_BOOKINGS} JOIN contacts o ON o.location_id = a.location_id AND o.id = a.contact_id
    WHERE a.location_id = $1 AND a.unfunded IS NOT NULL
      AND (${SINCE}, a.external_id, a.contact_id) < ($2::bigint, $3::text, $4::uuid)
    ORDER BY ${SINCE} DESC, a.external_id DESC, a.contact_id DESC LIMIT $5`,
};

const BEHIND_ALL = { since: Number.MAX_SAFE_INTEGER, id: "", contact_id: "00000000-0000-0000-0000-000000000000" };

/** A page of the location's bookings that could not be charged, the latest first. Rule 30. */
export async function listUnfunded(
  tx: Transaction,
  location_id: string,
  { limit, cursor }: Page<z.output<typeof unfundedCursor>>,
): Promise<z.output<typeof unfundedAnswer>> {
  const { since, id, contact_id } = cursor ?? BEHIND_ALL;
  type Row = BookingRow & { contact_id: string; external_contact_id: string };
  const rows = await tx.query<Row>(UNFUNDED, [location_id, since, id, contact_id, limit + 1]);
  const { items, next_cursor } = cutPage(rows, limit, (row) => ({
    list: "unfunded_bookings",
    since: row.unfunded?.since,
    id: row.external_id,
    contact_id: row.contact_id,
  }));
  const bookings = items.map((row) => ({ ...showBooking(row), external_contact_id: row.external_contact_id }));
  return { bookings, next_cursor };
}
