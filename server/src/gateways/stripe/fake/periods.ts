import type { Subscription } from "./rows.ts";

/** The k-th monthly boundary, in seconds: the anchor plus k months, clamped to the month's last day, as Stripe reckons. */
function boundaryOf(anchor: number, k: number): number {
  const start = Temporal.Instant.fromEpochMilliseconds(anchor * 1000).toZonedDateTimeISO("UTC");
  return Math.floor(start.add({ months: k }).epochMilliseconds / 1000);
}

/** From when to when a subscription's present period goes, in seconds; the trial is the one before the anchor. */
export function periodOf({ billing_cycle_anchor, start_date, _period }: Subscription): { start: number; end: number } {
  const start = _period < 0 ? start_date : boundaryOf(billing_cycle_anchor, _period);
  return { start, end: boundaryOf(billing_cycle_anchor, _period + 1) };
}
