import type { Instant } from "../../rules/time/local-days.ts";

/** How often an event is tried, and how long between: about seven hours in all, then it is dead and waits for a person. */
export const ATTEMPTS = { allowed: 12, first_delay_ms: 2_000, factor: 3, longest_delay_ms: 3_600_000 } as const;

/** When an event that failed its `attempt`-th time is tried again; `chance` in [0, 1) spreads those that failed together. */
export function nextAttemptAt(now: Instant, attempt: number, chance: number): Instant {
  const { first_delay_ms, factor, longest_delay_ms } = ATTEMPTS;
  const delay = Math.min(first_delay_ms * factor ** (attempt - 1), longest_delay_ms);
  return now + Math.round(delay * (0.5 + chance / 2));
}
