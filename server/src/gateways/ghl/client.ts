import { GhlError } from "./ghl-error.ts";
import { waitByTimer, type RequestBudget, type Wait } from "./request-budget.ts";
import { failureOf, sendRequest, type HttpAnswer, type HttpRequest } from "./send-request.ts";

/** GoHighLevel's API versions, by the resources that speak them. */
const VERSION = "2021-07-28";
export const CALENDARS_VERSION = "2021-04-15";

const TIMEOUT_MS = 15_000;
const MAX_ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 20_000;

export interface GhlClientOptions {
  api_base: string;
  /** The token to use now. */
  access_token: () => Promise<string>;
  /** Called once for a token that was refused: refreshes it and brings the next. */
  on_unauthorised: (refused_token: string) => Promise<string>;
  /** The budget of the location or company that the token belongs to. */
  budget: RequestBudget;
  /** How a pause is made, and chance for its length: arguments for tests. */
  wait?: Wait;
  random?: () => number;
}

export interface GhlCall {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Begins with a slash; ids in it are already encoded by `pathTo`. */
  path: string;
  query?: Record<string, string | number | null | undefined>;
  body?: unknown;
  version?: string;
  /** False: done twice it would be two, so it is repeated only where it was surely not done. */
  is_idempotent?: boolean;
}

/** Calls to GoHighLevel on behalf of one installation. The calls themselves are functions in the files of their resource. */
export class GhlClient {
  readonly #options: GhlClientOptions;
  readonly #wait: Wait;
  readonly #random: () => number;

  constructor(options: GhlClientOptions) {
    this.#options = options;
    this.#wait = options.wait ?? waitByTimer;
    this.#random = options.random ?? Math.random;
  }

  /** The body of a 2xx answer. Throws `GhlError` once waiting, repeating and one refresh have not helped. */
  async call(call: GhlCall): Promise<unknown> {
    let token = await this.#options.access_token();
    let has_refreshed = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(call, token);
      } catch (error) {
        if (!(error instanceof GhlError)) throw error;
        if (error.kind === "unauthorised" && !has_refreshed) {
          has_refreshed = true;
          token = await this.#options.on_unauthorised(token);
        } else if (attempt < MAX_ATTEMPTS && mayRepeat(call, error)) {
          await this.#backOff(error, attempt);
        } else {
          throw error;
        }
      }
    }
  }

  async #attempt(call: GhlCall, token: string): Promise<unknown> {
    const request = this.#requestFor(call, token);
    await this.#options.budget.take();
    const answer: HttpAnswer = await sendRequest(request);
    this.#options.budget.observe(answer.headers);
    if (answer.status < 200 || answer.status > 299) throw failureOf(request, answer);
    return answer.body;
  }

  #requestFor({ method, path, query = {}, body, version = VERSION }: GhlCall, token: string): HttpRequest {
    const url = new URL(`${this.#options.api_base}${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    }
    return {
      method,
      url: url.href,
      headers: {
        authorization: `Bearer ${token}`,
        version,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      timeout_ms: TIMEOUT_MS,
    };
  }

  async #backOff({ kind, retry_after_ms }: GhlError, attempt: number): Promise<void> {
    const backoff = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
    const pause_ms = Math.ceil((retry_after_ms ?? 0) + backoff * (0.5 + this.#random() / 2));
    // A limit holds for all who call on this location, not for this call alone.
    if (kind === "rate_limited") this.#options.budget.pause(pause_ms);
    else await this.#wait(pause_ms);
  }
}

/** A location's account at GoHighLevel. */
export interface GhlReach {
  client: GhlClient;
  /** The location's id there. */
  ghl_location_id: string;
}

/** A call that was refused for its frequency was not done; one that found no answer may have been. */
function mayRepeat(
  { method, is_idempotent = method !== "POST" }: GhlCall,
  { kind, retry_after_ms }: GhlError,
): boolean {
  if (retry_after_ms !== null && retry_after_ms > MAX_BACKOFF_MS) return false;
  return kind === "rate_limited" || (kind === "unavailable" && is_idempotent);
}

/** A path with `ids` in the places of `{}`; an id cannot reach outside its place. */
export function pathTo(pattern: string, ...ids: string[]): string {
  let used = 0;
  return pattern.replaceAll("{}", () => {
    const id = ids[used++] ?? "";
    if (id === "" || id === "." || id === "..") throw new GhlError("not_found", `${pattern}: no id`);
    return encodeURIComponent(id);
  });
}
