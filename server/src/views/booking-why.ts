import { z } from "zod";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { findEntriesByNumber } from "./contact-ledger.ts";
import type { ContactView } from "./contact-read.ts";
import {
  LISTED_BOOKING_COLUMNS,
  LISTED_BOOKINGS,
  listedBookingShape,
  showListedBooking,
  type ListedBookingRow,
} from "./location-bookings.ts";
import { appointmentShape, ledgerEntryShape } from "./shapes.ts";
import { actsOn, staffActShape } from "./staff-acts.ts";

/** Words of its calendar and entries that one booking is explained with at most: the latest. */
const MAX_VERSIONS = 50;
const MAX_ENTRIES = 50;

const versionShape = z
  .object({
    updated_at: z.iso.datetime().describe("When its calendar said so, by the calendar's clock."),
    received_at: z.iso.datetime().describe("When we heard it, by the real clock."),
    status: appointmentShape.shape.status,
    calendar_id: z.string(),
    external_contact_id: z.string(),
    starts_at: z.iso.datetime(),
  })
  .describe("What the calendar said of it once.");

export const bookingWhyShape = z
  .object({
    booking: listedBookingShape,
    versions: z
      .array(versionShape)
      .describe("All that its calendar ever said of it, the latest first; empty where the API made it."),
    entries: z.array(ledgerEntryShape).describe("What it moved in the ledger, the latest first."),
    decisions: z.array(staffActShape).describe("What staff decided of it, the latest first."),
  })
  .describe("A booking with everything that explains how it stands.");

const BOOKING = {
  name: "view_booking_of_contact",
  text: `
    SELECT ${LISTED_BOOKING_COLUMNS} ${LISTED_BOOKINGS}
    WHERE a.location_id = $1 AND a.external_id = $2 AND a.contact_id = $3`,
};

const VERSIONS = {
  name: "view_booking_versions",
  text: `
    SELECT updated_at, recorded_at, status, calendar_id, contact_external_id, starts_at FROM appointment_versions
    WHERE location_id = $1 AND external_id = $2 ORDER BY updated_at DESC, payload_hash LIMIT ${MAX_VERSIONS}`,
};

const NUMBERS = {
  name: "view_entry_numbers_of_booking",
  text: `
    SELECT entry_number FROM ledger_entries WHERE location_id = $1 AND external_ref = $2 AND contact_id = $3
    ORDER BY entry_number DESC LIMIT ${MAX_ENTRIES}`,
};

type VersionRow = {
  updated_at: Instant;
  recorded_at: Instant;
  status: z.output<typeof versionShape>["status"];
  calendar_id: string;
  contact_external_id: string;
  starts_at: Instant;
};

/** Null: the contact has no such booking. */
export async function findBookingWhy(
  view: ContactView,
  external_id: string,
): Promise<z.output<typeof bookingWhyShape> | null> {
  const { tx, location_id, contact } = view;
  const [[row], versions, numbers, acts] = await Promise.all([
    tx.query<ListedBookingRow>(BOOKING, [location_id, external_id, contact.id]),
    tx.query<VersionRow & Record<string, unknown>>(VERSIONS, [location_id, external_id]),
    tx.query<{ entry_number: number }>(NUMBERS, [location_id, external_id, contact.id]),
    actsOn(tx, location_id, [external_id]),
  ]);
  if (!row) return null;
  const lines = await findEntriesByNumber(
    view,
    numbers.map(({ entry_number }) => entry_number),
  );
  return {
    booking: showListedBooking(row),
    versions: versions.map(showVersion),
    entries: lines.map(({ shown }) => shown),
    decisions: acts.filter(({ action }) => action.startsWith("booking_")),
  };
}

function showVersion({ updated_at, recorded_at, contact_external_id, starts_at, ...told }: VersionRow) {
  return {
    ...told,
    updated_at: instant(updated_at),
    received_at: instant(recorded_at),
    external_contact_id: contact_external_id,
    starts_at: instant(starts_at),
  };
}
