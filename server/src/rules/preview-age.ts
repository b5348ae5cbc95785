import type { Instant } from "./time/local-days.ts";

/** How long what a preview of work on many told may be run. */
const HOLDS_MS = 30 * 60_000;

/** Whether too much may have changed since; by real time. */
export function isOutdated(preview: { created_at: Instant }, now: Instant): boolean {
  return now - preview.created_at > HOLDS_MS;
}
