import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { instant } from "../../platform/sql.ts";
import { allowsMutations } from "../../rules/billing/billing-status.ts";
import { LATEST } from "../../rules/time/credible.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { findDueOfLocation, findNextDue } from "../../store/due.ts";
import { findLocationStates, setClockOffset, type Location } from "../../store/locations.ts";
import { settleDues } from "../due/settle-dues.ts";
import type { Ledger } from "../ledger.ts";

/** The message says why the clock stayed where it was. */
export class ClockError extends Error {}

export interface MovedClock {
  location: Location;
  before: Instant;
  now: Instant;
  /** Dues that were settled on the way: of members, bookings and payments. */
  settled: number;
}

const ROUND = 500;

/** Where an advance by an ISO 8601 duration leads from `now`, reckoned on the location's calendar. */
export function advanced(now: Instant, duration: string, zone: string): Instant {
  try {
    return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).add(duration).epochMilliseconds;
  } catch {
    throw new ClockError(`${duration} is not an ISO 8601 duration such as P31D or PT2H.`);
  }
}

/**
 * Moves a sandbox location's clock forward, from due instant to due instant, running at each what falls due, so that the books
 * are those of a location that lived through the time (clarification 17).
 */
export async function moveClock(
  db: Database,
  ledger: Ledger,
  clock: Clock,
  location: Location,
  target: (now: Instant) => Instant,
): Promise<MovedClock> {
  if (!location.sandbox) throw new ClockError(`${location.key} is not a sandbox: only a sandbox's clock can be moved.`);
  const before = clock.now() + location.clock_offset_ms;
  const until = target(before);
  if (until < before) throw new ClockError(`The clock only moves forward; it shows ${instant(before)}.`);
  if (until > LATEST) throw new ClockError("The clock does not go beyond the year 2100.");
  let settled = 0;
  let last_first = "";
  // A suspended workspace's ledger jobs pause: its clock moves, and what fell due waits (clarification 22).
  while (await isBillingLive(db, location.location_id)) {
    // Each step depends on what the last one left.
    const due_at = await db.transaction([location.location_id], (tx) =>
      findNextDue(tx, location.location_id, instant(until)),
    );
    if (due_at === null) break;
    await setClock(db, clock, location.location_id, due_at);
    const due = await db.transaction([location.location_id], (tx) =>
      findDueOfLocation(tx, location.location_id, instant(due_at), ROUND),
    );
    const done = await settleDues(ledger, due);
    settled += done;
    // What was settled is not due again.
    const first = JSON.stringify(due[0]);
    const is_stuck = first === last_first;
    last_first = first;
    if (done < due.length || is_stuck)
      throw new ClockError(`What fell due at ${instant(due_at)} could not be settled; the clock stands there.`);
  }
  await setClock(db, clock, location.location_id, until);
  return { location, before, now: until, settled };
}

async function isBillingLive(db: Database, location_id: string): Promise<boolean> {
  const [state] = await db.transaction([location_id], (tx) => findLocationStates(tx, [location_id]));
  return state !== undefined && allowsMutations(state.billing_status);
}

/** Never back: a location that is ahead of `at` stays where it is. */
async function setClock(db: Database, clock: Clock, location_id: string, at: Instant): Promise<void> {
  const offset = at - clock.now();
  if (offset > 0) await db.transaction("owner", (tx) => setClockOffset(tx, location_id, offset));
}
