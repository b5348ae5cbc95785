import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { NOT_BUILT } from "../console-files.ts";
import { otherMethods } from "../machine-api.ts";
import { sendPage } from "../plain-page.ts";
import type { EmbedApi } from "./embed-api.ts";
import { embedAuthRoute } from "./embed-auth.ts";
import { FrameOrigins } from "./frame-origins.ts";

/** What the build left; `base` of its settings is /embed/. */
const BUILT = fileURLToPath(new URL("../../../../console/dist-embed/", import.meta.url));
const PAGE = `${BUILT}embed.html`;
/** What the page is to put its own list in the place of. */
const PLACE = "ORIGINS_THAT_MAY_FRAME";
const A_YEAR_MS = 31_536_000_000;
/** Every address of the page; at /embed/auth it only finds out who is there. */
const PAGES = ["/embed", "/embed/", "/embed/dashboard", "/embed/panel"];

/** The one page here that may be framed, and the files it loads. */
export async function embedFiles(app: FastifyInstance, api: EmbedApi): Promise<void> {
  const page = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : null;
  if (page !== null && !page.includes(PLACE)) throw new Error("the embed's page keeps no place for its origins");
  const origins = new FrameOrigins(api.db, api.clock, api.frame_origins);
  const send = async (request: FastifyRequest, reply: FastifyReply) => {
    if (page === null) return sendPage(reply, 503, "Not built", NOT_BUILT);
    const { location_id } = request.query as { location_id?: unknown };
    const may_frame = await origins.of(location_id);
    request.outcome = "page";
    return reply
      .removeHeader("X-Frame-Options")
      .header("Content-Type", "text/html; charset=utf-8")
      .header("Content-Security-Policy", policy(may_frame))
      .header("Cache-Control", "no-cache")
      .send(page.replace(PLACE, may_frame.join(" ")));
  };
  for (const url of PAGES) {
    app.get(url, send);
    otherMethods(app, url, "GET");
  }
  embedAuthRoute(app, api, send);
  if (page === null) return;
  await app.register(async (files) => {
    files.addHook("onRequest", async (request) => {
      request.outcome = "file";
    });
    await files.register(fastifyStatic, {
      root: `${BUILT}assets`,
      prefix: "/embed/assets/",
      wildcard: false,
      index: false,
      decorateReply: false,
      immutable: true,
      maxAge: A_YEAR_MS,
    });
  });
}

function policy(may_frame: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors 'self' ${may_frame.join(" ")}`,
  ].join("; ");
}
