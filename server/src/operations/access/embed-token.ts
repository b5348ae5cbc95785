import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import type { Secrets } from "../../platform/secrets.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { readSigned, signDocument } from "./signed-document.ts";

/** How long a page that was let in may ask; then it asks GoHighLevel anew who is there. */
const EMBED_TOKEN_LIVES_MS = 15 * 60_000;

const PURPOSE = "embed token";

const pass = z.object({
  workspace_id: z.guid(),
  location_id: z.guid(),
  company_id: z.string(),
  user_id: z.string(),
  user_name: z.string().nullable(),
  expires_at: z.int(),
});

/** Whom a token lets in, where, and until when: somebody of GoHighLevel's users, in one location. */
export type EmbedPass = z.output<typeof pass>;

/** A token for a page to keep in memory. Signed, not sealed: whoever has it may read what it says. */
export function newEmbedToken(
  secrets: Secrets,
  clock: Clock,
  granted: Omit<EmbedPass, "expires_at">,
): { token: string; expires_at: Instant } {
  const expires_at = clock.now() + EMBED_TOKEN_LIVES_MS;
  return { token: signDocument(secrets, PURPOSE, { ...granted, expires_at }), expires_at };
}

/** Null: none of ours, changed since, or too old. */
export function readEmbedToken(secrets: Secrets, clock: Clock, token: string): EmbedPass | null {
  const read = readSigned(secrets, PURPOSE, pass, token);
  return read && read.expires_at > clock.now() ? read : null;
}
