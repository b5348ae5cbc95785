import type { TakeEvent } from "../operations/events/stored-event.ts";
import type { Clock } from "../platform/clock.ts";
import type { Instant } from "../rules/time/local-days.ts";

const SECOND = 1000;

/**
 * Rule 32. The timer fires once a minute, and what a Stripe payment waits for GoHighLevel's may be over sooner: whoever has taken one has
 * the dues settled when its time has come.
 */
export function settlingAfter(
  take: TakeEvent,
  { clock, settle_seconds }: { clock: Clock; settle_seconds: number },
  settleAt: (at: Instant) => Promise<void>,
): TakeEvent {
  return async (event) => {
    const outcome = await take(event);
    const may_wait = event.provider === "stripe" && outcome.reason_code === "payment_recorded";
    // The second that follows: nothing is due before its time. What cannot be asked for now is left to the timer.
    if (may_wait) await settleAt((Math.floor(clock.now() / SECOND) + settle_seconds + 1) * SECOND).catch(() => {});
    return outcome;
  };
}
