import { createHash } from "node:crypto";
import type { Executor } from "../ledger/executor.ts";
import type { Answer, Command, LedgerOperation } from "../ledger/operation.ts";
import { isOwnLocation, type Actor, type Asking } from "./access/caller.ts";
import { fieldErrors, type FieldError } from "./validation.ts";

export type { Answer, LedgerOperation };

/** What a door passes in, as it came from outside. */
export interface GateRequest {
  asking: Asking;
  body: unknown;
  correlation_id: string;
  explain: boolean;
}

export type GateAnswer =
  | Exclude<Answer, { kind: "invalid" | "mismatch" | "stale_authorisation" | "merged" }>
  | { kind: "invalid"; errors: FieldError[] }
  | { kind: "unauthorized"; message: string };

/** Times that whoever asks is authorised again while their location keeps changing. */
const MAX_AUTHORISATIONS = 5;

/**
 * Asks for whoever asks; again, with what they may do by then, while the answer is that their location has changed. Each in its turn:
 * what the database says of the location decides whether there is a next.
 */
export async function whileAuthorised<C>(
  { caller, again }: { caller: C; again(): Promise<C | null> },
  ask: (caller: C) => Promise<GateAnswer | "unauthorised" | "stale_authorisation">,
): Promise<GateAnswer> {
  let by: C | null = caller;
  for (let i = 0; i < MAX_AUTHORISATIONS; i += 1) {
    const answer = by === null ? "unauthorised" : await ask(by);
    if (answer === "unauthorised") return { kind: "unauthorized", message: "the token is no longer valid for this" };
    if (answer !== "stale_authorisation") return answer;
    by = await again();
  }
  return { kind: "unavailable" };
}

/** The one gate before the ledger: scope, tenant, validation, idempotency. No door reaches the books another way. */
export class Gate {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async run<I>(operation: LedgerOperation<I>, request: GateRequest): Promise<GateAnswer> {
    const { asking, body } = request;
    const named = (body as { location_id?: unknown } | null)?.location_id;
    if (typeof named === "string" && !isOwnLocation(asking.caller, named.trim())) {
      // A location may have been connected to GoHighLevel since: a refusal is always of now.
      const fresh = await asking.again();
      if (!fresh || !isOwnLocation(fresh, named.trim())) {
        return { kind: "unauthorized", message: "location_id is not the token's location" };
      }
    }
    const parsed = operation.input.safeParse(body);
    if (!parsed.success) return invalid(asking, fieldErrors(parsed.error));
    const { keys, payload } = describe(operation, parsed.data);

    return whileAuthorised(asking, async (caller) => {
      if (operation.scope && !caller.scopes.has(operation.scope)) return "unauthorised";
      const answer = await this.#executor.submit({
        operation: operation as LedgerOperation,
        input: parsed.data,
        keys,
        location_id: caller.location_id,
        request: payload,
        correlation_id: request.correlation_id,
        ...causeOf(operation, caller.actor),
        authorised_version: caller.version,
        explain: request.explain,
      });
      if (answer.kind === "invalid") {
        const { field, message } = answer;
        return { kind: "invalid", errors: [{ field, message }] };
      }
      if (answer.kind === "mismatch") return { kind: "invalid", errors: [mismatch(answer.operation, operation.name)] };
      if (answer.kind === "merged") throw new Error("the ledger follows merged contacts itself");
      return answer.kind === "stale_authorisation" ? answer.kind : answer;
    });
  }
}

/** Whose doing it is. What staff decide is theirs, also where a program asks on their behalf. */
function causeOf(operation: { scope: string | null }, actor: Actor): Pick<Command, "source" | "actor_id" | "person"> {
  if (actor.kind === "person") return { source: "console", actor_id: actor.id, person: actor };
  return { source: operation.scope === "manage" ? "console" : "api", actor_id: actor.id };
}

/** What never reaches the ledger is not checked against the token's state there: a token that is gone comes first. */
async function invalid(asking: Asking, errors: FieldError[]): Promise<GateAnswer> {
  const caller = await asking.again();
  return caller ? { kind: "invalid", errors } : { kind: "unauthorized", message: "the token is no longer valid" };
}

function describe<I>(operation: LedgerOperation<I>, input: I) {
  // What was seen before is no part of what is asked: after a lost answer and another look it is the same request.
  const { previewed: _, ...asked } = input as { request_id?: string; previewed?: string };
  const { request_id } = asked;
  const keys = operation.keys(input);
  if (request_id === undefined) return { keys, payload: null };
  // The schema gives every field its one place, so the same input is the same text.
  const payload_hash = createHash("sha256").update(JSON.stringify(asked)).digest();
  return { keys, payload: { id: request_id, payload_hash } };
}

function mismatch(first: string, now: string): FieldError {
  const used = first === now ? `${first} with another payload` : first;
  return { field: "request_id", message: `was first used for ${used}; a new request needs a new request_id` };
}
