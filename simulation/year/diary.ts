import type { Instant } from "../../server/src/rules/time/local-days.ts";
import type { Chance } from "../../server/test/faults/chance.ts";

export const MINUTE: Instant = 60_000;
export const HOUR: Instant = 60 * MINUTE;
export const DAY: Instant = 24 * HOUR;
export const ZONE = "America/New_York";

/** Longer than deliveries are ever shuffled over. */
const APART: Instant = 65 * MINUTE;

/** The instant of a local wall time of the studio; what a change of the clocks skips or repeats is settled as everywhere. */
export function localInstant(date: Temporal.PlainDate, hour: number, minute = 0): Instant {
  return date.toZonedDateTime({ timeZone: ZONE, plainTime: new Temporal.PlainTime(hour, minute) }).epochMilliseconds;
}

export function localDateOf(at: Instant): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate();
}

/**
 * When a member does what. Two things that have nothing to do with each other, a purchase and a booking, are never so close that
 * the order in which they are heard of decides which credits are spent: that no engine could tell afterwards.
 */
export class Diary {
  readonly #entries: { thread: string; at: Instant }[] = [];

  /** The first free minute from `wanted` on; a thread may be as busy as it likes. */
  place(thread: string, wanted: Instant): Instant {
    let at = Math.ceil(wanted / MINUTE) * MINUTE;
    for (let is_free = false; !is_free;) {
      const near = this.#entries.find((other) => this.#clashes(thread, at, other));
      is_free = near === undefined;
      if (near) at = near.at + (near.thread === thread ? MINUTE : APART);
    }
    this.#entries.push({ thread, at });
    return at;
  }

  #clashes(thread: string, at: Instant, other: { thread: string; at: Instant }): boolean {
    return other.thread === thread ? other.at === at : Math.abs(other.at - at) < APART;
  }
}

/** True in `percent` of a hundred cases. */
export function inCases(chance: Chance, percent: number): boolean {
  return chance.next() * 100 < percent;
}
