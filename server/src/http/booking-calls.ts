import { z } from "zod";
import { locationField } from "../operations/fields.ts";
import { APPOINTMENT_FLAGS } from "../rules/bookings/appointment.ts";
import { flaggedAnswer, flaggedCursor, listFlagged } from "../views/flagged-bookings.ts";
import { readLocation } from "../views/location-read.ts";
import { decodeCursor, DEFAULT_LIMIT, MAX_LIMIT } from "../views/page.ts";
import { listUnfunded, unfundedAnswer, unfundedCursor } from "../views/unfunded-bookings.ts";
import type { LocationCall } from "./location-call.ts";

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe("Items on the page."),
  cursor: z
    .string()
    .refine((given) => decodeCursor(unfundedCursor, given) !== null, "is not a next_cursor of this list")
    .optional()
    .describe("next_cursor of the page before; omitted: the beginning."),
  ...locationField,
});

const booking = {
  id: "booking-77",
  external_contact_id: "maya",
  calendar_id: "cal_yoga",
  status: "confirmed",
  starts_at: "2026-11-24T23:00:00.000Z",
  ends_at: "2026-11-25T00:00:00.000Z",
  booked_at: "2026-11-21T14:05:00.000Z",
  cancelled_at: null,
  cancelled_by: null,
  credits_held: 0,
  credits_used: 0,
  unfunded: {
    reason: "INSUFFICIENT_CREDITS",
    detail: null,
    awaits_period: false,
    since: "2026-11-21T14:05:00.000Z",
  },
  flags: [],
};

const unfunded: LocationCall<typeof listQuery> = {
  method: "get",
  path: "/api/v2/bookings/unfunded",
  name: "unfunded_bookings",
  title: "List unfunded bookings",
  about: "Bookings that could not be charged, the latest first: settle them when credits have come.",
  input: listQuery,
  reason_code: "bookings_loaded",
  answer: unfundedAnswer,
  example: { answer: { bookings: [booking], next_cursor: null } },
  run: ({ db }, caller, { limit, cursor }) =>
    readLocation(db, caller, (tx) =>
      listUnfunded(tx, caller.location_id, {
        limit,
        cursor: cursor === undefined ? null : decodeCursor(unfundedCursor, cursor),
      }),
    ),
};

const flaggedQuery = z.object({
  flag: z.enum(APPOINTMENT_FLAGS).optional().describe("Only bookings with this flag."),
  limit: listQuery.shape.limit,
  cursor: z
    .string()
    .refine((given) => decodeCursor(flaggedCursor, given) !== null, "is not a next_cursor of this list")
    .optional()
    .describe("next_cursor of the page before; omitted: the beginning."),
  ...locationField,
});

const flagged: LocationCall<typeof flaggedQuery> = {
  method: "get",
  path: "/api/v2/bookings/flagged",
  name: "flagged_bookings",
  title: "List flagged bookings",
  about: "Bookings that staff should look at, the latest made first: told late, or no longer paid for.",
  input: flaggedQuery,
  reason_code: "bookings_loaded",
  answer: flaggedAnswer,
  example: { answer: { bookings: [{ ...booking, unfunded: null, flags: ["late"] }], next_cursor: null } },
  run: ({ db }, caller, { flag = null, limit, cursor }) =>
    readLocation(db, caller, (tx) =>
      listFlagged(tx, caller.location_id, flag, {
        limit,
        cursor: cursor === undefined ? null : decodeCursor(flaggedCursor, cursor),
      }),
    ),
};

/** Bookings for staff. */
export const BOOKING_CALLS: readonly LocationCall[] = [unfunded, flagged] as readonly unknown[] as LocationCall[];
