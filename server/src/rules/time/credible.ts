import type { Instant } from "./local-days.ts";

const EARLIEST: Instant = Date.UTC(2000, 0, 1);
/** Nothing that is asked for or told lies beyond. */
export const LATEST: Instant = Date.UTC(2100, 0, 1);

/** Whether an instant that comes from outside may be meant. */
export function isCredible(at: Instant): boolean {
  return EARLIEST <= at && at < LATEST;
}
