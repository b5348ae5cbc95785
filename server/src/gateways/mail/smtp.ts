import { createTransport } from "nodemailer";

/** What a mail says, paragraph by paragraph. */
export interface OutgoingMail {
  id: string;
  to: string;
  subject: string;
  paragraphs: readonly string[];
}

/** Milliseconds that a mail server may take for each step. */
const PATIENCE_MS = 15_000;

/** Sends by SMTP, as SMTP_URL says: `smtp://user:password@host:587` or `smtps://…:465`. */
export function smtpSender(url: string, from: string): (mail: OutgoingMail) => Promise<void> {
  const transport = createTransport({
    url,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    // What a mail says is our own text: it names no file and no address to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ id, to, subject, paragraphs }) => {
    await transport.sendMail({
      from,
      to: { name: "", address: to },
      subject,
      text: `${paragraphs.join("\n\n")}\n`,
      html: htmlOf(paragraphs),
      // The same mail twice, after an answer that was lost, is one mail to whoever receives it.
      messageId: `<${id}@kotally>`,
    });
  };
}

/** Paragraphs as HTML; the one that is a link can be followed. */
function htmlOf(paragraphs: readonly string[]): string {
  const body = paragraphs.map((text) => {
    const safe = escapeHtml(text);
    return isLink(text) ? `<p><a href="${safe}">${safe}</a></p>` : `<p>${safe}</p>`;
  });
  return `<!doctype html><html lang="en"><body>${body.join("")}</body></html>`;
}

function isLink(text: string): boolean {
  return /^https?:\/\/\S+$/.test(text);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
