import type { TestLedger } from "../credits/testing-ledger.ts";
import type { Outcome } from "../outcome.ts";
import { at } from "../testing.ts";
import { HOUR } from "../time/local-days.ts";
import type { Appointment } from "./appointment.ts";
import type { BookingVersion } from "./booking-version.ts";
import { decideStudioCancelled } from "./mark-studio-cancelled.ts";
import { decideSettleBooking } from "./settle-booking.ts";
import { decideSettleUnfunded } from "./settle-unfunded.ts";
import { decideSyncBooking } from "./sync-booking.ts";

/** When the bookings of these tests were made, and when they take place. */
export const BOOKED_AT = at("2026-11-02T09:00");
export const STARTS_AT = at("2026-11-20T18:00");

/** A version of the booking `b` of `yoga`, told when it was made; its hash is made of what it says. */
export function versionOf(changes: Partial<BookingVersion> = {}): BookingVersion {
  const starts_at = changes.starts_at ?? STARTS_AT;
  const version = {
    external_id: "b",
    contact_external_id: "ext",
    calendar_id: "yoga",
    status: "confirmed" as const,
    starts_at,
    ends_at: starts_at + HOUR,
    added_at: BOOKED_AT,
    updated_at: BOOKED_AT,
    ...changes,
  };
  return { payload_hash: JSON.stringify(version), ...version };
}

/** Tells the ledger of a version, as of its own clock. */
export function sync(ledger: TestLedger, changes: Partial<BookingVersion> = {}): Outcome {
  const version = versionOf(changes);
  const ask = { contact_external_id: ledger.contact.external_id, version };
  return ledger.decide(decideSyncBooking, ask, ledger.facts(version.external_id)).outcome;
}

/** Moves the clock to when the provider changed it, and tells of it at once. */
export function tell(ledger: TestLedger, updated_at: number, changes: Partial<BookingVersion> = {}): Outcome {
  ledger.now = Math.max(ledger.now, updated_at);
  return sync(ledger, { updated_at, ...changes });
}

export function settleBooking(ledger: TestLedger, external_id = "b"): Outcome {
  return ledger.decide(decideSettleBooking, { external_id }, ledger.facts(external_id)).outcome;
}

export function settleUnfunded(ledger: TestLedger, external_id = "b"): Outcome {
  return ledger.decide(decideSettleUnfunded, { external_id }, ledger.facts(external_id)).outcome;
}

export function studioCancels(ledger: TestLedger, external_id = "b"): Outcome {
  return ledger.decide(decideStudioCancelled, { external_id }, ledger.facts(external_id)).outcome;
}

export function bookingIn(ledger: TestLedger, external_id = "b"): Appointment {
  const booking = ledger.appointments.get(external_id);
  if (!booking) throw new Error(`no booking ${external_id}`);
  return booking;
}

/** Types of the entries that a booking left, in order. */
export function typesOf(ledger: TestLedger, external_id = "b"): string[] {
  return ledger.entries.filter((entry) => entry.external_ref === external_id).map(({ type }) => type);
}
