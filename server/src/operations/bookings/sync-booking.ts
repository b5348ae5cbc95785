import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import type { BookingVersion } from "../../rules/bookings/booking-version.ts";
import { decideSyncBooking } from "../../rules/bookings/sync-booking.ts";

const input = z.object({
  /** Whose books follow: the version's own contact, or one that had the booking before. */
  contact_external_id: z.string(),
  version: z.custom<BookingVersion>(),
});

export type SyncBooking = z.output<typeof input>;

/** Takes in what a provider tells of a booking, and posts the difference to what was posted. Rule 27; idempotent by level. */
export const syncBooking: LedgerOperation<SyncBooking> = {
  name: "sync_booking",
  scope: null,
  is_read: false,
  summary: "Charge, give back or settle what a booking deserves.",
  input,
  refusals: ["BILLING_SUSPENDED"],
  keys: ({ contact_external_id, version: { external_id, contact_external_id: own, starts_at } }) => ({
    contact_external_id,
    creates_contact: contact_external_id === own,
    charges_of_ref: external_id,
    versions_of: external_id,
    service_at: starts_at,
    memberships: true,
  }),
  decide: decideSyncBooking,
};
