import type { GhlReach } from "../../gateways/ghl/client.ts";
import type { StripeAccount } from "../../gateways/stripe/client.ts";
import { submitOwn, type OwnCause } from "../../operations/credits/submit-own.ts";
import type { EventOutcome, StoredEvent } from "../../operations/events/stored-event.ts";
import type { Answer, LedgerOperation } from "../../operations/gate.ts";
import type { Ledger } from "../../operations/ledger.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { EventReason } from "../../rules/event-reasons.ts";

/** Who may be asked on behalf of a location. */
export interface Connections {
  /** Null: the location is not connected to GoHighLevel. */
  ghl(location_id: string): Promise<GhlReach | null>;
  /** Null: it listens to no Stripe account. */
  stripe(location_id: string): Promise<StripeAccount | null>;
}

/** Everything that taking an event needs. */
export interface Taking {
  db: Database;
  ledger: Ledger;
  clock: Clock;
  connections: Connections;
}

/** An event of a location that is known, and what its ledger commands carry. */
export interface Taken {
  event: StoredEvent;
  location_id: string;
  cause: OwnCause;
}

export function takenBy(event: StoredEvent, location_id: string): Taken {
  const { provider: source, id: actor_id, correlation_id, as_of } = event;
  const cause: OwnCause = { source, urgency: "interactive", is_level: true, actor_id, correlation_id, as_of };
  return { event, location_id, cause };
}

/** What a command of an event came to: the codes that decide what becomes of the event. */
export interface Step {
  reason_code: string;
  contact: string | null;
}

/** Submits one command of an event. Throws where it must be tried again. */
export async function step<I extends { contact_external_id: string }>(
  { ledger }: Taking,
  { location_id, cause }: Taken,
  operation: LedgerOperation<I>,
  input: I,
): Promise<Step> {
  const answer: Answer = await submitOwn(ledger, operation, location_id, input, cause);
  if (answer.kind === "answered") return { reason_code: answer.reason_code, contact: input.contact_external_id };
  if (answer.kind === "invalid") return { reason_code: "VALIDATION_ERROR", contact: input.contact_external_id };
  if (answer.kind === "failed") throw answer.error instanceof Error ? answer.error : new Error(String(answer.error));
  throw new Error(`the ledger answered ${answer.kind}`);
}

/** The event's outcome from its steps: what changed something is told before what did not. */
export function outcomeOf(steps: readonly Step[]): EventOutcome {
  const contacts = [...new Set(steps.flatMap(({ contact }) => contact ?? []))];
  if (steps.some(({ reason_code }) => reason_code === "BILLING_SUSPENDED")) {
    return { status: "waiting", reason_code: "BILLING_SUSPENDED", contacts };
  }
  const telling = steps.find(({ reason_code }) => !UNTELLING.has(reason_code)) ?? steps[0];
  return { status: "done", reason_code: telling?.reason_code ?? "EVENT_UNUSED", contacts };
}

const UNTELLING = new Set(["duplicate_event", "duplicate_payment_event", "DUPLICATE_EVENT"]);

export function unused(reason_code: EventReason = "EVENT_UNUSED", detail?: string): EventOutcome {
  return { status: "ignored", reason_code, ...(detail === undefined ? {} : { detail }) };
}

/** What no further attempt would mend. */
export function hopeless(reason_code: EventReason, detail: string): EventOutcome {
  return { status: "failed", reason_code, detail, is_final: true };
}
