import type { FastifyInstance } from "fastify";
import { sendBody } from "../envelope.ts";
import { otherMethods } from "../machine-api.ts";
import { describeApi } from "./openapi.ts";
import { listReasonCodes } from "./reason-codes.ts";
import type { ApiRoutes } from "./routes-of-api.ts";

/** What the API says about itself; all of it is made once, from what is served. */
export function referenceRoutes(app: FastifyInstance, routes: ApiRoutes, public_url: string): void {
  const document = describeApi(routes, public_url);
  const reason_codes = listReasonCodes(document);
  const openapi = JSON.stringify(document);
  app.get("/api/v2/openapi.json", (request, reply) => {
    request.outcome = "openapi";
    return reply.header("Content-Type", "application/json; charset=utf-8").send(openapi);
  });
  app.get("/api/v2/reason-codes", (request, reply) => {
    const reason_code = "reason_codes_loaded";
    const body = { ok: true, reason_code, correlation_id: request.id, reason_codes };
    return sendBody(reply, JSON.stringify(body), request.id, reason_code);
  });
  for (const path of ["/api/v2/openapi.json", "/api/v2/reason-codes"]) otherMethods(app, path, "GET");
}
