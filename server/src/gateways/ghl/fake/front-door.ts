import type { Instant } from "../../../rules/time/local-days.ts";
import type { Deliveries } from "./deliveries.ts";
import { contactOnWire } from "./on-wire.ts";
import { missingFrom, routes, type FakeCall } from "./routes.ts";
import { refusal, type FakeAnswer, type Grant, type Tokens } from "./tokens.ts";
import type { FakeLocation, Wire, World } from "./world.ts";

/** One request as it came, for the tests that look at it. */
export interface FakeRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string;
  status: number;
}

export interface DoorAnswer extends FakeAnswer {
  headers: Record<string, string>;
}

const INTERVAL_MS = 10_000;
const DAILY_LIMIT = 200_000;

/** The API side: weather, token, version, limits, and then the route. */
export class FrontDoor {
  readonly requests: FakeRequest[] = [];
  readonly #world: World;
  readonly #tokens: Tokens;
  readonly #deliveries: Deliveries;
  readonly #uninstall: (grant: Grant) => void;
  readonly #calls = new Map<string, Instant[]>();

  constructor(world: World, tokens: Tokens, deliveries: Deliveries, uninstall: (grant: Grant) => void) {
    this.#world = world;
    this.#tokens = tokens;
    this.#deliveries = deliveries;
    this.#uninstall = uninstall;
  }

  answer(method: string, url: URL, headers: Record<string, string>, body: string): DoorAnswer {
    const answer = this.#answer(method, url, headers, body);
    const query = Object.fromEntries(url.searchParams);
    this.requests.push({ method, path: url.pathname, query, headers, body, status: answer.status });
    return answer;
  }

  #answer(method: string, url: URL, headers: Record<string, string>, body: string): DoorAnswer {
    const { fail_rate, expired_rate, rate_limit, missing_scope } = this.#deliveries.weather;
    if (this.#world.random() < fail_rate) return plain(refusal(500, "Internal server error"));
    if (method === "POST" && url.pathname === "/oauth/token") {
      return plain(this.#tokens.answerTokenRequest(new URLSearchParams(body)));
    }
    const token = (headers["authorization"] ?? "").replace(/^Bearer /, "");
    const grant = this.#world.random() < expired_rate ? null : this.#tokens.grantOf(token);
    if (!grant) return plain(refusal(401, "Invalid JWT"));
    if (url.pathname === missing_scope) return plain(refusal(401, "The token is not authorized for this scope."));
    const limits = this.#count(grant, rate_limit);
    if (limits.is_exceeded) return { ...refusal(429, "Too Many Requests"), headers: limits.headers };
    return { ...this.#route(method, url, headers, body, grant), headers: limits.headers };
  }

  #route(method: string, url: URL, headers: Record<string, string>, body: string, grant: Grant): FakeAnswer {
    if (method === "POST" && url.pathname === "/oauth/locationToken") {
      return this.#tokens.answerLocationToken(grant, new URLSearchParams(body));
    }
    for (const route of routes) {
      const found = route.method === method ? route.path.exec(url.pathname) : null;
      if (!found) continue;
      if (headers["version"] !== route.version) return refusal(422, "version header is invalid");
      const refused = missingFrom(url.searchParams, route);
      if (refused) return refused;
      const params = found.slice(1).map(decodeURIComponent);
      const call = this.#callOf(grant, url, params, parseBody(body));
      return call ? route.answer(call) : refusal(403, "The token does not have access to this location.");
    }
    return refusal(404, `Cannot ${method} ${url.pathname}`);
  }

  /** Null: the token is not for the location that is named. */
  #callOf(grant: Grant, url: URL, params: string[], body: Wire): FakeCall | null {
    const in_path = /^\/locations\/([^/]+)/.exec(url.pathname)?.[1];
    const { searchParams: query } = url;
    const named = in_path ?? query.get("locationId") ?? query.get("altId") ?? body["locationId"];
    if (grant.location_id !== null && named !== undefined && named !== grant.location_id) return null;
    const location = this.#locationOf(grant, typeof named === "string" ? named : null);
    if (!location) return null;
    return {
      world: this.#world,
      grant,
      location,
      params,
      query,
      body,
      tellContact: (contact) => {
        this.#deliveries.tell("ContactUpdate", location.id, contactOnWire(contact));
      },
      uninstall: () => {
        this.#uninstall(grant);
      },
    };
  }

  #locationOf({ company_id, location_id }: Grant, named: string | null): FakeLocation | undefined {
    const id = location_id ?? named;
    if (id !== null) return this.#world.locations.get(id);
    return [...this.#world.locations.values()].find((location) => location.company_id === company_id);
  }

  #count(
    { company_id, location_id }: Grant,
    limit: number | null,
  ): { is_exceeded: boolean; headers: Record<string, string> } {
    if (limit === null) return { is_exceeded: false, headers: {} };
    const now = this.#world.clock.now();
    const resource = location_id ?? company_id;
    const recent = (this.#calls.get(resource) ?? []).filter((at) => at > now - INTERVAL_MS);
    const is_exceeded = recent.length >= limit;
    if (!is_exceeded) recent.push(now);
    this.#calls.set(resource, recent);
    return {
      is_exceeded,
      headers: {
        "x-ratelimit-limit-daily": String(DAILY_LIMIT),
        "x-ratelimit-daily-remaining": String(DAILY_LIMIT - 1),
        "x-ratelimit-interval-milliseconds": String(INTERVAL_MS),
        "x-ratelimit-max": String(limit),
        "x-ratelimit-remaining": String(limit - recent.length),
      },
    };
  }
}

function plain(answer: FakeAnswer): DoorAnswer {
  return { ...answer, headers: {} };
}

function parseBody(body: string): Wire {
  return body === "" ? {} : (JSON.parse(body) as Wire);
}
