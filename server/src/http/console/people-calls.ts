import { z } from "zod";
import { changeRole, handOver, removeMember } from "../../operations/access/edit-members.ts";
import {
  countInvitation,
  countResent,
  invite,
  resendInvitation,
  withdrawInvitation,
} from "../../operations/access/invite.ts";
import { ROLES } from "../../operations/access/person.ts";
import { emailAddress } from "../../operations/fields.ts";
import { listPeople, peopleAnswer } from "../../views/workspace-people.ts";
import { readWorkspace } from "../../views/workspace-read.ts";
import { consoleCall, type CallContext, type ConsoleCall } from "./console-call.ts";

const OWNERS = { realm: "workspace", role: "owner" } as const;
const role = z.enum(ROLES);
const whom = { user_id: z.guid() };
const nothing = z.object({});
const sent = z.object({ invitation_id: z.guid(), expires_at: z.string() });

const list = consoleCall({
  realm: "workspace",
  role: "viewer",
  method: "get",
  path: "/users",
  name: "users",
  title: "List users and invitations",
  about: "Who belongs to the workspace, in which role, and who is invited.",
  input: nothing,
  answer: peopleAnswer,
  run: ({ db, clock }, by) => readWorkspace(db, by, (tx) => listPeople(tx, by.workspace_id, clock.now())),
});

const send = consoleCall({
  ...OWNERS,
  method: "post",
  path: "/invitations",
  name: "invite_user",
  title: "Invite somebody",
  about: "By a mail with a link that works for seven days, for that address only.",
  input: z.object({ email: emailAddress, role }),
  refusals: ["ALREADY_A_MEMBER", "LIMIT_REACHED"],
  answer: sent,
  run: async (context, by, input) =>
    (await countInvitation(context.db, by, input.email)) ??
    mailed(context, () => context.edit(by, (tx) => invite(tx, context, by, input))),
});

const resend = consoleCall({
  ...OWNERS,
  method: "post",
  path: "/invitations/{invitation_id}/resend",
  name: "resend_invitation",
  title: "Send an invitation again",
  about: "With a new link; the one before ends.",
  input: z.object({ invitation_id: z.guid() }),
  refusals: ["ALREADY_A_MEMBER", "LIMIT_REACHED"],
  answer: sent,
  run: async (context, by, { invitation_id }) =>
    (await countResent(context.db, by, invitation_id)) ??
    mailed(context, () => context.edit(by, (tx) => resendInvitation(tx, context, by, invitation_id))),
});

const withdraw = consoleCall({
  ...OWNERS,
  method: "delete",
  path: "/invitations/{invitation_id}",
  name: "withdraw_invitation",
  title: "Take an invitation back",
  about: "Its link leads nowhere from this moment on.",
  input: z.object({ invitation_id: z.guid() }),
  answer: nothing,
  run: (context, by, { invitation_id }) => context.edit(by, (tx) => withdrawInvitation(tx, context, by, invitation_id)),
});

const setRole = consoleCall({
  ...OWNERS,
  method: "patch",
  path: "/users/{user_id}",
  name: "change_role",
  title: "Give a user another role",
  about: "Holds from their next request on. A workspace keeps an owner.",
  input: z.object({ ...whom, role }),
  refusals: ["LAST_OWNER"],
  answer: nothing,
  run: ({ edit }, by, { user_id, role: wanted }) => edit(by, (tx) => changeRole(tx, by, user_id, wanted)),
});

const remove = consoleCall({
  ...OWNERS,
  method: "delete",
  path: "/users/{user_id}",
  name: "remove_user",
  title: "Remove a user",
  about: "They reach nothing of the workspace from this moment on. A workspace keeps an owner.",
  input: z.object(whom),
  refusals: ["LAST_OWNER"],
  answer: nothing,
  run: ({ edit }, by, { user_id }) => edit(by, (tx) => removeMember(tx, by, user_id)),
});

const transfer = consoleCall({
  ...OWNERS,
  method: "post",
  path: "/users/{user_id}/hand-over",
  name: "hand_over",
  title: "Hand the workspace over",
  about: "Another user becomes an owner, and whoever asks an admin: both or neither.",
  input: z.object(whom),
  answer: nothing,
  run: ({ edit }, by, { user_id }) => edit(by, (tx) => handOver(tx, by, user_id)),
});

/** Who belongs to a workspace. */
export const PEOPLE_CALLS: readonly ConsoleCall[] = [list, send, resend, withdraw, setRole, remove, transfer];

/** What was left in a change leaves once that is made. */
async function mailed<T>({ post }: CallContext, change: () => Promise<T>): Promise<T> {
  const answer = await change();
  post.hurry();
  return answer;
}
