import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { useState } from "../../store/ghl-connections.ts";
import { readSigned, signDocument } from "../access/signed-document.ts";

/** How long a printed link starts an installation, and how long the installation itself may take. */
const LINK_LIVES_MS = 24 * 3_600_000;
export const STATE_LIVES_MS = 30 * 60_000;
/** A link of the console is followed at once. */
const CONSOLE_LINK_LIVES_MS = 10 * 60_000;
/** How long whoever installed the app may say which workspace it is for. */
const CLAIM_LIVES_MS = 24 * 3_600_000;
const NONCE_BYTES = 24;

const LINK = "ghl connect link";
const STATE = "ghl oauth state";
const CLAIM = "ghl installation claim";

const installing = z.object({
  workspace_id: z.guid(),
  /** True: it began at the console, and leads back there. */
  from_console: z.boolean(),
});
const expires_at = z.int();
const link = installing.extend({ expires_at });
const started = installing.extend({ id: z.guid(), nonce_hash: z.string(), expires_at });
const claim = z.object({ connection_id: z.guid(), expires_at });

/** What an installation is for, and where its browser goes when it is done. */
export type Installing = z.output<typeof installing>;

/** A link's token: whoever has it may install for this workspace, for a day; from the console, for minutes. */
export function newConnectToken(secrets: Secrets, clock: Clock, workspace_id: string, from_console = false): string {
  const lives_ms = from_console ? CONSOLE_LINK_LIVES_MS : LINK_LIVES_MS;
  return signDocument(secrets, LINK, { workspace_id, from_console, expires_at: clock.now() + lives_ms });
}

/** What a link installs for; null where it is none of ours or too old. */
export function readConnectToken(secrets: Secrets, clock: Clock, token: string): Installing | null {
  return unexpired(clock, readSigned(secrets, LINK, link, token));
}

/** A state for one installation, and the nonce that binds it to the browser that it is given to. */
export function newState(
  secrets: Secrets,
  clock: Clock,
  { workspace_id, from_console }: Installing,
): { state: string; nonce: string } {
  const nonce = randomBytes(NONCE_BYTES).toString("base64url");
  const limits = { expires_at: clock.now() + STATE_LIVES_MS, nonce_hash: hashOf(nonce) };
  return { state: signDocument(secrets, STATE, { id: newId(), workspace_id, from_console, ...limits }), nonce };
}

/** What a state is for that came back to the browser that it was given to, the first time; else null. */
export async function redeemState(
  db: Database,
  secrets: Secrets,
  clock: Clock,
  { state, nonce }: { state: string; nonce: string },
): Promise<Installing | null> {
  const given = unexpired(clock, readSigned(secrets, STATE, started, state));
  if (given?.nonce_hash !== hashOf(nonce)) return null;
  const now = clock.now();
  const is_first = await db.transaction("inbox", (tx) => useState(tx, given.id, now, now - 2 * STATE_LIVES_MS));
  return is_first ? given : null;
}

/** What only the browser has that installed the app: with it a workspace may take the installation, for a day. */
export function newClaimToken(secrets: Secrets, clock: Clock, connection_id: string): string {
  return signDocument(secrets, CLAIM, { connection_id, expires_at: clock.now() + CLAIM_LIVES_MS });
}

/** The installation that a claim is for; null where it is none of ours or too old. */
export function readClaimToken(secrets: Secrets, clock: Clock, token: string): string | null {
  return unexpired(clock, readSigned(secrets, CLAIM, claim, token))?.connection_id ?? null;
}

function unexpired<T extends { expires_at: number }>(clock: Clock, document: T | null): T | null {
  return document && document.expires_at > clock.now() ? document : null;
}

function hashOf(nonce: string): string {
  return createHash("sha256").update(nonce).digest("base64url");
}
