import type { FastifyReply } from "fastify";
import { TRANSPORT_ERRORS, type TransportError } from "../rules/reasons.ts";

/** Seconds after which a delivery that could not be kept may come again. */
const RETRY_AFTER_SECONDS = 2;

/** A provider reads the status and nothing else, so the body is as small as the envelope allows. */
export function acknowledge(reply: FastifyReply): FastifyReply {
  return send(reply, 200, { ok: true, reason_code: "webhook_received" });
}

export function refuse(reply: FastifyReply, code: TransportError): FastifyReply {
  const { status, meaning } = TRANSPORT_ERRORS[code];
  if (status === 503) void reply.header("Retry-After", String(RETRY_AFTER_SECONDS));
  return send(reply, status, { ok: false, reason_code: code, message: meaning });
}

function send(reply: FastifyReply, status: number, answer: { ok: boolean; reason_code: string; message?: string }) {
  const { ok, reason_code, message } = answer;
  reply.request.outcome = reason_code;
  const body = JSON.stringify({ ok, reason_code, correlation_id: reply.request.id, message });
  return reply.code(status).header("Content-Type", "application/json; charset=utf-8").send(body);
}
