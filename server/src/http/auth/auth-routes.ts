import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { MAX_PASSWORD, MIN_PASSWORD } from "../../operations/access/passwords.ts";
import { CLIENT_ADDRESS } from "../../operations/access/sign-in-options.ts";
import type { SignIn } from "../../operations/access/sign-in.ts";
import { emailAddress, isStorable, text } from "../../operations/fields.ts";
import { fieldErrors, type FieldError } from "../../operations/validation.ts";
import { monotonicNow } from "../../platform/clock.ts";
import { TRANSPORT_ERRORS } from "../../rules/reasons.ts";
import { sendBody, sendError } from "../envelope.ts";
import { otherMethods } from "../machine-api.ts";
import { isOwnSite, refuseForeign } from "../own-pages.ts";

const DOOR = "/api/auth";

interface AuthRoute {
  method: "GET" | "POST";
  path: string;
  /** What is counted by the e-mail address that it names, too: passwords guessed, or mails sent there. */
  throttled_by?: "guesses" | "mails";
  /** Takes as long for an address that has an account as for one that has none. */
  is_even?: boolean;
  /** What the library is told whatever the browser says. */
  always?: Record<string, unknown>;
  /** What must stand in the body, where the library is content with less; anything else is left out. */
  input?: z.ZodType<Record<string, unknown>>;
}

const MAX_LENGTH = 10_000;
const storable = z.string().max(MAX_LENGTH).refine(isStorable, "must not contain NUL characters or lone surrogates");
const scalar = z.union([storable, z.number(), z.boolean(), z.null()]);

/** What the library is content with: it looks at the fields itself. */
const SCALARS = z.record(z.string().max(255), scalar, "must be an object of plain values");

/** What a browser says of a passkey. */
const passkeyProof = z.object({
  response: z.object({
    id: storable,
    rawId: storable,
    type: storable,
    authenticatorAttachment: storable.nullish(),
    clientExtensionResults: z.record(z.string(), z.unknown()).transform(() => ({})),
    response: z.record(z.string(), z.union([scalar, z.array(storable).max(20)])),
  }),
  name: text.optional(),
});

const newAccount = z.object({
  name: text,
  email: emailAddress,
  password: z.string().min(MIN_PASSWORD).max(MAX_PASSWORD),
  /** Without it no workspace is opened: whoever is invited needs none of their own. */
  workspace_name: text.optional(),
});

/** No device is spared the second factor: nobody could see or end that. */
const UNTRUSTED = { trustDevice: false };

/** All that the sign-in library answers; what else it could do is not there. */
export const AUTH_ROUTES: readonly AuthRoute[] = [
  { method: "POST", path: "/sign-up/email", throttled_by: "mails", is_even: true, input: newAccount },
  { method: "POST", path: "/sign-in/email", throttled_by: "guesses" },
  { method: "POST", path: "/sign-out" },
  { method: "GET", path: "/get-session" },
  { method: "POST", path: "/send-verification-email", throttled_by: "mails", is_even: true },
  { method: "GET", path: "/verify-email" },
  { method: "POST", path: "/request-password-reset", throttled_by: "mails", is_even: true },
  { method: "POST", path: "/reset-password" },
  { method: "POST", path: "/change-password", always: { revokeOtherSessions: true } },
  { method: "POST", path: "/two-factor/enable", always: { method: "totp" } },
  { method: "POST", path: "/two-factor/disable" },
  { method: "POST", path: "/two-factor/get-totp-uri" },
  { method: "POST", path: "/two-factor/verify-totp", always: UNTRUSTED },
  { method: "POST", path: "/two-factor/generate-backup-codes" },
  { method: "POST", path: "/two-factor/verify-backup-code", always: UNTRUSTED },
  { method: "GET", path: "/passkey/generate-register-options" },
  { method: "POST", path: "/passkey/verify-registration", input: passkeyProof },
  { method: "GET", path: "/passkey/generate-authenticate-options" },
  { method: "POST", path: "/passkey/verify-authentication", input: passkeyProof },
  { method: "GET", path: "/passkey/list-user-passkeys" },
  { method: "POST", path: "/passkey/update-passkey" },
  { method: "POST", path: "/passkey/delete-passkey" },
];

/** Milliseconds that an even answer takes at least: more than a password's hash and a few statements. */
const EVEN_MS = 300;

/** Signing in, up and out, as the library answers it, in its own shapes. */
export function authRoutes(app: FastifyInstance, sign_in: SignIn, public_url: string): void {
  const { origin } = new URL(public_url);
  for (const route of AUTH_ROUTES) {
    const url = DOOR + route.path;
    app.route({
      method: route.method,
      url,
      onRequest: async (request, reply) => {
        void reply.header("Cache-Control", "no-store");
        // A link that signs somebody in is opened by our own page, which the mail leads to.
        if (route.method === "GET" && !isOwnSite(request.headers["sec-fetch-site"]))
          return sendError(reply, "FORBIDDEN");
        return refuseForeign(request, reply, origin) ? reply : undefined;
      },
      handler: (request, reply) => answer(route, sign_in, origin, request, reply),
    });
    otherMethods(app, url, route.method);
  }
}

async function answer(
  { path, method, throttled_by, is_even, always, input }: AuthRoute,
  sign_in: SignIn,
  origin: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const begun_at = monotonicNow();
  const parsed = method === "GET" ? null : (input ?? SCALARS).safeParse(request.body ?? {});
  if (parsed?.success === false) return invalid(reply, fieldErrors(parsed.error));
  const body: Record<string, unknown> | null = parsed && { ...parsed.data, ...always };
  const email = typeof body?.["email"] === "string" ? body["email"] : "";
  const is_guess = throttled_by === "guesses" && email !== "";
  let retry_after = 0;
  if (is_guess) retry_after = await sign_in.countGuess(email, request.ip);
  else if (throttled_by === "mails" && email !== "") retry_after = await sign_in.countMail(path, email);
  if (retry_after > 0) return tooMany(reply, retry_after);
  const answered = await sign_in.answer(webRequest(request, origin, body));
  if (is_guess && answered.ok) await sign_in.forgetGuess(email, request.ip);
  if (is_even) await sleep(Math.max(0, EVEN_MS - (monotonicNow() - begun_at)));
  const wait = answered.headers.get("x-retry-after");
  if (answered.status === 429 && wait !== null) return tooMany(reply, Number(wait));
  request.outcome = `auth_${answered.status}`;
  for (const cookie of answered.headers.getSetCookie()) void reply.header("Set-Cookie", cookie);
  for (const name of ["content-type", "location"]) {
    const value = answered.headers.get(name);
    if (value !== null) void reply.header(name, value);
  }
  return reply.code(answered.status).send(await answered.text());
}

/** What the library calls it, where it has a word of its own. */
const CODES: Partial<Record<string, string>> = { email: "INVALID_EMAIL", password: "PASSWORD_TOO_SHORT" };

/** In both shapes: the envelope's, and the library's, whose readers look for a code. */
function invalid(reply: FastifyReply, errors: FieldError[]): FastifyReply {
  const [first] = errors;
  const code = CODES[first?.field ?? ""] ?? "VALIDATION_ERROR";
  const message = first ? `${first.field} ${first.message}` : TRANSPORT_ERRORS.VALIDATION_ERROR.meaning;
  const { id: correlation_id } = reply.request;
  const body = { ok: false, reason_code: "VALIDATION_ERROR", correlation_id, code, message, errors };
  return sendBody(reply.code(400), JSON.stringify(body), correlation_id, "VALIDATION_ERROR");
}

/** In the library's shape, with the envelope's code. */
function tooMany(reply: FastifyReply, retry_after: number): FastifyReply {
  const { outcome } = reply.request;
  reply.request.outcome = outcome || "RATE_LIMITED";
  return reply
    .code(429)
    .header("Retry-After", String(retry_after))
    .header("Content-Type", "application/json; charset=utf-8")
    .send(JSON.stringify({ code: "RATE_LIMITED", message: `Too many tries: wait ${retry_after} seconds.` }));
}

const CARRIED = ["accept", "cookie", "origin", "referer", "user-agent", "sec-fetch-site", "sec-fetch-mode"] as const;

function webRequest(request: FastifyRequest, origin: string, body: object | null): Request {
  const headers = new Headers();
  for (const name of CARRIED) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, name === "cookie" ? withoutTrust(value) : value);
  }
  headers.set(CLIENT_ADDRESS, request.ip);
  if (body) headers.set("content-type", "application/json");
  return new Request(new URL(request.url, origin), {
    method: request.method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** A browser may still hold what spared its device the second factor once. */
function withoutTrust(cookies: string): string {
  const pairs = cookies.split(";").filter((pair) => !(pair.split("=", 1)[0] ?? "").includes("trust_device"));
  return pairs.join(";");
}
