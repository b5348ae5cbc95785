import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { isUuid, newId } from "../../platform/ids.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { useState } from "../../store/ghl-connections.ts";

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
/** Where an installation began. */
const CONSOLE = "console";
const PRINTED = "printed";

/** What an installation is for, and where its browser goes when it is done. */
export interface Installing {
  workspace_id: string;
  /** True: it began at the console, and leads back there. */
  from_console: boolean;
}

/** A link's token: whoever has it may install for this workspace, for a day; from the console, for minutes. */
export function newConnectToken(secrets: Secrets, clock: Clock, workspace_id: string, from_console = false): string {
  const lives_ms = from_console ? CONSOLE_LINK_LIVES_MS : LINK_LIVES_MS;
  const parts = [workspace_id, String(clock.now() + lives_ms), from_console ? CONSOLE : PRINTED];
  return signed(secrets, LINK, parts.join("."));
}

/** What a link installs for; null where it is none of ours or too old. */
export function readConnectToken(secrets: Secrets, clock: Clock, token: string): Installing | null {
  const [workspace_id = "", expires = "", from = ""] = verified(secrets, LINK, token) ?? [];
  if (!isUuid(workspace_id) || Number(expires) <= clock.now()) return null;
  return { workspace_id, from_console: from === CONSOLE };
}

/** A state for one installation, and the nonce that binds it to the browser that it is given to. */
export function newState(
  secrets: Secrets,
  clock: Clock,
  { workspace_id, from_console }: Installing,
): { state: string; nonce: string } {
  const nonce = randomBytes(NONCE_BYTES).toString("base64url");
  const expires = String(clock.now() + STATE_LIVES_MS);
  const parts = [newId(), workspace_id, expires, hashOf(nonce), from_console ? CONSOLE : PRINTED];
  return { state: signed(secrets, STATE, parts.join(".")), nonce };
}

/** What a state is for that came back to the browser that it was given to, the first time; else null. */
export async function redeemState(
  db: Database,
  secrets: Secrets,
  clock: Clock,
  { state, nonce }: { state: string; nonce: string },
): Promise<Installing | null> {
  const parts = verified(secrets, STATE, state) ?? [];
  const [id = "", workspace_id = "", expires = "", nonce_hash = "", from = ""] = parts;
  const now = clock.now();
  if (!isUuid(id) || !isUuid(workspace_id) || Number(expires) <= now || hashOf(nonce) !== nonce_hash) return null;
  const is_first = await db.transaction("inbox", (tx) => useState(tx, id, now, now - 2 * STATE_LIVES_MS));
  return is_first ? { workspace_id, from_console: from === CONSOLE } : null;
}

/** What only the browser has that installed the app: with it a workspace may take the installation, for a day. */
export function newClaimToken(secrets: Secrets, clock: Clock, connection_id: string): string {
  return signed(secrets, CLAIM, `${connection_id}.${clock.now() + CLAIM_LIVES_MS}`);
}

/** The installation that a claim is for; null where it is none of ours or too old. */
export function readClaimToken(secrets: Secrets, clock: Clock, token: string): string | null {
  const [connection_id = "", expires = ""] = verified(secrets, CLAIM, token) ?? [];
  return isUuid(connection_id) && Number(expires) > clock.now() ? connection_id : null;
}

function hashOf(nonce: string): string {
  return createHash("sha256").update(nonce).digest("base64url");
}

function signed(secrets: Secrets, purpose: string, text: string): string {
  return `${text}.${secrets.sign(text, purpose)}`;
}

function verified(secrets: Secrets, purpose: string, token: string): string[] | null {
  const at = token.lastIndexOf(".");
  const text = token.slice(0, at);
  return at > 0 && secrets.isSigned(text, token.slice(at + 1), purpose) ? text.split(".") : null;
}
