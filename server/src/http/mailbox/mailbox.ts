import { readFileSync } from "node:fs";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { MailPost, WrittenMail } from "../../operations/access/mail-post.ts";
import { sendError } from "../envelope.ts";
import { otherMethods } from "../machine-api.ts";
import { html, type Html } from "../reference/html.ts";
import { PAGE_POLICY } from "../reference/page.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|::1|::ffff:127(?:\.\d+){3})$/;

/** Where mail that does not leave is read: on this machine only, and only where PUBLIC_URL says that nobody else comes here. */
export const MAILBOX = "/mailbox";
const STYLESHEET = "/mailbox.css";

export function hasMailbox(post: MailPost, public_url: string): boolean {
  return !post.leaves && LOOPBACK.test(new URL(public_url).hostname);
}

/** The development mailbox: the latest mails, newest first. */
export function mailboxRoute(app: FastifyInstance, post: MailPost): void {
  app.get(MAILBOX, async (request, reply) => {
    if (!isFromHere(request)) return sendError(reply, "NOT_FOUND");
    request.outcome = "page";
    void reply.header("Cache-Control", "no-store").header("Content-Security-Policy", PAGE_POLICY);
    return reply.type("text/html; charset=utf-8").send(page(await post.latest()).text);
  });
  const css = readFileSync(new URL("mailbox.css", import.meta.url), "utf8");
  app.get(STYLESHEET, (request, reply) => {
    request.outcome = "page";
    return reply.type("text/css; charset=utf-8").header("Cache-Control", "no-cache").send(css);
  });
  otherMethods(app, MAILBOX, "GET");
  otherMethods(app, STYLESHEET, "GET");
}

/** Also by the name that was asked for: a page elsewhere may have its own name lead here. */
function isFromHere({ socket, hostname }: FastifyRequest): boolean {
  return LOOPBACK.test(socket.remoteAddress ?? "") && LOOPBACK.test(hostname);
}

function page(mails: readonly WrittenMail[]): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Mailbox · Kotally</title>
        <link rel="stylesheet" href="${STYLESHEET}" />
      </head>
      <body>
        <main>
          <header>
            <h1>Mailbox</h1>
            <p>No SMTP_URL is set, so mail stays on this machine. <a href="${MAILBOX}">Look again</a></p>
          </header>
          ${mails.length === 0 ? html`<p class="none">No mail yet. Sign up, or invite somebody.</p>` : mails.map(article)}
        </main>
      </body>
    </html>`;
}

function article({ id, to, subject, paragraphs, written_at }: WrittenMail): Html {
  const at = new Date(written_at).toISOString();
  return html`<article id="${id}">
    <h2>${subject}</h2>
    <p class="head"><span>To ${to}</span> <time datetime="${at}">${at.slice(0, 19).replace("T", " ")} UTC</time></p>
    ${paragraphs.map((text) =>
      /^https?:\/\/\S+$/.test(text) ? html`<p><a class="link" href="${text}">${text}</a></p>` : html`<p>${text}</p>`,
    )}
  </article>`;
}
