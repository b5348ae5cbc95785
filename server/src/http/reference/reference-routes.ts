import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { sendBody } from "../envelope.ts";
import { otherMethods } from "../machine-api.ts";
import { describeApi } from "./openapi.ts";
import { ICON, PAGE_POLICY, startPage } from "./page.ts";
import { listReasonCodes } from "./reason-codes.ts";
import { referencePage } from "./reference-page.ts";
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
  otherMethods(app, "/api/v2/openapi.json", "GET");
  otherMethods(app, "/api/v2/reason-codes", "GET");

  const css = readFileSync(new URL("reference.css", import.meta.url), "utf8");
  // Another stylesheet has another address, so this one may be kept.
  const stylesheet = `/docs/api.css?v=${createHash("sha256").update(css).digest("hex").slice(0, 12)}`;
  serve(app, "/", "text/html", startPage(stylesheet));
  serve(app, "/docs/api", "text/html", referencePage(document, reason_codes, stylesheet));
  serve(app, "/docs/api.css", "text/css", css);
  serve(app, "/docs/icon.svg", "image/svg+xml", ICON);
}

function serve(app: FastifyInstance, path: string, type: string, text: string): void {
  const is_page = type === "text/html";
  app.get(path, (request, reply) => {
    request.outcome = "page";
    return reply
      .header("Content-Type", `${type}; charset=utf-8`)
      .header("Content-Security-Policy", PAGE_POLICY)
      .header("Cache-Control", is_page ? "no-cache" : "public, max-age=86400")
      .send(text);
  });
  otherMethods(app, path, "GET");
}
