import { findAppointment } from "../../gateways/ghl/calendars.ts";
import { findBookingContacts } from "../../operations/bookings/find-booking-contacts.ts";
import { syncBooking } from "../../operations/bookings/sync-booking.ts";
import type { EventOutcome } from "../../operations/events/stored-event.ts";
import type { BookingVersion } from "../../rules/bookings/booking-version.ts";
import { outcomeOf, step, unused, type Step, type Taken, type Taking } from "./taking.ts";

/** A booking as one delivery tells of it. */
export async function takeBooking(
  taking: Taking,
  taken: Taken,
  version: BookingVersion,
  type: string,
): Promise<EventOutcome> {
  const steps = await follow(taking, taken, version);
  const is_news = steps.some(({ reason_code }) => reason_code !== "duplicate_event");
  // GoHighLevel's own samples of a deletion call themselves a creation: what brings no news may be one.
  if (is_news || type !== "AppointmentCreate") return outcomeOf(steps);
  const deleted = await deletedVersion(taking, taken, version);
  return deleted ? outcomeOf(await follow(taking, taken, deleted)) : outcomeOf(steps);
}

/** A booking that is said to be deleted: GoHighLevel is asked whether it is; where nobody can be asked, it is believed. */
export async function takeDeletedBooking(
  taking: Taking,
  taken: Taken,
  external_id: string,
  last: BookingVersion | null,
): Promise<EventOutcome> {
  if (!last) return unused("BOOKING_UNREADABLE", `the deleted booking ${external_id} does not say whose it was`);
  const reach = await taking.connections.ghl(taken.location_id);
  const standing = reach ? await findAppointment(reach.client, external_id, taken.event.received_at) : null;
  if (standing) return outcomeOf(await follow(taking, taken, standing));
  return outcomeOf(await follow(taking, taken, deletionOf(taken, last)));
}

/** Null: it stands, or nobody can be asked. */
async function deletedVersion(taking: Taking, taken: Taken, version: BookingVersion): Promise<BookingVersion | null> {
  const reach = await taking.connections.ghl(taken.location_id);
  if (!reach) return null;
  const standing = await findAppointment(reach.client, version.external_id, taken.event.received_at);
  return standing ? null : deletionOf(taken, version);
}

function deletionOf({ event }: Taken, last: BookingVersion): BookingVersion {
  const updated_at = Math.max(event.told_at, last.updated_at);
  return { ...last, status: "deleted", updated_at, payload_hash: `deleted-${last.payload_hash.slice(0, 56)}` };
}

/** Rule 29. Whoever had the booking before gets the credits back, then its contact of now is charged. */
async function follow(taking: Taking, taken: Taken, version: BookingVersion): Promise<Step[]> {
  const own = version.contact_external_id;
  const steps: Step[] = [await step(taking, taken, syncBooking, { contact_external_id: own, version })];
  // Asked once the version is kept: of two deliveries for two contacts, whichever comes second sees the other.
  const told_before = await findBookingContacts(taking.db, taken.location_id, version.external_id);
  // One after the other: each looks at the versions that the one before left.
  for (const contact_external_id of told_before.filter((other) => other !== own)) {
    steps.push(await step(taking, taken, syncBooking, { contact_external_id, version }));
  }
  return steps;
}
