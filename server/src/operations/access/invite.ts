import type { Clock } from "../../platform/clock.ts";
import type { Database, Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import { instant } from "../../platform/sql.ts";
import { takeAttempt } from "../../store/attempts.ts";
import { lockOpenInvitation, putInvitation, renewInvitation, revokeInvitation } from "../../store/invitations.ts";
import { findWorkspace } from "../../store/workspaces.ts";
import type { Change } from "./change-as.ts";
import { lockMembersAsOwner } from "./edit-members.ts";
import { newInvitationToken } from "./invitation-token.ts";
import type { MailPost } from "./mail-post.ts";
import { MAILS } from "./mails.ts";
import type { Member, Role } from "./person.ts";
import { consolePage, hashed } from "./sign-in.ts";

const LIVES_DAYS = 7;
/** No secret has this hash. */
const NO_TOKEN = Buffer.alloc(32);

interface Ports {
  clock: Clock;
  post: MailPost;
  public_url: string;
}

type Answer = Record<string, unknown>;

const HOUR = 3600;
/** Mails that invite: of a workspace in a day, and to an address in an hour, whichever workspaces they are of. */
const MAILS_OF_WORKSPACE = { window: 24 * HOUR, max: 50, message: "A workspace sends at most 50 invitations a day." };
const MAILS_TO_ADDRESS = { window: HOUR, max: 3, message: "An address is invited at most three times an hour." };

/** Counts a mail that will invite an address; answers why it must not leave, null: it may. */
export async function countInvitation(
  db: Database,
  { workspace_id }: Pick<Member, "workspace_id">,
  email: string,
): Promise<Answer | null> {
  const counted = [
    { key: hashed("invitation to", email), ...MAILS_TO_ADDRESS },
    { key: hashed("invitation of", workspace_id), ...MAILS_OF_WORKSPACE },
  ];
  for (const { key, window, max: limit, message } of counted) {
    const { count } = await db.transaction("sign_in", (tx) => takeAttempt(tx, key, window));
    if (count > limit) return { refused: "LIMIT_REACHED", limit, message };
  }
  return null;
}

/** The same for an invitation that is to be sent again. */
export async function countResent(db: Database, by: Member, invitation_id: string): Promise<Answer | null> {
  const { workspace_id, person } = by;
  const find = (tx: Transaction) => lockOpenInvitation(tx, workspace_id, invitation_id);
  const open = await db.transaction({ workspace_id, user_id: person.user_id }, find);
  return open && countInvitation(db, by, open.email);
}

/**
 * Invites an address to a workspace by mail; to one that is invited already a new link is sent, and the last one ends. Null: whoever
 * asks is no owner any more.
 */
export async function invite(
  tx: Transaction,
  { clock, post, public_url }: Ports,
  by: Member,
  { email, role }: { email: string; role: Role },
): Promise<Change<Answer> | null> {
  const { workspace_id, person } = by;
  const members = await lockMembersAsOwner(tx, by);
  if (!members) return null;
  if (members.some((member) => member.email === email)) return { answer: { refused: "ALREADY_A_MEMBER" }, audit: null };
  const [now, expires_at] = lifeFrom(clock);
  const wanted = {
    workspace_id,
    id: newId(),
    email,
    role,
    token_hash: NO_TOKEN,
    invited_by: person.user_id,
    expires_at,
  };
  // The link names the invitation, and one that stands open keeps its id.
  const id = await putInvitation(tx, wanted, now);
  const { token, secret_hash } = newInvitationToken(workspace_id, id);
  await renewInvitation(tx, workspace_id, id, secret_hash, expires_at);
  const workspace = await findWorkspace(tx, workspace_id);
  const link = consolePage(public_url, "invitation", token);
  await post.post(MAILS.invitation(email, person.name ?? person.email, workspace?.name ?? "", role, link), tx);
  return {
    answer: { invitation_id: id, expires_at },
    audit: { subject: `invitation of ${email}`, before: null, after: { role, expires_at } },
  };
}

/** Sends an open invitation again, with a new link. */
export async function resendInvitation(
  tx: Transaction,
  ports: Ports,
  by: Member,
  invitation_id: string,
): Promise<Change<Answer> | null> {
  if (!(await lockMembersAsOwner(tx, by))) return null;
  const open = await lockOpenInvitation(tx, by.workspace_id, invitation_id);
  return open && invite(tx, ports, by, open);
}

/** Takes an open invitation back: its link leads nowhere from now on. */
export async function withdrawInvitation(
  tx: Transaction,
  { clock }: Pick<Ports, "clock">,
  by: Member,
  invitation_id: string,
): Promise<Change<Answer> | null> {
  const { workspace_id } = by;
  if (!(await lockMembersAsOwner(tx, by))) return null;
  const open = await lockOpenInvitation(tx, workspace_id, invitation_id);
  if (!open) return null;
  await revokeInvitation(tx, workspace_id, invitation_id, instant(clock.now()));
  return { answer: {}, audit: { subject: `invitation of ${open.email}`, before: { role: open.role }, after: null } };
}

function lifeFrom(clock: Clock): [now: string, expires_at: string] {
  const now = clock.now();
  return [instant(now), instant(now + LIVES_DAYS * 86_400_000)];
}
