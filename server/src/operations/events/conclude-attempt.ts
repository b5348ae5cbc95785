import { storable } from "../../platform/storable.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import type { FinishedAttempt } from "../../store/webhook-queue.ts";
import { nextAttemptAt } from "./attempts.ts";
import type { EventOutcome } from "./stored-event.ts";

const MAX_REASON = 100;
const MAX_DETAIL = 1000;
const MAX_CONTACTS = 100;
/** Nobody looks at an event sooner than this again, nor later. */
const SOONEST_MS = 200;
const LATEST_MS = 35 * 86_400_000;

/** What becomes of an event after an attempt with this outcome. `chance` in [0, 1). */
export function concludeAttempt(
  { id, attempt, attempts_allowed }: { id: string; attempt: number; attempts_allowed: number },
  outcome: EventOutcome,
  now: Instant,
  chance: number,
): FinishedAttempt {
  const is_failed = outcome.status === "failed";
  const is_dead = is_failed && (outcome.is_final === true || attempt >= attempts_allowed);
  return {
    id,
    attempt,
    outcome: outcome.status,
    status: is_dead ? "dead" : outcome.status,
    reason_code: storable(outcome.reason_code, MAX_REASON),
    detail: outcome.detail === undefined ? null : storable(outcome.detail, MAX_DETAIL),
    next_attempt_at: is_dead ? null : whenAgain(outcome, attempt, now, chance),
    contacts: (outcome.contacts ?? []).slice(0, MAX_CONTACTS).map((contact) => storable(contact, 255)),
    free_attempts: outcome.status === "waiting" ? 1 : 0,
  };
}

function whenAgain({ status, retry_at }: EventOutcome, attempt: number, now: Instant, chance: number): Instant | null {
  if (status === "done" || status === "ignored") return null;
  if (retry_at !== undefined) return Math.min(Math.max(retry_at, now + SOONEST_MS), now + LATEST_MS);
  return status === "waiting" ? null : nextAttemptAt(now, attempt, chance);
}
