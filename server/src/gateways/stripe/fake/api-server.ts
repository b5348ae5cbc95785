import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Permission } from "../permissions.ts";
import type { FakeAccount } from "./account.ts";
import { answer, refusal, tableOf, type Answer } from "./answers.ts";
import type { Weather } from "./deliveries.ts";

const RATE_LIMIT_SECONDS = 1;
/** Bytes of a request that are read. */
const MAX_BODY = 100_000;

export interface ApiOptions {
  account: FakeAccount;
  /** What each key may; a key that is not here is unknown. */
  keys: ReadonlyMap<string, ReadonlySet<Permission>>;
  version: () => string;
  weather: () => Weather;
  random: () => number;
}

/** The account's API, over HTTP. */
export class ApiServer {
  readonly #options: ApiOptions;
  #server: Server | null = null;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** Answers the base address, `http://127.0.0.1:PORT`. Port 0 takes a free one. */
  async listen(port: number): Promise<string> {
    const server = createServer((request, response) => void this.#serve(request, response));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
    const { status, body } = await this.#answer(request);
    const headers: Record<string, string> = { "content-type": "application/json", "request-id": "req_fake" };
    if (status === 429) headers["retry-after"] = String(RATE_LIMIT_SECONDS);
    response.writeHead(status, headers).end(JSON.stringify(body));
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { account, version, weather, random } = this.#options;
    const url = new URL(request.url ?? "/", "http://fake");
    const method = request.method ?? "GET";
    const fields = method === "POST" ? new URLSearchParams(await readBody(request)) : url.searchParams;
    if (random() < weather().api_limited) return refusal(429, "Too many requests.", "rate_limit");
    if (random() < weather().api_failing) return refusal(500, "Something went wrong on our end.");
    const refused = this.#refuse(request.headers.authorization, url.pathname);
    if (refused !== null) return refused;
    const asked_version = request.headers["stripe-version"];
    const account_version = version();
    const written_in = typeof asked_version === "string" ? asked_version : account_version;
    return answer(account, { method, path: url.pathname, fields, version: written_in, account_version });
  }

  #refuse(authorization: string | undefined, path: string): Answer | null {
    const key = authorization?.replace(/^Bearer /u, "") ?? "";
    const permissions = this.#options.keys.get(key);
    if (permissions === undefined) return refusal(401, "Invalid API Key provided: rk_****");
    const table = tableOf(path);
    if (table === null || permissions.has(table)) return null;
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
