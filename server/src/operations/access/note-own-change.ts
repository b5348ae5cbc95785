import type { GenericEndpointContext } from "better-auth";
import { isAPIError } from "better-auth/api";
import type { Database } from "../../platform/database.ts";
import { insertAuditEvent, type AuditEvent } from "../../store/audit-events.ts";
import { listOwnWorkspaces } from "../../store/workspace-members.ts";
import type { Person } from "./person.ts";
import { CLIENT_ADDRESS } from "./sign-in-options.ts";

type Who = Pick<Person, "user_id" | "email"> & { ip: string | null };
type What = Pick<AuditEvent, "action" | "correlation_id"> & Partial<Pick<AuditEvent, "before" | "after">>;

/** Writes what a person changed about themselves into the audit trail of each workspace that they belong to. */
export async function noteOwnChange(db: Database, { user_id, email, ip }: Who, what: What): Promise<void> {
  const workspaces = await db.transaction({ user_id }, (tx) => listOwnWorkspaces(tx, user_id), { read_only: true });
  const line = { subject: `user ${email}`, before: null, after: null, ...what, actor: email, user_id, ip };
  for (const workspace_id of workspaces) {
    await db.transaction({ workspace_id, user_id }, (tx) =>
      insertAuditEvent(tx, { ...line, workspace_id, location_id: null }),
    );
  }
}

/** What the sign-in library changes for whoever is signed in, by its path. */
const ACTIONS: Partial<Record<string, string>> = {
  "/change-password": "change_password",
  "/two-factor/verify-totp": "enable_second_factor",
  "/two-factor/disable": "disable_second_factor",
  "/two-factor/generate-backup-codes": "renew_backup_codes",
  "/passkey/verify-registration": "add_passkey",
  "/passkey/update-passkey": "rename_passkey",
  "/passkey/delete-passkey": "remove_passkey",
};

/** A request to the library, answered. */
type Answered = GenericEndpointContext & { context: { returned?: unknown } };

/** Writes down what the sign-in library changed, where it did. */
export async function noteAuthChange(db: Database, context: Answered): Promise<void> {
  const { session, newSession, returned } = context.context;
  const action = ACTIONS[context.path];
  if (action === undefined || !session || isAPIError(returned)) return;
  // A code that somebody who is signed in confirms once more changes nothing.
  if (action === "enable_second_factor" && !newSession) return;
  const { id: user_id, email } = session.user;
  await noteOwnChange(db, { user_id, email, ip: addressOf(context.headers) }, { action });
}

/** Where a request to the sign-in library came from. */
export function addressOf(headers: Headers | undefined): string | null {
  return headers?.get(CLIENT_ADDRESS) ?? null;
}
