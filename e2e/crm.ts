import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { html } from "../server/src/http/reference/html.ts";

/** A page of another site that frames what it is told to, and answers as GoHighLevel's does. */
export class Crm {
  readonly #server: Server;
  /** What REQUEST_USER_DATA is answered with; null: nothing. */
  context: () => string | null = () => null;
  /** How often it was asked. */
  asked = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://crm.test");
      if (pathname === "/context") {
        this.asked += 1;
        response.setHeader("content-type", "application/json").end(JSON.stringify({ payload: this.context() }));
        return;
      }
      response.setHeader("content-type", "text/html; charset=utf-8");
      if (pathname === "/intruder") {
        response.setHeader("access-control-allow-origin", "*").end(intruderPage(searchParams.get("payload") ?? ""));
        return;
      }
      response.end(framingPage(searchParams.get("frame") ?? "", searchParams.get("beside")));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Its origin under one of its names. */
  origin(host = "crm.test"): string {
    return `http://${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The address of its page with that address framed in it, and another beside. */
  framing(frame: string, { host, beside }: { host?: string; beside?: string } = {}): string {
    const query = new URLSearchParams({ frame, ...(beside !== undefined && { beside }) });
    return `${this.origin(host)}/?${query.toString()}`;
  }
}

function framingPage(frame: string, beside: string | null): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <title>CRM</title>
        <style>
          html,
          body,
          iframe {
            width: 100%;
            height: 100%;
            margin: 0;
            border: 0;
          }
        </style>
      </head>
      <body>
        <iframe name="app" title="Kotally" src="${frame}"></iframe>
        ${beside === null ? "" : html`<iframe name="beside" title="Beside" src="${beside}"></iframe>`}
        <script>
          addEventListener("message", async ({ data, source }) => {
            if (data.message !== "REQUEST_USER_DATA") return;
            const { payload } = await (await fetch("/context")).json();
            if (payload !== null) source.postMessage({ message: "REQUEST_USER_DATA_RESPONSE", payload }, "*");
          });
        </script>
      </body>
    </html> `;
  return page.text;
}

/** Tells the frame beside it who is there, as if it were GoHighLevel. */
function intruderPage(payload: string): string {
  const page = html`<!doctype html>
    <html lang="en">
      <body data-payload="${payload}">
        <script>
          const { payload } = document.body.dataset;
          setInterval(() => parent.frames.app.postMessage({ message: "REQUEST_USER_DATA_RESPONSE", payload }, "*"), 100);
        </script>
      </body>
    </html> `;
  return page.text;
}
