import { HOUR, type Instant } from "../time/local-days.ts";
import type { BookingStatus, BookingVersion } from "./booking-version.ts";

/** A booking as all that was told of it makes it. Clarification 23. */
export interface Booking {
  /** Each time it was booked, in order; the last one is what holds now. Rule 29. */
  generations: readonly [...Generation[], Generation];
  /** When it was first booked. */
  added_at: Instant;
  /** The provider's time of the latest version. */
  updated_at: Instant;
  /** How many versions were looked at. */
  versions: number;
}

/** From a confirmation until the next one after a cancellation. */
export interface Generation {
  contact_external_id: string;
  calendar_id: string;
  status: BookingStatus;
  starts_at: Instant;
  ends_at: Instant | null;
  /** Since when it is booked for this contact, calendar and time. */
  booked_at: Instant;
  /** Since when it has its status; a cancellation counts from the first. */
  status_at: Instant;
  /** First cancellation; null: it was not cancelled. */
  cancelled_at: Instant | null;
  /** The start that a cancellation is held against: a move made inside the window keeps the one it was moved from. Rule 28. */
  yardstick_at: Instant;
}

/**
 * What is true now, from everything that was told, in the provider's order: neither the order of arrival nor a repetition
 * changes it. `window_hours` decides which moves came too late to count.
 */
export function foldVersions(told: readonly BookingVersion[], window_hours: number): Booking {
  const versions = inOrder(told);
  const [first, ...later] = versions;
  if (!first) throw new Error("a booking that nothing was told of");
  const generations: [...Generation[], Generation] = [generationOf(first, first.added_at)];
  for (const version of later) {
    const current = generations.at(-1) ?? generations[0];
    if (isBooked(version.status) && !isBooked(current.status)) {
      generations.push(generationOf(version, version.updated_at));
    } else {
      generations[generations.length - 1] = follow(current, version, window_hours * HOUR);
    }
  }
  const { updated_at } = versions.at(-1) ?? first;
  return { generations, added_at: first.added_at, updated_at, versions: versions.length };
}

/** Whether a booking of this status takes place, or took place. */
export function isBooked(status: BookingStatus): boolean {
  return status === "confirmed" || status === "showed" || status === "noshow";
}

/**
 * Each version once, by update time. Of one instant a confirmation comes first, as what became of it cannot have been before, and a
 * deletion last; else they are in the order of their hashes.
 */
function inOrder(told: readonly BookingVersion[]): BookingVersion[] {
  const unique = new Map(told.map((version) => [`${String(version.updated_at)} ${version.payload_hash}`, version]));
  return [...unique.values()].sort(
    (a, b) => a.updated_at - b.updated_at || placeOf(a) - placeOf(b) || (a.payload_hash < b.payload_hash ? -1 : 1),
  );
}

function placeOf({ status }: BookingVersion): number {
  if (status === "confirmed") return 0;
  return status === "deleted" ? 2 : 1;
}

function generationOf(version: BookingVersion, booked_at: Instant): Generation {
  const { contact_external_id, calendar_id, status, starts_at, ends_at, updated_at } = version;
  return {
    contact_external_id,
    calendar_id,
    status,
    starts_at,
    ends_at,
    booked_at,
    status_at: status === "confirmed" ? booked_at : updated_at,
    cancelled_at: status === "cancelled" ? updated_at : null,
    yardstick_at: starts_at,
  };
}

function follow(current: Generation, version: BookingVersion, window: Instant): Generation {
  const { contact_external_id, status, updated_at } = version;
  // What a cancellation says of calendar and start is not what was booked, and comes too late to be held against.
  const { calendar_id, starts_at, ends_at } = isBooked(status) ? version : current;
  const is_same =
    contact_external_id === current.contact_external_id &&
    calendar_id === current.calendar_id &&
    starts_at === current.starts_at;
  const cancelled_at = current.cancelled_at ?? (status === "cancelled" ? updated_at : null);
  const status_at = status === "cancelled" && cancelled_at !== null ? cancelled_at : updated_at;
  const is_moved = starts_at !== current.starts_at && current.yardstick_at - updated_at >= window;
  return {
    contact_external_id,
    calendar_id,
    status,
    starts_at,
    ends_at,
    booked_at: is_same ? current.booked_at : updated_at,
    status_at: status === current.status ? current.status_at : status_at,
    cancelled_at,
    yardstick_at: is_moved ? starts_at : current.yardstick_at,
  };
}
