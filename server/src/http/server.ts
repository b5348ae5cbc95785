import { randomUUID } from "node:crypto";
import { METHODS } from "node:http";
import helmet from "@fastify/helmet";
import fastify, { LogController, type FastifyError, type FastifyInstance } from "fastify";
import { monotonicNow } from "../platform/clock.ts";
import { isUnavailable } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import { RETRY_AFTER, sendError } from "./envelope.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The reason code that was answered, for the log line. */
    outcome: string;
    /** The correlation id of the first answer, where this one repeats it. */
    replay_of: string | null;
    started_at: number;
  }
}

/** Bytes of a request body at most: metadata's 16 KiB with room for everything else. */
const MAX_BODY = 64 * 1024;
/** How long a client may take to send a request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

const NO_HOST = { errors: [{ field: "host", message: "is required as a header of HTTP/1.1" }] };

/**
 * A Fastify that answers everything, well-formed or not, in the one envelope, and logs one line per request. `trusts_proxy`: whoever
 * connects is our own proxy, and says who is behind it.
 */
export async function createHttp(log: Logger, { trusts_proxy = false } = {}): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: MAX_BODY,
    trustProxy: trusts_proxy && ((_address, hop) => hop === 0),
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node's own refusal would have no body; the hook below answers in the envelope.
    http: { requireHostHeader: false },
    genReqId: () => randomUUID(),
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1000 },
    frameworkErrors: (error, request, reply) => {
      void (error.code === "FST_ERR_BAD_URL" || error.code === "FST_ERR_MAX_PARAM_LENGTH"
        ? sendError(reply, "NOT_FOUND")
        : sendError(reply, "INTERNAL_ERROR"));
    },
    clientErrorHandler(error, socket) {
      if (!socket.writable || error.code === "ECONNRESET") return;
      socket.end(malformedAnswer());
    },
  }) as unknown as FastifyInstance;
  // Every method is known, so that a path can answer 405 to those it does not have.
  for (const method of METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  // An expectation other than 100-continue may be ignored; Node's own refusal would have no body.
  app.server.on("checkExpectation", (request, response) => app.routing(request, response));
  app.decorateRequest("outcome", "");
  app.decorateRequest("replay_of", null);
  app.decorateRequest("started_at", 0);
  // JSON is no page: it loads nothing and is framed by nobody. A page states what it needs beside its route.
  const nothing = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: nothing },
    frameguard: { action: "deny" },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_, text, done) => {
    try {
      done(null, JSON.parse(text as string));
    } catch {
      done(new MalformedJson());
    }
  });
  keepEnvelope(app);
  return app;
}

/** What every request goes through, and how every failure is told. */
function keepEnvelope(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    request.started_at = monotonicNow();
    void reply.header("X-Correlation-Id", request.id);
    if (request.is404) sendError(reply, "NOT_FOUND");
    else if (request.raw.httpVersion === "1.1" && request.headers.host === undefined)
      sendError(reply, "VALIDATION_ERROR", NO_HOST);
    else done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const duration_ms = Math.round((monotonicNow() - request.started_at) * 10) / 10;
    const { id: correlation_id, outcome: reason_code, replay_of, method } = request;
    const line = {
      correlation_id,
      method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      reason_code,
      duration_ms,
    };
    request.log.info(replay_of ? { ...line, replay_of } : line, "request");
    done();
  });
  app.setNotFoundHandler((_, reply) => sendError(reply, "NOT_FOUND"));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof MalformedJson || error.code === "FST_ERR_CTP_EMPTY_JSON_BODY") {
      return sendError(reply, "VALIDATION_ERROR", { errors: [{ field: "body", message: "must be a JSON object" }] });
    }
    if (error.statusCode === 413) return sendError(reply, "PAYLOAD_TOO_LARGE");
    if (error.statusCode === 415) return sendError(reply, "UNSUPPORTED_MEDIA_TYPE");
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return sendError(reply, "VALIDATION_ERROR", { errors: [{ field: "body", message: "could not be read" }] });
    }
    if (isUnavailable(error)) return sendError(reply, "UNAVAILABLE", { retry_after: RETRY_AFTER.UNAVAILABLE });
    request.log.error({ err: error, correlation_id: request.id }, "a request failed");
    return sendError(reply, "INTERNAL_ERROR");
  });
}

class MalformedJson extends Error {}

/** What cannot be read as HTTP is answered by hand: there is no request to reply to. */
function malformedAnswer(): string {
  const correlation_id = randomUUID();
  const errors = [{ field: "body", message: "the request is not readable as HTTP" }];
  const body = JSON.stringify({
    ok: false,
    reason_code: "VALIDATION_ERROR",
    correlation_id,
    message: "The request is not well formed.",
    errors,
  });
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: application/json; charset=utf-8",
    `X-Correlation-Id: ${correlation_id}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
