import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { isUuid, newId } from "../../platform/ids.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { useState } from "../../store/ghl-connections.ts";

/** How long a printed link starts an installation, and how long the installation itself may take. */
const LINK_LIVES_MS = 24 * 3_600_000;
export const STATE_LIVES_MS = 30 * 60_000;
const NONCE_BYTES = 24;

const LINK = "ghl connect link";
const STATE = "ghl oauth state";

/** A link's token: whoever has it may install for this workspace, for a day. */
export function newConnectToken(secrets: Secrets, clock: Clock, workspace_id: string): string {
  return signed(secrets, LINK, `${workspace_id}.${clock.now() + LINK_LIVES_MS}`);
}

/** The workspace of a link; null where it is none of ours or too old. */
export function readConnectToken(secrets: Secrets, clock: Clock, token: string): string | null {
  const [workspace_id = "", expires = ""] = verified(secrets, LINK, token) ?? [];
  return isUuid(workspace_id) && Number(expires) > clock.now() ? workspace_id : null;
}

/** A state for one installation, and the nonce that binds it to the browser that it is given to. */
export function newState(secrets: Secrets, clock: Clock, workspace_id: string): { state: string; nonce: string } {
  const nonce = randomBytes(NONCE_BYTES).toString("base64url");
  const parts = [newId(), workspace_id, String(clock.now() + STATE_LIVES_MS), hashOf(nonce)];
  return { state: signed(secrets, STATE, parts.join(".")), nonce };
}

/** The workspace of a state that came back to the browser that it was given to, the first time; else null. */
export async function redeemState(
  db: Database,
  secrets: Secrets,
  clock: Clock,
  { state, nonce }: { state: string; nonce: string },
): Promise<string | null> {
  const [id = "", workspace_id = "", expires = "", nonce_hash = ""] = verified(secrets, STATE, state) ?? [];
  const now = clock.now();
  if (!isUuid(id) || !isUuid(workspace_id) || Number(expires) <= now || hashOf(nonce) !== nonce_hash) return null;
  const is_first = await db.transaction("inbox", (tx) => useState(tx, id, now, now - 2 * STATE_LIVES_MS));
  return is_first ? workspace_id : null;
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
