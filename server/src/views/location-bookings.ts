import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { isFound } from "./contact-keys.ts";
import { cursorId, cursorInstant, cutPage, type Page } from "./page.ts";
import { appointmentShape, nextCursor } from "./shapes.ts";
import { BOOKING_COLUMNS, FROM_BOOKINGS, showBooking, type BookingRow } from "./show-booking.ts";

/** How a booking stands with its credits. */
export const STANDINGS = ["held", "used", "no_show", "late_cancel", "unfunded", "released"] as const;
export type Standing = (typeof STANDINGS)[number];

export const BOOKING_FILTERS = ["funded", "unfunded", "no_show", "late_cancel", "flagged"] as const;

export const listedBookingShape = appointmentShape
  .extend({
    external_contact_id: z.string().describe("Whose booking it is."),
    contact_name: z.string().nullable(),
    standing: z
      .enum(STANDINGS)
      .describe(
        "held: its credits wait for the visit. used: it took them. no_show, late_cancel: it kept them. unfunded: it could not be charged. released: it costs nothing.",
      ),
    products: z.array(z.string()).describe("Names of the products whose credits it was charged to."),
    window_hours: z.int().describe("How long before its start it must be cancelled to cost nothing (rule 28)."),
    hours_before_start: z
      .number()
      .nullable()
      .describe("How long before its start it was cancelled; of a late one less than the window was."),
  })
  .describe("A booking with how it stands.");

export type ListedBooking = z.output<typeof listedBookingShape>;

export const BOOKING_LISTS = ["upcoming", "past", "all"] as const;

export const bookingsCursor = z.object({
  list: z.enum(BOOKING_LISTS),
  at: cursorInstant,
  id: cursorId,
  contact_id: z.guid(),
});
export const bookingsAnswer = z.object({ bookings: z.array(listedBookingShape), next_cursor: nextCursor });

export interface BookingQuestion {
  list: (typeof BOOKING_LISTS)[number];
  only?: (typeof BOOKING_FILTERS)[number] | undefined;
  calendar_id?: string | undefined;
  /** The beginning of what a contact is called by, or the booking's own id. */
  search?: string | null | undefined;
  /** From and until before then; omitted: as the list has it, from now on or until now. */
  from?: Instant | undefined;
  to?: Instant | undefined;
  now: Instant;
}

export type ListedBookingRow = BookingRow & {
  contact_id: string;
  external_contact_id: string;
  contact_name: string | null;
  products: string[] | null;
  window_hours: number;
};

/** What a listed booking reads, of `LISTED_BOOKINGS`. */
export const LISTED_BOOKING_COLUMNS = `${BOOKING_COLUMNS}, a.contact_id, o.external_id AS external_contact_id,
  o.name AS contact_name, w.products, COALESCE(w.window_hours, z.cancellation_window_hours) AS window_hours`;

/** The bookings `a` with their contacts `o`, and what they drew on `w`: the shortest window of those products holds. */
export const LISTED_BOOKINGS = `${FROM_BOOKINGS}
  JOIN contacts o ON o.location_id = a.location_id AND o.id = a.contact_id
  JOIN locations z ON z.location_id = a.location_id
  CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT p.name) AS products,
      min(COALESCE((p.terms ->> 'cancellation_window_hours')::integer, z.cancellation_window_hours)) AS window_hours
    FROM ledger_entries l
    JOIN entitlements e ON e.location_id = l.location_id AND e.id = l.entitlement_id
    JOIN product_configs p ON p.location_id = e.location_id AND p.id = e.product_config_id
    WHERE l.location_id = a.location_id AND l.contact_id = a.contact_id AND l.external_ref = a.external_id
      AND l.type IN ('hold', 'deduct', 'usage')
  ) w`;

// Where a booking stands in time: when it takes place, else when it was made; as the index has it.
const AT = "(CASE WHEN a.starts_at IS NULL THEN a.booked_at ELSE a.starts_at END)";

const ONLY: Record<(typeof BOOKING_FILTERS)[number], string> = {
  funded: "(c.credits_held > 0 OR c.credits_used > 0)",
  unfunded: "a.unfunded IS NOT NULL",
  no_show: "a.status = 'noshow' AND a.status IN ('noshow', 'cancelled') AND c.credits_used > 0",
  late_cancel: "a.status = 'cancelled' AND a.status IN ('noshow', 'cancelled') AND c.credits_used > 0",
  flagged: "a.flags <> '{}'",
};

/** A page of the location's bookings: those to come, the next first; or those that have begun, or all, the latest first. */
export async function listBookings(
  tx: Transaction,
  location_id: string,
  { list, only, calendar_id, search, from, to, now }: BookingQuestion,
  { limit, cursor }: Page<z.output<typeof bookingsCursor>>,
): Promise<z.output<typeof bookingsAnswer>> {
  const is_upcoming = list === "upcoming";
  const values: unknown[] = [location_id];
  const given = (value: unknown) => `$${values.push(value)}`;
  // One that is another contact's now stands with that one.
  const conditions = ["a.status <> 'deleted'"];
  const least = from ?? (is_upcoming ? now : undefined);
  const most = to ?? (list === "past" ? now : undefined);
  if (least !== undefined) conditions.push(`${AT} >= ${given(instant(least))}::timestamptz`);
  if (most !== undefined) conditions.push(`${AT} < ${given(instant(most))}::timestamptz`);
  if (only !== undefined) conditions.push(ONLY[only]);
  if (calendar_id !== undefined) conditions.push(`a.calendar_id = ${given(calendar_id)}`);
  if (search !== undefined && search !== null) {
    const named = given(search);
    conditions.push(`(${isFound("a.contact_id", named)} OR a.external_id = ${named})`);
  }
  if (cursor) {
    const position = `(${given(instant(cursor.at))}::timestamptz, ${given(cursor.id)}::text, ${given(cursor.contact_id)}::uuid)`;
    conditions.push(`(${AT}, a.external_id, a.contact_id) ${is_upcoming ? ">" : "<"} ${position}`);
  }
  const order = is_upcoming ? "ASC" : "DESC";
  const text = `
    SELECT ${LISTED_BOOKING_COLUMNS} ${LISTED_BOOKINGS}
    WHERE a.location_id = $1 ${conditions.map((one) => `AND ${one}`).join(" ")}
    ORDER BY ${AT} ${order}, a.external_id ${order}, a.contact_id ${order} LIMIT ${given(limit + 1)}`;
  const rows = await tx.query<ListedBookingRow>({ name: "", text }, values);
  const { items, next_cursor } = cutPage(rows, limit, (row) => ({
    list,
    at: row.starts_at ?? row.booked_at,
    id: row.external_id,
    contact_id: row.contact_id,
  }));
  return { bookings: items.map(showListedBooking), next_cursor };
}

export function showListedBooking(row: ListedBookingRow): ListedBooking {
  const { external_contact_id, contact_name, starts_at, cancelled_at, products, window_hours } = row;
  const notice = starts_at === null || cancelled_at === null ? null : (starts_at - cancelled_at) / 3_600_000;
  return {
    ...showBooking(row),
    external_contact_id,
    contact_name,
    standing: standingOf(row),
    products: products ?? [],
    window_hours,
    hours_before_start: notice === null ? null : Math.round(notice * 10) / 10,
  };
}

function standingOf({ unfunded, credits_held, credits_used, status }: BookingRow): Standing {
  if (unfunded) return "unfunded";
  if (credits_held > 0) return "held";
  if (credits_used <= 0) return "released";
  if (status === "noshow") return "no_show";
  return status === "cancelled" ? "late_cancel" : "used";
}
