import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../../platform/clock.ts";
import type { Permission } from "../permissions.ts";
import type { FakeAccount } from "./account.ts";
import { answer, refusal, tableOf, type Answer } from "./answers.ts";
import type { Weather } from "./deliveries.ts";
import { Idempotency } from "./idempotency.ts";
import { answerPage, isPage } from "./pages.ts";
import type { TableName } from "./rows.ts";

const RATE_LIMIT_SECONDS = 1;
/** Bytes of a request that are read. */
const MAX_BODY = 100_000;

/** A restricted key reads what it is allowed to, and makes webhook endpoints where it may; a secret key does everything. */
export type KeyRights = ReadonlySet<Permission> | "everything";

const PERMISSION_OF: Partial<Record<TableName, Permission>> = {
  portal_configurations: "billing_portal",
  portal_sessions: "billing_portal",
};

export interface ApiOptions {
  account: FakeAccount;
  clock: Clock;
  /** What each key may; a key that is not here is unknown. */
  keys: ReadonlyMap<string, KeyRights>;
  version: () => string;
  weather: () => Weather;
  random: () => number;
}

/** The account's API, over HTTP. */
export class ApiServer {
  readonly #options: ApiOptions;
  readonly #idempotency: Idempotency;
  #server: Server | null = null;
  #base = "";

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#idempotency = new Idempotency(options.clock);
  }

  /** Answers the base address, `http://127.0.0.1:PORT`. Port 0 takes a free one. */
  async listen(port: number): Promise<string> {
    const server = createServer((request, response) => void this.#serve(request, response));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    this.#base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this.#base;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    const method = request.method ?? "GET";
    const fields = method === "POST" ? new URLSearchParams(await readBody(request)) : url.searchParams;
    if (isPage(url.pathname))
      return answerPage(this.#options.account, { method, path: url.pathname, fields }, response);
    const { status, body } = this.#answer(request, { method, path: url.pathname, fields });
    // What was done stays done; who asked does not hear of it.
    if (this.#options.random() < this.#options.weather().api_losing) return void request.socket.destroy();
    const headers: Record<string, string> = { "content-type": "application/json", "request-id": "req_fake" };
    if (status === 429) headers["retry-after"] = String(RATE_LIMIT_SECONDS);
    response.writeHead(status, headers).end(JSON.stringify(body));
  }

  #answer({ headers }: IncomingMessage, asked: { method: string; path: string; fields: URLSearchParams }): Answer {
    const { account, version, weather, random } = this.#options;
    if (random() < weather().api_limited) return refusal(429, "Too many requests.", "rate_limit");
    if (random() < weather().api_failing) return refusal(500, "Something went wrong on our end.");
    const refused = this.#refuse(headers.authorization, asked);
    if (refused !== null) return refused;
    const asked_version = headers["stripe-version"];
    const account_version = version();
    const written_in = typeof asked_version === "string" ? asked_version : account_version;
    const question = { ...asked, version: written_in, account_version, base: this.#base };
    if (asked.method !== "POST") return answer(account, question);
    const key = headers["idempotency-key"];
    const words = `${asked.path} ${asked.fields.toString()}`;
    return this.#idempotency.run(typeof key === "string" ? key : undefined, words, () => answer(account, question));
  }

  #refuse(authorization: string | undefined, { method, path }: { method: string; path: string }): Answer | null {
    const key = authorization?.replace(/^Bearer /u, "") ?? "";
    const rights = this.#options.keys.get(key);
    if (rights === undefined) return refusal(401, "Invalid API Key provided: rk_****");
    const table = tableOf(path);
    if (table === null || rights === "everything") return null;
    const is_allowed = rights.has(PERMISSION_OF[table] ?? (table as Permission));
    if (is_allowed && (method === "GET" || table === "webhook_endpoints")) return null;
    return refusal(403, `The provided key 'rk_****' does not have the required permissions for this endpoint.`);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_BODY) break;
  }
  return body;
}
