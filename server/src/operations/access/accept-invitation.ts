import type { Clock } from "../../platform/clock.ts";
import type { Database, Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import { instant } from "../../platform/sql.ts";
import { deleteSessionsOf, findAccount, takeOverAccount } from "../../store/accounts.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { acceptInvitation, lockOpenInvitation, type Invitation } from "../../store/invitations.ts";
import { insertUser } from "../../store/users.ts";
import { insertWorkspaceMember } from "../../store/workspace-members.ts";
import { findWorkspace } from "../../store/workspaces.ts";
import { isSameSecret, readInvitationToken } from "./invitation-token.ts";
import { hashPassword } from "./passwords.ts";
import type { Person } from "./person.ts";

interface Ports {
  db: Database;
  clock: Clock;
}

/** What the holder of an invitation's link is told of it. */
export interface ShownInvitation {
  workspace_id: string;
  workspace_name: string;
  email: string;
  role: string;
  expires_at: string;
  /** Whether the address signs in; else it signs up with the invitation. */
  has_account: boolean;
}

/** What an invitation's link leads to; null: nothing, not any more, or it never did. */
export async function showInvitation(ports: Ports, token: string): Promise<ShownInvitation | null> {
  const shown = await within(ports, token, null, async (tx, invitation) => {
    const workspace = await findWorkspace(tx, invitation.workspace_id);
    return { ...invitation, workspace_name: workspace?.name ?? "" };
  });
  if (!shown) return null;
  const { workspace_id, workspace_name, email, role, expires_at } = shown;
  const account = await ports.db.transaction("sign_in", (tx) => findAccount(tx, email));
  const has_account = account?.email_verified === true;
  return { workspace_id, workspace_name, email, role, expires_at: instant(expires_at), has_account };
}

export type Accepted = { workspace_id: string } | "closed" | "other_address";

/** Accepts as who is signed in: an invitation holds for its address only. */
export async function acceptAs({ db, clock }: Ports, person: Person, token: string): Promise<Accepted> {
  const accepted = await within({ db, clock }, token, person.user_id, async (tx, invitation) =>
    invitation.email === person.email ? join(tx, clock, invitation, person) : ("other_address" as const),
  );
  return accepted ?? "closed";
}

export type SignedUp = { email: string } | "closed" | "has_account";

/**
 * Signs somebody up with an invitation: its link came by mail, so the address is theirs. Whoever began an account with it before and
 * never confirmed it loses it.
 */
export async function signUpInvited(
  ports: Ports,
  { token, name, password, ip }: { token: string; name: string; password: string; ip: string },
): Promise<SignedUp> {
  const invitation = await within(ports, token, null, async (_, open) => open);
  if (!invitation) return "closed";
  const { email } = invitation;
  const password_hash = await hashPassword(password);
  const user_id = await ports.db.transaction("sign_in", async (tx) => {
    const account = await findAccount(tx, email);
    if (account?.email_verified) return null;
    if (!account) {
      const id = newId();
      return (await insertUser(tx, { id, email, name, password_hash })) ? id : null;
    }
    await deleteSessionsOf(tx, account.id);
    await takeOverAccount(tx, account.id, { name, password_hash });
    return account.id;
  });
  if (user_id === null) return "has_account";
  const person = { user_id, email, ip };
  const joined = await within(ports, token, user_id, (tx, open) => join(tx, ports.clock, open, person));
  return joined ? { email } : "closed";
}

/** Works on the open invitation that a token names, locked; null: it names none. */
async function within<T>(
  { db, clock }: Ports,
  token: string,
  user_id: string | null,
  work: (tx: Transaction, invitation: Invitation) => Promise<T>,
): Promise<T | null> {
  const named = readInvitationToken(token);
  if (!named) return null;
  const { workspace_id, id, secret_hash } = named;
  return db.transaction({ workspace_id, ...(user_id !== null && { user_id }) }, async (tx) => {
    const open = await lockOpenInvitation(tx, workspace_id, id);
    const holds = open && isSameSecret(open.token_hash, secret_hash) && open.expires_at > clock.now();
    return holds ? work(tx, open) : null;
  });
}

async function join(
  tx: Transaction,
  clock: Clock,
  { workspace_id, id, role }: Invitation,
  { user_id, email, ip }: Pick<Person, "user_id" | "email" | "ip">,
): Promise<{ workspace_id: string }> {
  await acceptInvitation(tx, workspace_id, id, instant(clock.now()));
  await insertWorkspaceMember(tx, workspace_id, user_id, role);
  const what = { action: "accept_invitation", subject: `user ${email}`, before: null, after: { role } };
  await insertAuditEvent(tx, { ...what, workspace_id, location_id: null, actor: email, user_id, ip });
  return { workspace_id };
}
