import type { FastifyReply } from "fastify";
import { html } from "./reference/html.ts";

/** A page of one sentence, and one way on where there is any, for a person whom another site sent here. */
export function sendPage(
  reply: FastifyReply,
  status: number,
  title: string,
  sentence: string,
  way_on?: { href: string; text: string },
): FastifyReply {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – Kotally</title>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${sentence}</p>
          ${way_on ? html`<p><a href="${way_on.href}">${way_on.text}</a></p>` : ""}
        </main>
      </body>
    </html> `;
  reply.request.outcome = `page_${status}`;
  return reply.code(status).header("Content-Type", "text/html; charset=utf-8").send(page.text);
}
