import type { Instant } from "../../rules/time/local-days.ts";
import type { LeasedEvent } from "../../store/webhook-queue.ts";

/** A delivery as it is kept, for whoever takes it. */
export interface StoredEvent extends Omit<LeasedEvent, "attempts_allowed" | "billing_status" | "was_suspended"> {
  /** Taken as of then: it came while its workspace was suspended (clarification 22). Null: as of now. */
  as_of: Instant | null;
}

/** What taking an event came to. */
export interface EventOutcome {
  /** `waiting`: not an error, something must come first; with `retry_at` it is looked at again by itself. */
  status: "done" | "ignored" | "waiting" | "failed";
  reason_code: string;
  detail?: string;
  retry_at?: Instant;
  /** A failure that no further attempt would mend: it waits for a person at once. */
  is_final?: boolean;
  /** External ids of the contacts that it touched. */
  contacts?: string[];
}

/** Takes one event. Whatever it does must do no harm when done again: a process may end between the effect and the record. */
export type TakeEvent = (event: StoredEvent) => Promise<EventOutcome>;
