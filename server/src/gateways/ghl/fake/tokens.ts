import type { Instant } from "../../../rules/time/local-days.ts";
import type { Wire, World } from "./world.ts";

/** What a token is good for. */
export interface Grant {
  user_type: "Company" | "Location";
  company_id: string;
  location_id: string | null;
}

export interface FakeAnswer {
  status: number;
  body: Wire;
}

const LIFETIME_SECONDS = 86_399;
/** The same refresh token brings the same successor for so long. */
const SAME_ANSWER_MS = 30_000;

/** The OAuth side: codes, access tokens, and refresh tokens that are good once. */
export class Tokens {
  readonly #world: World;
  readonly #app: { client_id: string; client_secret: string };
  readonly #codes = new Map<string, Grant>();
  readonly #access = new Map<string, Grant & { expires_at: Instant }>();
  readonly #refresh = new Map<string, { grant: Grant; used_at: Instant | null; successor: Wire | null }>();

  constructor(world: World, app: { client_id: string; client_secret: string }) {
    this.#world = world;
    this.#app = app;
  }

  newCode(grant: Grant): string {
    const code = this.#world.newId("code");
    this.#codes.set(code, grant);
    return code;
  }

  /** Null: unknown or expired. */
  grantOf(access_token: string): Grant | null {
    const grant = this.#access.get(access_token);
    return grant && grant.expires_at > this.#world.clock.now() ? grant : null;
  }

  /** As if their day were over. */
  expireAccessTokens(): void {
    this.#access.clear();
  }

  /** As after an uninstall: nothing of the location, or of the company and all its locations, is good any longer. */
  revoke({ company_id, location_id }: { company_id: string; location_id: string | null }): void {
    const is_of = (grant: Grant) =>
      location_id === null ? grant.company_id === company_id : grant.location_id === location_id;
    for (const [token, grant] of this.#access) if (is_of(grant)) this.#access.delete(token);
    for (const [token, { grant }] of this.#refresh) if (is_of(grant)) this.#refresh.delete(token);
  }

  /** `POST /oauth/token`. */
  answerTokenRequest(form: URLSearchParams): FakeAnswer {
    const is_app =
      form.get("client_id") === this.#app.client_id && form.get("client_secret") === this.#app.client_secret;
    if (!is_app) return refusal(401, "Invalid client credentials");
    if (form.get("grant_type") === "authorization_code") {
      const code = form.get("code") ?? "";
      const grant = this.#codes.get(code);
      this.#codes.delete(code);
      return grant
        ? { status: 200, body: this.#issue(grant) }
        : refusal(400, "Invalid grant: authorization code is invalid");
    }
    if (form.get("grant_type") === "refresh_token") return this.#answerRefresh(form.get("refresh_token") ?? "");
    return refusal(422, "grant_type must be one of authorization_code, refresh_token");
  }

  /** `POST /oauth/locationToken`. */
  answerLocationToken(grant: Grant, form: URLSearchParams): FakeAnswer {
    const location = this.#world.locations.get(form.get("locationId") ?? "");
    const is_theirs = grant.user_type === "Company" && grant.company_id === form.get("companyId");
    if (!is_theirs || location?.company_id !== grant.company_id)
      return refusal(403, "The token does not have access to this location.");
    if (!location.is_installed) return refusal(400, "App is not installed on this location");
    if (!location.is_active) return refusal(400, "Location is not active");
    return { status: 200, body: this.#issue({ ...grant, user_type: "Location", location_id: location.id }) };
  }

  #answerRefresh(token: string): FakeAnswer {
    const known = this.#refresh.get(token);
    const now = this.#world.clock.now();
    const is_void = !known || (known.used_at !== null && now - known.used_at > SAME_ANSWER_MS);
    if (is_void) return refusal(400, "Invalid grant: refresh token is invalid");
    if (known.successor) return { status: 200, body: known.successor };
    const location = known.grant.location_id === null ? null : this.#world.location(known.grant.location_id);
    if (location && !location.is_active) return refusal(400, "Location is not active");
    known.used_at = now;
    known.successor = this.#issue(known.grant);
    return { status: 200, body: known.successor };
  }

  #issue(grant: Grant): Wire {
    const access_token = this.#world.newId("access");
    const refresh_token = this.#world.newId("refresh");
    this.#access.set(access_token, { ...grant, expires_at: this.#world.clock.now() + LIFETIME_SECONDS * 1000 });
    this.#refresh.set(refresh_token, { grant, used_at: null, successor: null });
    return {
      access_token,
      token_type: "Bearer",
      expires_in: LIFETIME_SECONDS,
      refresh_token,
      scope: "contacts.readonly contacts.write calendars.readonly payments/transactions.readonly",
      userType: grant.user_type,
      companyId: grant.company_id,
      ...(grant.location_id === null ? { isBulkInstallation: true } : { locationId: grant.location_id }),
      userId: "fakeUser",
      traceId: this.#world.newUuid(),
    };
  }
}

export function refusal(statusCode: number, message: string): FakeAnswer {
  return {
    status: statusCode,
    body: { statusCode, message, ...(statusCode === 401 ? { error: "Unauthorized" } : {}) },
  };
}
