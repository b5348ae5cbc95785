import { createHash } from "node:crypto";
import { betterAuth, type GenericEndpointContext } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { Logger } from "../../platform/log.ts";
import { redact } from "../../platform/redact.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { takeAttempt, type Attempt } from "../../store/attempts.ts";
import type { MailPost } from "./mail-post.ts";
import { MAILS } from "./mails.ts";
import { openWantedWorkspace } from "./open-workspace.ts";
import type { FindPerson } from "./person.ts";
import { CLIENT_ADDRESS, signInOptions } from "./sign-in-options.ts";

export interface SignInPorts {
  db: Database;
  secrets: Secrets;
  clock: Clock;
  post: MailPost;
  public_url: string;
  /** Whether workspaces pay Kotally. */
  is_billed: boolean;
  log: Logger;
}

/** Signing in, up and out, as one thing that answers requests and says who somebody is. */
export interface SignIn {
  /** Answers a request below /api/auth. */
  answer(request: Request): Promise<Response>;
  findPerson: FindPerson;
  /** Counts a try to do something with an address; answers the seconds to wait where it is one too many, else 0. */
  tryWith(what: string, address: string): Promise<number>;
}

/** Addresses of the console's pages that mails lead to. */
export function consolePage(public_url: string, page: string, token?: string): string {
  const url = new URL(`/admin/${page}`, public_url);
  if (token !== undefined) url.searchParams.set("token", token);
  return url.href;
}

const MINUTE = 60;
/** Per address of the browser's side, within a window of seconds. */
const LIMITS = {
  "/sign-in/email": { window: MINUTE, max: 30 },
  "/sign-up/email": { window: 10 * MINUTE, max: 30 },
  "/request-password-reset": { window: 10 * MINUTE, max: 20 },
  "/send-verification-email": { window: 10 * MINUTE, max: 20 },
  "/reset-password": { window: 10 * MINUTE, max: 20 },
  "/two-factor/*": { window: MINUTE, max: 20 },
} as const;
/** A code of an authenticator app signs in once; after so long it is none anyway. */
const CODE_PATH = "/two-factor/verify-totp";
const CODE_SECONDS = 3 * MINUTE;
/** Tries with one e-mail address, from wherever. */
const PER_ADDRESS = { window: 15 * MINUTE, max: 10 };

export function openSignIn(ports: SignInPorts): SignIn {
  const { db, public_url, log } = ports;
  const attempt: CountAttempt = (key, window) => db.transaction("sign_in", (tx) => takeAttempt(tx, key, window));
  const base = signInOptions(db, ports.secrets, public_url);
  const auth = betterAuth({
    ...base,
    // What is no answer of the library's is answered and logged like every other failure of ours.
    onAPIError: { throw: true },
    // Behind the colon the library repeats what was sent.
    logger: {
      level: "error",
      log: (_, message) => log.warn({ reason: redact(message.split(":", 1)[0] ?? "") }, "sign-in"),
    },
    emailAndPassword: { ...base.emailAndPassword, ...passwordMails(ports) },
    emailVerification: {
      ...base.emailVerification,
      sendVerificationEmail: ({ user, token }) =>
        ports.post.post(MAILS.confirmAddress(user.email, consolePage(public_url, "verify-email", token))),
    },
    databaseHooks: {
      session: {
        create: {
          after: async ({ userId }, context) => {
            await endFormerSession(context);
            await openWantedWorkspace(db, userId, ports);
          },
        },
      },
    },
    hooks: {
      after: createAuthMiddleware(async ({ path, body, context }) => {
        if (path !== CODE_PATH || !context.newSession) return;
        const { session, user } = context.newSession;
        const { count } = await attempt(hashed(path, user.id, String((body as { code: unknown }).code)), CODE_SECONDS);
        if (count === 1) return;
        await context.internalAdapter.deleteSession(session.token);
        throw new APIError("UNAUTHORIZED", {
          code: "INVALID_CODE",
          message: "The code was used already: wait for the next.",
        });
      }),
    },
    rateLimit: rateLimit(attempt),
  });
  return {
    answer: (request) => auth.handler(request),
    findPerson: async ({ cookie = "" }, ip) => {
      const headers = new Headers({ cookie, [CLIENT_ADDRESS]: ip });
      const { headers: answered, response } = await auth.api.getSession({ headers, returnHeaders: true });
      if (!response) return null;
      const { user, session } = response;
      const { twoFactorEnabled: two_factor } = user as { twoFactorEnabled?: boolean | null };
      const name = user.name === "" ? null : user.name;
      const person = { user_id: user.id, email: user.email, name, two_factor: two_factor === true };
      return { person: { ...person, session_id: session.id, ip }, set_cookies: answered.getSetCookie() };
    },
    tryWith: async (what, address) => {
      const { count, seconds_left } = await attempt(hashed(what, address.trim().toLowerCase()), PER_ADDRESS.window);
      return count <= PER_ADDRESS.max ? 0 : seconds_left;
    },
  };
}

type CountAttempt = (key: string, window: number) => Promise<Attempt>;

function rateLimit(attempt: CountAttempt) {
  const consume = async (key: string, { window, max }: { window: number; max: number }) => {
    const { count, seconds_left } = await attempt(hashed(key), window);
    return count <= max ? { allowed: true, retryAfter: null } : { allowed: false, retryAfter: seconds_left };
  };
  return { enabled: true, window: MINUTE, max: 200, customRules: LIMITS, customStorage: { consume } };
}

function passwordMails({ post, public_url }: SignInPorts) {
  return {
    sendResetPassword: ({ user, token }: { user: { email: string }; token: string }) =>
      post.post(MAILS.resetPassword(user.email, consolePage(public_url, "reset-password", token))),
    onPasswordReset: ({ user }: { user: { email: string } }) =>
      post.post(MAILS.passwordChanged(user.email, consolePage(public_url, "sign-in"))),
    onExistingUserSignUp: ({ user }: { user: { email: string } }) =>
      post.post(MAILS.accountExists(user.email, consolePage(public_url, "sign-in"))),
  };
}

/** Whoever signs in leaves the session behind that their browser brought along. */
async function endFormerSession(context: GenericEndpointContext | null): Promise<void> {
  if (!context) return;
  const { authCookies, secret, internalAdapter } = context.context;
  const former = await context.getSignedCookie(authCookies.sessionToken.name, secret);
  if (former) await internalAdapter.deleteSession(former);
}

/** Keys name no person. */
function hashed(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("base64url");
}
