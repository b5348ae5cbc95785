import { findAppointment, listAppointments } from "../gateways/ghl/calendars.ts";
import type { GhlReach } from "../gateways/ghl/client.ts";
import { GhlError } from "../gateways/ghl/ghl-error.ts";
import type { PollTurn } from "../operations/connections/poll-turns.ts";
import type { PolledFact } from "../operations/events/keep-polled.ts";
import type { Database } from "../platform/database.ts";
import type { BookingVersion } from "../rules/bookings/booking-version.ts";
import { DAY, type Instant } from "../rules/time/local-days.ts";
import { findBookings } from "../views/bookings-of-window.ts";
import { findProductMap } from "../views/product-map.ts";
import { bookingFact } from "./polled-facts.ts";

const BEHIND_MS = 2 * DAY;
const AHEAD_MS = 60 * DAY;
/** Lists may leave these out, and nothing more comes of them. */
const IS_OVER = new Set<BookingVersion["status"]>(["cancelled", "invalid", "deleted"]);

/** Bookings of covered calendars around now that GoHighLevel has otherwise than we were told. */
export async function readBookings(db: Database, reach: GhlReach, turn: PollTurn): Promise<PolledFact[]> {
  const { location_id, now } = turn;
  const window = { from: now - BEHIND_MS, to: now + AHEAD_MS };
  const [map, held] = await db.transaction(
    [location_id],
    (tx) => Promise.all([findProductMap(tx, location_id), findBookings(tx, location_id, window)]),
    { read_only: true },
  );
  const there = new Map<string, BookingVersion>();
  for (const calendar_id of new Set(map.flatMap(({ calendars }) => calendars))) {
    const listed = await listCalendar(reach, { calendar_id, ...window }, now);
    for (const version of listed) there.set(version.external_id, version);
  }
  const known = new Map(held.map((version) => [version.external_id, version]));
  const news = [...there.values()].filter((version) => isNews(version, known.get(version.external_id)));
  for (const version of held) {
    if (there.has(version.external_id) || IS_OVER.has(version.status)) continue;
    // It may have moved out of sight: only where asking for it by its id finds nothing was it deleted.
    const standing = await findAppointment(reach.client, version.external_id, now);
    if (standing === null) news.push(deletionOf(version, now));
    else if (isNews(standing, version)) news.push(standing);
  }
  return news.map((version) => bookingFact(location_id, version));
}

/** A calendar that is no longer there holds up no other; what we have of it is asked for by its id. */
async function listCalendar(
  { client, ghl_location_id: location_id }: GhlReach,
  asked: { calendar_id: string; from: Instant; to: Instant },
  now: Instant,
): Promise<BookingVersion[]> {
  try {
    return await listAppointments(client, { location_id, ...asked }, now);
  } catch (error) {
    if (error instanceof GhlError && (error.kind === "not_found" || error.kind === "refused")) return [];
    throw error;
  }
}

function isNews(version: BookingVersion, known: BookingVersion | undefined): boolean {
  if (!known) return true;
  return version.updated_at >= known.updated_at && version.payload_hash !== known.payload_hash;
}

function deletionOf(last: BookingVersion, now: Instant): BookingVersion {
  const payload_hash = `deleted-${last.payload_hash.slice(0, 56)}`;
  return { ...last, status: "deleted", updated_at: Math.max(now, last.updated_at), payload_hash };
}
