import { createHash } from "node:crypto";
import type { Answer, LedgerOperation } from "../../ledger/operation.ts";
import { newId } from "../../platform/ids.ts";
import type { EntrySource } from "../../store/ledger-entries.ts";
import type { Ledger } from "../ledger.ts";

/** Who submits what no token asks for, and how. */
export interface OwnCause {
  source: EntrySource;
  urgency: "interactive" | "bulk";
  /** Asked by level, again and again: idempotent by itself, so it needs no request id. */
  is_level?: boolean;
  /** The webhook event, job or user that causes it. */
  actor_id?: string | null;
  /** Where a person asks: whose doing it is, in place of `actor_id`. */
  person?: { id: string; email: string; ip: string };
  /** Omitted: a new one. What is asked again under the same one has its effect once. */
  request_id?: string;
  correlation_id?: string;
  /** See `Command.as_of`. */
  as_of?: number | null;
}

/** Submits what no token asks for: a job, a webhook or a person at the command line, authorised by where they stand. */
export function submitOwn<I>(
  ledger: Ledger,
  operation: LedgerOperation<I>,
  location_id: string,
  input: I,
  cause: OwnCause,
): Promise<Answer> {
  const { source, urgency, is_level = false, person, correlation_id = newId(), as_of = null } = cause;
  const actor_id = person?.id ?? cause.actor_id ?? null;
  return ledger.submit(
    {
      operation: operation as LedgerOperation,
      input,
      keys: operation.keys(input),
      location_id,
      // What a person asked has its effect once, also when its commit's reply is lost.
      request: is_level ? null : { id: cause.request_id ?? newId(), payload_hash: hashOf(input) },
      correlation_id,
      source,
      actor_id,
      ...(person ? { person } : {}),
      authorised_version: null,
      explain: false,
      as_of,
    },
    urgency,
  );
}

function hashOf(input: unknown): Buffer {
  return createHash("sha256").update(JSON.stringify(input)).digest();
}
