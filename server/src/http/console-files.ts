import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendError } from "./envelope.ts";
import { otherMethods } from "./machine-api.ts";
import { sendPage } from "./plain-page.ts";

/** Where the console lives; `base` of its build says the same. */
const CONSOLE_BASE = "/admin";
/** What the build left. */
const BUILT = fileURLToPath(new URL("../../../console/dist/", import.meta.url));
/** Files whose name changes with what is in them. */
const HASHED = `${CONSOLE_BASE}/assets/`;
const A_YEAR = "public, max-age=31536000, immutable";
const NONCE_BYTES = 16;

/** What a person is told who has no build; also printed at the start. */
export const NOT_BUILT = "The console is not built: run `npm run build:console`, then start again.";

export function isConsoleBuilt(): boolean {
  return existsSync(`${BUILT}index.html`);
}

/** The console: one page for all its addresses, and the files it loads. */
export async function consoleFiles(app: FastifyInstance): Promise<void> {
  const page = isConsoleBuilt() ? openPage(readFileSync(`${BUILT}index.html`, "utf8")) : null;
  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    // A page that is older than the build asks for files that are gone; it must not be given a page instead.
    if (request.url.startsWith(HASHED)) return sendError(reply, "NOT_FOUND");
    if (!page) return sendPage(reply, 503, "Not built", NOT_BUILT);
    request.outcome = "page";
    const nonce = randomBytes(NONCE_BYTES).toString("base64");
    return reply
      .header("Content-Type", "text/html; charset=utf-8")
      .header("Content-Security-Policy", policy(nonce))
      .header("Cache-Control", "no-cache")
      .send(page(nonce));
  };
  for (const url of [CONSOLE_BASE, `${CONSOLE_BASE}/*`]) {
    app.get(url, answer);
    otherMethods(app, url, "GET");
  }
  if (!page) return;
  await app.register(async (files) => {
    files.addHook("onRequest", async (request) => {
      request.outcome = "file";
    });
    await files.register(fastifyStatic, {
      root: BUILT,
      prefix: `${CONSOLE_BASE}/`,
      wildcard: false,
      index: false,
      globIgnore: ["**/*.html", "**/*.br", "**/*.gz"],
      preCompressed: true,
      decorateReply: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header("Cache-Control", path.startsWith(`${BUILT}assets`) ? A_YEAR : "no-cache");
      },
    });
  });
}

/** The page with a nonce of its own each time, in the place that the build keeps for it. */
function openPage(html: string): (nonce: string) => string {
  const [, placeholder] = /property="csp-nonce" nonce="([^"]+)"/.exec(html) ?? [];
  if (placeholder === undefined) throw new Error("the console's page keeps no place for a nonce");
  return (nonce) => html.replaceAll(placeholder, nonce);
}

/** Scripts are files of ours. The component library adds style elements as it runs: they bear the page's nonce. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
