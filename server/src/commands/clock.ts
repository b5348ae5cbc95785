import type { Ledger } from "../operations/ledger.ts";
import { findLocation } from "../operations/locations/find-location.ts";
import { advanced, moveClock } from "../operations/locations/move-clock.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { locationPublicId } from "../platform/ids.ts";
import { CommandError, type CommandResult } from "./result.ts";

/** `kotally clock LOCATION --advance P31D | --set TIME`: moves a sandbox's clock and runs everything that falls due. */
export async function moveSandboxClock(
  db: Database,
  ledger: Ledger,
  clock: Clock,
  reference: string,
  { advance, set }: { advance?: string | undefined; set?: string | undefined },
): Promise<CommandResult> {
  if ((advance === undefined) === (set === undefined)) throw new CommandError("Give either --advance or --set.");
  const location = await findLocation(db, reference);
  const target = (now: number) =>
    advance === undefined ? parseTime(set ?? "") : advanced(now, advance, location.timezone);
  const moved = await moveClock(db, ledger, clock, location, target);
  const now = new Date(moved.now).toISOString();
  return {
    document: {
      location_id: locationPublicId(location.location_id),
      before: new Date(moved.before).toISOString(),
      now,
      settled: moved.settled,
    },
    lines: [`${location.key} is now at ${now}; members with something that fell due: ${moved.settled}.`],
  };
}

function parseTime(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new CommandError(`${text} is not an ISO 8601 time with an offset, such as 2026-12-24T18:00:00Z.`);
  }
}
