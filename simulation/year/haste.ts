import type { Instant } from "../../server/src/rules/time/local-days.ts";
import type { Act } from "./acts.ts";

/** For each booking the times in which it changed more than once within a window: from the first change to the last. */
export type Hastes = Map<string, { from: Instant; to: Instant }[]>;

export function hastesOf(windows: readonly (readonly Act[])[]): Hastes {
  const hastes: Hastes = new Map();
  for (const window of windows) {
    const of_bookings = Map.groupBy(window, (act) => ("booking" in act ? act.booking : ""));
    for (const [booking, acts] of of_bookings) {
      const [first, last] = [acts[0], acts.at(-1)];
      if (booking === "" || !first || !last || first === last) continue;
      hastes.set(booking, [...(hastes.get(booking) ?? []), { from: first.at, to: last.at }]);
    }
  }
  return hastes;
}

/** When the haste began in which this happened; null: the booking was told one state at a time. */
export function hasteOf(hastes: Hastes, booking: string, at: Instant): Instant | null {
  return hastes.get(booking)?.find(({ from, to }) => from <= at && at <= to)?.from ?? null;
}
