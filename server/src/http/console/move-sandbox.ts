import type { LocationMember } from "../../operations/access/person.ts";
import { locationSubject } from "../../operations/catalog/told-config.ts";
import { findLocation } from "../../operations/locations/find-location.ts";
import { advanced, ClockError, moveClock } from "../../operations/locations/move-clock.ts";
import { InputError } from "../../operations/validation.ts";
import { instant } from "../../platform/sql.ts";
import type { CallAnswer } from "../location-call.ts";
import type { CallContext } from "./console-call.ts";

/** Moves the clock of the person's sandbox; what cannot be is told beside the field that asked for it. */
export async function moveSandbox(
  { db, ledger, clock, change }: CallContext,
  by: LocationMember,
  { advance, to }: { advance?: string | undefined; to?: number | undefined },
): Promise<CallAnswer> {
  const location = await findLocation(db, by.location_id);
  if (!location.sandbox) return { refused: "NOT_A_SANDBOX" };
  const target = (now: number) => to ?? advanced(now, advance ?? "", location.timezone);
  const moved = await moveClock(db, ledger, clock, location, target).catch((error: unknown) => {
    if (!(error instanceof ClockError)) throw error;
    throw new InputError([
      { field: to === undefined ? "advance" : "to", message: `is not possible: ${error.message}` },
    ]);
  });
  const [before, now] = [instant(moved.before), instant(moved.now)];
  return change(by, () =>
    Promise.resolve({
      answer: { before, now, settled: moved.settled },
      audit: { subject: locationSubject(location), before: { clock: before }, after: { clock: now } },
    }),
  );
}
