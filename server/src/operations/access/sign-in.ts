import { createHash } from "node:crypto";
import { betterAuth, type GenericEndpointContext } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { Logger } from "../../platform/log.ts";
import { networkOf } from "../../platform/network.ts";
import { redact } from "../../platform/redact.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { giveAttemptsBack, takeAttempt, type Attempt } from "../../store/attempts.ts";
import type { MailPost } from "./mail-post.ts";
import { MAILS } from "./mails.ts";
import { addressOf, noteAuthChange, noteOwnChange } from "./note-own-change.ts";
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
  /** Counts a mail that somebody has sent to an address; answers the seconds to wait where it is one too many, else 0. */
  countMail(what: string, address: string): Promise<number>;
  /** Counts a password tried for an address from somewhere, alike. */
  countGuess(address: string, ip: string): Promise<number>;
  /** The password was right: it does not count. */
  forgetGuess(address: string, ip: string): Promise<void>;
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
/** Mails to one e-mail address, asked for from wherever. */
const MAILS_TO = { window: 15 * MINUTE, max: 10 };
/**
 * Wrong passwords for one e-mail address. From one place few, so that nobody is locked out by whoever knows their address; from all
 * places together more, against who guesses from many.
 */
const GUESSES = { window: 15 * MINUTE, from_one: 10, from_all: 100 };

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
      after: createAuthMiddleware(async (context) => {
        await refuseUsedCode(attempt, context);
        await noteAuthChange(db, context);
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
    countMail: (what, address) => waitFor(attempt, hashed(what, asOne(address)), MAILS_TO.window, MAILS_TO.max),
    countGuess: async (address, ip) => {
      const { from_one, from_all } = guessKeys(address, ip);
      const wait = await waitFor(attempt, from_one, GUESSES.window, GUESSES.from_one);
      return wait > 0 ? wait : waitFor(attempt, from_all, GUESSES.window, GUESSES.from_all);
    },
    forgetGuess: (address, ip) =>
      db.transaction("sign_in", (tx) => giveAttemptsBack(tx, Object.values(guessKeys(address, ip)))),
  };
}

function guessKeys(address: string, ip: string) {
  const of_address = ["guess", asOne(address)];
  return { from_one: hashed(...of_address, networkOf(ip)), from_all: hashed(...of_address) };
}

/** However it is written. */
function asOne(address: string): string {
  return address.trim().toLowerCase();
}

/** Ends the session that a code of the app opened a second time. */
async function refuseUsedCode(attempt: CountAttempt, { path, body, context }: GenericEndpointContext): Promise<void> {
  if (path !== CODE_PATH || !context.newSession) return;
  const { session, user } = context.newSession;
  const { count } = await attempt(hashed(path, user.id, String((body as { code: unknown }).code)), CODE_SECONDS);
  if (count === 1) return;
  await context.internalAdapter.deleteSession(session.token);
  throw new APIError("UNAUTHORIZED", {
    code: "INVALID_CODE",
    message: "The code was used already: wait for the next.",
  });
}

type CountAttempt = (key: string, window: number) => Promise<Attempt>;

/** Seconds to wait where an attempt is one too many, else 0. */
async function waitFor(attempt: CountAttempt, key: string, window: number, max: number): Promise<number> {
  const { count, seconds_left } = await attempt(key, window);
  return count <= max ? 0 : seconds_left;
}

function rateLimit(attempt: CountAttempt) {
  const consume = async (key: string, { window, max }: { window: number; max: number }) => {
    const wait = await waitFor(attempt, hashed(key), window, max);
    return wait === 0 ? { allowed: true, retryAfter: null } : { allowed: false, retryAfter: wait };
  };
  return { enabled: true, window: MINUTE, max: 200, customRules: LIMITS, customStorage: { consume } };
}

function passwordMails({ db, post, public_url }: SignInPorts) {
  return {
    sendResetPassword: ({ user, token }: { user: { email: string }; token: string }) =>
      post.post(MAILS.resetPassword(user.email, consolePage(public_url, "reset-password", token))),
    onPasswordReset: async (
      { user: { id: user_id, email } }: { user: { id: string; email: string } },
      request?: Request,
    ) => {
      await noteOwnChange(db, { user_id, email, ip: addressOf(request?.headers) }, { action: "reset_password" });
      await post.post(MAILS.passwordChanged(email, consolePage(public_url, "sign-in")));
    },
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

/** What is counted is kept under keys that name no person. */
export function hashed(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("base64url");
}
