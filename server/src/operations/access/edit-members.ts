import type { Transaction } from "../../platform/database.ts";
import { deleteMember, lockMembers, setMemberRole, type MemberRow } from "../../store/workspace-members.ts";
import type { Change } from "./change-as.ts";
import type { Member, Role } from "./person.ts";

type Answer = Record<string, unknown>;
type Edit = Promise<Change<Answer> | null>;

const LAST_OWNER: Change<Answer> = { answer: { refused: "LAST_OWNER" }, audit: null };

/** Gives a member another role; null: there is no such member, or whoever asks is no owner any more. A workspace keeps an owner. */
export async function changeRole(tx: Transaction, by: Member, user_id: string, role: Role): Edit {
  const { workspace_id } = by;
  const { member, is_last_owner } = await lookUp(tx, by, user_id);
  if (!member) return null;
  if (is_last_owner && role !== "owner") return LAST_OWNER;
  if (member.role === role) return { answer: {}, audit: null };
  await setMemberRole(tx, workspace_id, user_id, role);
  return { answer: {}, audit: { subject: `user ${member.email}`, before: { role: member.role }, after: { role } } };
}

/** Ends a membership of the workspace; null as above. */
export async function removeMember(tx: Transaction, by: Member, user_id: string): Edit {
  const { workspace_id } = by;
  const { member, is_last_owner } = await lookUp(tx, by, user_id);
  if (!member) return null;
  if (is_last_owner) return LAST_OWNER;
  await deleteMember(tx, workspace_id, user_id);
  return { answer: {}, audit: { subject: `user ${member.email}`, before: { role: member.role }, after: null } };
}

/** Makes another member an owner and the one who asks an admin, both or neither; null as above. */
export async function handOver(tx: Transaction, by: Member, user_id: string): Edit {
  const { workspace_id, person } = by;
  const { member } = await lookUp(tx, by, user_id);
  if (!member || user_id === person.user_id) return null;
  await setMemberRole(tx, workspace_id, user_id, "owner");
  await setMemberRole(tx, workspace_id, person.user_id, "admin");
  const before = { [member.email]: member.role, [person.email]: "owner" };
  const after = { [member.email]: "owner", [person.email]: "admin" };
  return { answer: {}, audit: { subject: `user ${member.email}`, before, after } };
}

/** All members, locked; null: whoever asks is no owner any more, whom a request that ran meanwhile may have made less. */
export async function lockMembersAsOwner(
  tx: Transaction,
  { workspace_id, person }: Member,
): Promise<MemberRow[] | null> {
  const members = await lockMembers(tx, workspace_id);
  return members.some(({ user_id, role }) => user_id === person.user_id && role === "owner") ? members : null;
}

async function lookUp(tx: Transaction, by: Member, user_id: string) {
  const members = (await lockMembersAsOwner(tx, by)) ?? [];
  const member = members.find((each) => each.user_id === user_id);
  const is_last_owner = member?.role === "owner" && members.filter(({ role }) => role === "owner").length === 1;
  return { member, is_last_owner };
}
