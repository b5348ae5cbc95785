import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Authenticator } from "../operations/access/authenticate-client.ts";
import type { Asking, Scope } from "../operations/access/caller.ts";
import type { ClientRequest, RequestLog } from "../operations/access/request-log.ts";
import type { Gate, LedgerOperation } from "../operations/gate.ts";
import type { Ledger } from "../operations/ledger.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { AskGhl } from "./ask-ghl.ts";
import { sendAnswer, sendError } from "./envelope.ts";
import type { RateLimiter } from "./rate-limit.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Whom the door's guard found. */
    asking: Asking | null;
  }
  interface FastifyContextConfig {
    /** The scope that a token needs for this route. */
    scope?: Scope;
  }
}

export interface MachineApi {
  gate: Gate;
  /** For a read of a member for whom something fell due: it is settled first. */
  ledger: Ledger;
  authenticator: Authenticator;
  rate_limiter: RateLimiter;
  /** What clients asked last, for whoever writes an automation. */
  request_log: RequestLog;
  /** What the reads look at. */
  db: Database;
  clock: Clock;
  /** Whom GoHighLevel's lists are asked through. */
  ghl: AskGhl;
  /** Where this server is reached from outside. */
  public_url: string;
  /** Whether the server is shutting down. */
  is_draining(): boolean;
}

/** A way in: where the routes stand behind it, what its guard must know of each, and whom it found. */
export interface Door {
  /** Of a path as the machine API has it, the address as Fastify writes it. */
  url(path: string): string;
  /** What a route asks of whoever comes: the scope of a token, and whether it may change anything. */
  needs(scope: Scope, changes: boolean): FastifyContextConfig;
  asking(request: FastifyRequest): Asking;
}

/** Programs with a bearer token. */
export const MACHINE_DOOR: Door = {
  url: fastifyPath,
  needs: (scope) => ({ scope }),
  asking: askingOf,
};

/** `{id}`, as OpenAPI writes it → `:id`. */
export function fastifyPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** Every machine route: who asks, may they, not too often — before a byte of the body is read. */
export function guard(app: FastifyInstance, { authenticator, rate_limiter, request_log, clock }: MachineApi): void {
  app.decorateRequest("asking", null);
  app.addHook("onResponse", (request, reply, done) => {
    const noted = noteOf(request, reply, clock);
    if (noted) request_log.note(noted);
    done();
  });
  app.addHook("onRequest", async (request, reply) => {
    const { scope } = request.routeOptions.config;
    if (!scope) return undefined;
    const { authorization } = request.headers;
    let caller = await authenticator.authenticate(authorization);
    // Memory may be behind what was granted since: a refusal for a scope is always of now.
    if (caller && !caller.scopes.has(scope)) caller = await authenticator.authenticateAfresh(authorization);
    if (!caller) return sendError(reply, "UNAUTHORIZED");
    request.asking = { caller, again: () => authenticator.authenticateAfresh(authorization) };
    if (!caller.scopes.has(scope)) {
      return sendError(reply, "UNAUTHORIZED", { message: `the token lacks the scope ${scope}` });
    }
    if (rate_limiter.per_second === 0) return undefined;
    const allowance = rate_limiter.take(caller.actor.id);
    limitHeaders(reply, rate_limiter, allowance);
    return allowance.is_allowed
      ? undefined
      : sendError(reply, "RATE_LIMITED", { retry_after: allowance.reset_seconds });
  });
  if (rate_limiter.per_second === 0) return;
  app.addHook("onSend", (_request, reply, payload, done) => {
    // What was nobody's request leaves every allowance as it was.
    const untouched = { remaining: rate_limiter.burst, reset_seconds: 0 };
    if (!reply.hasHeader("RateLimit")) limitHeaders(reply, rate_limiter, untouched);
    done(null, payload);
  });
}

/** What is kept of a client's request; null: it was no client's. */
function noteOf(request: FastifyRequest, reply: FastifyReply, clock: Clock): ClientRequest | null {
  const { asking, routeOptions, outcome, id: correlation_id, method } = request;
  if (asking?.caller.actor.kind !== "api_client" || routeOptions.url === undefined) return null;
  const duration_ms = Math.round(reply.elapsedTime);
  return {
    location_id: asking.caller.location_id,
    client_id: asking.caller.actor.id,
    correlation_id,
    received_at: clock.now() - duration_ms,
    method,
    route: routeOptions.url.replaceAll(/:(\w+)/g, "{$1}"),
    status: reply.statusCode,
    reason_code: outcome === "" ? null : outcome,
    duration_ms,
  };
}

function limitHeaders(
  reply: FastifyReply,
  { policy }: RateLimiter,
  { remaining, reset_seconds }: { remaining: number; reset_seconds: number },
): void {
  void reply.header("RateLimit-Policy", policy);
  void reply.header("RateLimit", `"default";r=${remaining};t=${reset_seconds}`);
}

/** Whom the guard found. */
export function askingOf(request: FastifyRequest): Asking {
  if (!request.asking) throw new Error("a route without its guard");
  return request.asking;
}

/** The route of a ledger operation: everything else about it the operation says itself. */
export function operationRoute<I>(
  app: FastifyInstance,
  door: Door,
  path: string,
  operation: LedgerOperation<I>,
  { gate }: Pick<MachineApi, "gate">,
): void {
  if (!operation.scope) throw new Error(`${operation.name} is not for the machine API`);
  const url = door.url(path);
  app.post(url, { config: door.needs(operation.scope, !operation.is_read) }, async (request, reply) => {
    const answer = await gate.run(operation, {
      asking: door.asking(request),
      body: withPathFields(request),
      correlation_id: request.id,
      explain: (request.query as { explain?: string }).explain === "true",
    });
    return sendAnswer(request, reply, answer);
  });
  otherMethods(app, url, "POST");
}

/** What stands in the path is a field of the input like any other, and wins. */
function withPathFields({ body, params }: FastifyRequest): unknown {
  if (Object.keys(params as object).length === 0) return body;
  const is_object = typeof body === "object" && body !== null && !Array.isArray(body);
  return { ...(is_object ? body : {}), ...(params as object) };
}

/** A path that exists answers 405 to every method it does not have, before anything that may be wrong with a body. */
export function otherMethods(app: FastifyInstance, url: string, ...allowed: string[]): void {
  const refuse = (_: FastifyRequest, reply: FastifyReply) =>
    sendError(reply.header("Allow", allowed.join(", ")), "METHOD_NOT_ALLOWED");
  app.route({
    method: app.supportedMethods.filter((method) => !allowed.includes(method)),
    url,
    onRequest: async (request, reply) => refuse(request, reply),
    handler: refuse,
  });
}
