import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** Stands before a provider: hands requests on, or refuses them in words that repeat all that was sent. */
export interface AngryProvider {
  base_url: string;
  /** The status of its refusals; null: it hands on. */
  mood: number | null;
  /** Requests that were refused. */
  refused: number;
  /** Tokens that went through it in answers. */
  tokens: Set<string>;
  stop(): Promise<void>;
}

/** `personal`: what it knows of people, and says too. */
export async function startAngryProvider(behind: string, personal: readonly string[]): Promise<AngryProvider> {
  const server = createServer((request, response) => void serve(request, response));
  const provider: AngryProvider = {
    base_url: "",
    mood: null,
    refused: 0,
    tokens: new Set(),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { authorization = "" } = request.headers;
    if (provider.mood !== null) {
      provider.refused += 1;
      const message = `${request.url} ${body} authorization: ${authorization} of ${personal.join(", ")}`;
      const error = { message, type: "invalid_request_error", code: "refused" };
      response.writeHead(provider.mood, { "content-type": "application/json" });
      response.end(
        JSON.stringify(request.url?.startsWith("/v1/") ? { error } : { statusCode: provider.mood, message }),
      );
      return;
    }
    const headers = Object.entries(request.headers).filter(
      ([name]) => !/^(host|connection|content-length|transfer)/.test(name),
    );
    const answer = await fetch(`${behind}${request.url}`, {
      method: request.method ?? "GET",
      headers: headers.map(([name, value]) => [name, String(value)]),
      ...(body === "" ? {} : { body }),
    });
    const told = await answer.text();
    for (const [, token] of told.matchAll(/"(?:access|refresh)_token":"([^"]+)"/g)) provider.tokens.add(token ?? "");
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(told);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  provider.base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return provider;
}
