import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { GhlError } from "./ghl-error.ts";
import { failureOf, messageOf, sendRequest, type HttpAnswer, type HttpRequest } from "./send-request.ts";
import { flag, id, instant, list, number, readRecord, text } from "./tolerant.ts";

/** The app as GoHighLevel's marketplace knows it. */
export interface GhlApp {
  client_id: string;
  client_secret: string;
  /** `https://services.leadconnectorhq.com`, or a fake. */
  api_base: string;
}

/** What a token is good for: a whole agency, or one of its locations. */
export type GhlUserType = "Company" | "Location";

export interface GhlTokens {
  access_token: string;
  /** Good once: each refresh voids it and brings the next. Empty where GoHighLevel gave none. */
  refresh_token: string;
  expires_at: Instant;
  user_type: GhlUserType;
  company_id: string;
  location_id: string | null;
  user_id: string | null;
  scopes: string[];
  /** True: an agency installed the app for many locations at once. */
  is_bulk: boolean;
}

export interface GhlInstalledLocation {
  location_id: string;
  name: string | null;
  is_installed: boolean;
  installed_at: Instant | null;
}

const OAUTH_VERSION = "2021-07-28";
const TIMEOUT_MS = 8000;
/** The same refresh token brings the same answer for 30 s, so a lost answer may be asked for again. */
const REFRESH_ATTEMPTS = 3;
const PAGE_SIZE = 100;
const MAX_PAGES = 100;
const DEFAULT_LIFETIME_SECONDS = 86_399;

/** Where an installer is sent: the install link as the app's settings show it, with our signed state. */
export function authorizeUrl(install_url: string, state: string): string {
  const url = new URL(install_url);
  url.searchParams.set("state", state);
  return url.href;
}

/** The app's id, the first part of its client id. */
export function appIdOf(client_id: string): string {
  return client_id.split("-")[0] ?? client_id;
}

/** Tokens for the code that came back with the installer. Throws `GhlError` `refused` for a code that is void. */
export async function exchangeCode(
  app: GhlApp,
  clock: Clock,
  { code, redirect_uri, user_type }: { code: string; redirect_uri?: string; user_type?: GhlUserType },
): Promise<GhlTokens> {
  return askForTokens(app, clock, { grant_type: "authorization_code", code, redirect_uri, user_type });
}

/**
 * The next pair of tokens. Keep it before using it: the old pair is void.
 * Throws `GhlError`: `reinstall_needed`, `location_inactive` (keep the pair, try later), `rate_limited`, `unavailable`.
 */
export async function refreshToken(
  app: GhlApp,
  clock: Clock,
  { refresh_token, user_type }: { refresh_token: string; user_type: GhlUserType },
): Promise<GhlTokens> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askForTokens(app, clock, { grant_type: "refresh_token", refresh_token, user_type });
    } catch (error) {
      const may_repeat = error instanceof GhlError && error.kind === "unavailable" && attempt < REFRESH_ATTEMPTS;
      if (!may_repeat) throw error;
    }
  }
}

/** Tokens of one location, for the token of its agency. Throws `GhlError`. */
export async function locationToken(
  app: GhlApp,
  clock: Clock,
  { access_token, company_id, location_id }: { access_token: string; company_id: string; location_id: string },
): Promise<GhlTokens> {
  const request: HttpRequest = {
    method: "POST",
    url: `${app.api_base}/oauth/locationToken`,
    headers: { ...form, authorization: `Bearer ${access_token}`, version: OAUTH_VERSION },
    body: new URLSearchParams({ companyId: company_id, locationId: location_id }).toString(),
    timeout_ms: TIMEOUT_MS,
  };
  return readTokens(clock, request, await sendRequest(request));
}

/** The locations of an agency that have the app. At most 10,000. Throws `GhlError`. */
export async function installedLocations(
  app: GhlApp,
  { access_token, company_id }: { access_token: string; company_id: string },
): Promise<GhlInstalledLocation[]> {
  const found: GhlInstalledLocation[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = new URLSearchParams({
      companyId: company_id,
      appId: appIdOf(app.client_id),
      isInstalled: "true",
      skip: String(page * PAGE_SIZE),
      limit: String(PAGE_SIZE),
    });
    const request: HttpRequest = {
      method: "GET",
      url: `${app.api_base}/oauth/installedLocations?${query.toString()}`,
      headers: { authorization: `Bearer ${access_token}`, version: OAUTH_VERSION },
      timeout_ms: TIMEOUT_MS,
    };
    const answer = await sendRequest(request);
    if (answer.status !== 200) throw failureOf(request, answer);
    const { locations } = installedPage.parse(readRecord(answer.body));
    for (const { _id, name, isInstalled, installedAt } of locations) {
      if (_id) found.push({ location_id: _id, name, is_installed: isInstalled !== false, installed_at: installedAt });
    }
    if (locations.length < PAGE_SIZE) break;
  }
  return found;
}

const form = { "content-type": "application/x-www-form-urlencoded" };

const installedPage = z.object({
  locations: list(z.object({ _id: id, name: text, isInstalled: flag, installedAt: instant })),
});

async function askForTokens(app: GhlApp, clock: Clock, fields: Record<string, string | undefined>): Promise<GhlTokens> {
  const body = new URLSearchParams({ client_id: app.client_id, client_secret: app.client_secret });
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.set(name, value);
  const request: HttpRequest = {
    method: "POST",
    url: `${app.api_base}/oauth/token`,
    headers: form,
    body: body.toString(),
    timeout_ms: TIMEOUT_MS,
  };
  const answer = await sendRequest(request);
  if (fields["grant_type"] === "refresh_token" && isVoidGrant(answer)) {
    throw new GhlError("reinstall_needed", "the refresh token is void", { status: answer.status });
  }
  return readTokens(clock, request, answer);
}

/** Told apart by its words: a wrong client secret or a paused location are 400 or 401 as well, and pass. */
function isVoidGrant({ status, body }: HttpAnswer): boolean {
  return [400, 401, 422].includes(status) && /invalid.?grant|refresh.?token/i.test(messageOf(body));
}

const MAX_TOKEN_LENGTH = 20_000;
const token = z.string().min(1).max(MAX_TOKEN_LENGTH).nullable().catch(null);

/** Version 2 answers in snake_case with a few camelCase names, version 3 is documented in camelCase: both are read. */
const tokenAnswer = z.object({
  access_token: token,
  accessToken: token,
  refresh_token: token,
  refreshToken: token,
  expires_in: number,
  expiresIn: number,
  scope: token,
  userType: text,
  user_type: text,
  companyId: id,
  company_id: id,
  locationId: id,
  location_id: id,
  userId: id,
  user_id: id,
  isBulkInstallation: flag,
  is_bulk_installation: flag,
});

function readTokens(clock: Clock, request: HttpRequest, answer: HttpAnswer): GhlTokens {
  if (answer.status < 200 || answer.status > 299) throw failureOf(request, answer);
  const read = tokenAnswer.safeParse(answer.body);
  const told = read.data;
  const access_token = told?.access_token ?? told?.accessToken;
  const company_id = told?.companyId ?? told?.company_id;
  if (!told || !access_token || !company_id) {
    throw new GhlError("unreadable", "an answer without a token or a company", { status: answer.status });
  }
  const location_id = told.locationId ?? told.location_id;
  const lifetime = told.expires_in ?? told.expiresIn ?? DEFAULT_LIFETIME_SECONDS;
  const user_type = told.userType ?? told.user_type ?? (location_id ? "Location" : "Company");
  return {
    access_token,
    refresh_token: told.refresh_token ?? told.refreshToken ?? "",
    expires_at: clock.now() + Math.max(0, Math.floor(lifetime)) * 1000,
    user_type: /^company$/i.test(user_type) ? "Company" : "Location",
    company_id,
    location_id,
    user_id: told.userId ?? told.user_id,
    scopes: (told.scope ?? "").split(/[\s,]+/).filter((scope) => scope !== ""),
    is_bulk: told.isBulkInstallation ?? told.is_bulk_installation ?? false,
  };
}
