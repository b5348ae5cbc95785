import type { FastifyReply, FastifyRequest } from "fastify";
import type { GateAnswer } from "../operations/gate.ts";
import type { FieldError } from "../operations/validation.ts";
import { renderOutcome, type Outcome } from "../rules/outcome.ts";
import { TRANSPORT_ERRORS, type TransportError } from "../rules/reasons.ts";

/** Seconds after which a refused caller may come again. */
export const RETRY_AFTER = { REQUEST_IN_PROGRESS: 1, UNAVAILABLE: 1 } as const;

export interface ErrorFacts {
  message?: string;
  errors?: FieldError[];
  retry_after?: number;
}

/** Answers a transport error in the envelope that every answer has. */
export function sendError(reply: FastifyReply, code: TransportError, facts: ErrorFacts = {}): FastifyReply {
  const { status, meaning } = TRANSPORT_ERRORS[code];
  const { message, errors, retry_after } = facts;
  if (retry_after !== undefined) void reply.header("Retry-After", String(retry_after));
  if (code === "UNAUTHORIZED") void reply.header("WWW-Authenticate", "Bearer");
  const correlation_id = reply.request.id;
  return sendBody(
    reply.code(status),
    JSON.stringify({
      ok: false,
      reason_code: code,
      correlation_id,
      message: message ?? meaning,
      ...(errors && { errors }),
    }),
    correlation_id,
    code,
  );
}

/** Sends a body that is rendered already, with the correlation id that it carries. */
export function sendBody(reply: FastifyReply, body: string, correlation_id: string, reason_code: string): FastifyReply {
  reply.request.outcome = reason_code;
  return reply
    .header("X-Correlation-Id", correlation_id)
    .header("Content-Type", "application/json; charset=utf-8")
    .send(body);
}

/** What was decided or found, in the envelope that every answer has. */
export function answered(outcome: Outcome, correlation_id: string): GateAnswer {
  const body = JSON.stringify(renderOutcome(outcome, correlation_id));
  return { kind: "answered", body, correlation_id, reason_code: outcome.reason_code, is_replay: false };
}

/** The one place that turns what the gate says into HTTP. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: GateAnswer): FastifyReply {
  switch (answer.kind) {
    case "answered":
      if (answer.is_replay) {
        void reply.header("Idempotency-Replayed", "true");
        request.replay_of = answer.correlation_id;
      }
      return sendBody(reply, answer.body, answer.correlation_id, answer.reason_code);
    case "invalid":
      return sendError(reply, "VALIDATION_ERROR", { errors: answer.errors });
    case "unauthorized":
      return sendError(reply, "UNAUTHORIZED", { message: answer.message });
    case "in_progress":
      return sendError(reply, "REQUEST_IN_PROGRESS", { retry_after: RETRY_AFTER.REQUEST_IN_PROGRESS });
    case "unavailable":
      return sendError(reply, "UNAVAILABLE", { retry_after: RETRY_AFTER.UNAVAILABLE });
    case "failed":
      request.log.error({ err: answer.error, correlation_id: request.id }, "a command failed");
      return sendError(reply, "INTERNAL_ERROR");
  }
}
