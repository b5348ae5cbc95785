import { DAY, type Instant } from "../../rules/time/local-days.ts";

/**
 * `startAt` and `endAt` of the payment lists, which are dates. No document says in whose time zone or whether the last day
 * counts, so a day is asked for on either side: what is found twice is known by its id.
 */
export function dayRange(from?: Instant, to?: Instant): { startAt?: string; endAt?: string } {
  return {
    ...(from === undefined ? {} : { startAt: dateOf(from - DAY) }),
    ...(to === undefined ? {} : { endAt: dateOf(to + DAY) }),
  };
}

function dateOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
