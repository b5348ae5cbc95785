import type { Settlement } from "../credits/entry.ts";
import { DAY, HOUR, type Instant } from "../time/local-days.ts";
import type { Generation } from "./fold-versions.ts";

/** What a generation of a booking deserves: a charge that stands somewhere, or none (`settlement: null`). Rule 27. */
export interface Verdict {
  settlement: Settlement | null;
  reason: string;
  /** Since when, by the provider's time. */
  at: Instant;
}

/** How long after its end a booking without a final status counts as used. Clarification 1. */
const SETTLES_AFTER = DAY;

export function settlesAt({ starts_at, ends_at }: { starts_at: Instant; ends_at: Instant | null }): Instant {
  return (ends_at ?? starts_at) + SETTLES_AFTER;
}

/** Rules 27 and 28. Exactly at the window is in time. */
export function deserves(generation: Generation, window_hours: number, now: Instant): Verdict {
  const { status, status_at: at, cancelled_at, yardstick_at } = generation;
  switch (status) {
    case "confirmed": {
      const settles_at = settlesAt(generation);
      if (now >= settles_at) return { settlement: "used", reason: "no_final_status", at: settles_at };
      return { settlement: "held", reason: "status_corrected", at };
    }
    case "showed":
      return { settlement: "used", reason: "showed", at };
    case "noshow":
      return { settlement: "no_show", reason: "no_show", at };
    case "cancelled": {
      const is_in_time = yardstick_at - (cancelled_at ?? at) >= window_hours * HOUR;
      if (is_in_time) return { settlement: null, reason: "cancelled_in_time", at };
      return { settlement: "late_cancel", reason: "cancelled_late", at };
    }
    default:
      return { settlement: null, reason: `booking_${status}`, at };
  }
}
