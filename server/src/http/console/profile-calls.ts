import { z } from "zod";
import { noteOwnChange } from "../../operations/access/note-own-change.ts";
import { openWorkspace } from "../../operations/access/open-workspace.ts";
import { endOneSession, endOtherSessionsOf, rename, sessionsOf } from "../../operations/access/profile.ts";
import { text } from "../../operations/fields.ts";
import { instant } from "../../platform/sql.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const OWN = { realm: "person", role: "viewer" } as const;

const profile = consoleCall({
  ...OWN,
  method: "patch",
  path: "/profile",
  name: "rename_person",
  title: "Change one's name",
  about: "As invitations and the list of users show it.",
  input: z.object({ name: text }),
  answer: z.object({ name: z.string() }),
  run: async ({ db, correlation_id }, person, { name }) => {
    if (name === person.name) return { name };
    await rename(db, person.user_id, name);
    const [before, after] = [{ name: person.name }, { name }];
    await noteOwnChange(db, person, { action: "rename_person", before, after, correlation_id });
    return { name };
  },
});

const sessions = consoleCall({
  ...OWN,
  method: "get",
  path: "/sessions",
  name: "sessions",
  title: "List one's sessions",
  about: "Where one is signed in.",
  input: z.object({}),
  answer: z.object({
    sessions: z.array(
      z.object({
        session_id: z.guid(),
        ip: z.string().nullable(),
        user_agent: z.string().nullable(),
        signed_in_at: z.string(),
        used_at: z.string().describe("To the day."),
        expires_at: z.string(),
        is_this_one: z.boolean(),
      }),
    ),
  }),
  run: async ({ db }, { user_id, session_id }) => ({
    sessions: (await sessionsOf(db, user_id)).map(
      ({ id, ip_address: ip, user_agent, created_at, updated_at, expires_at }) => ({
        session_id: id,
        ip: ip === "" ? null : ip,
        user_agent,
        signed_in_at: instant(created_at),
        used_at: instant(updated_at),
        expires_at: instant(expires_at),
        is_this_one: id === session_id,
      }),
    ),
  }),
});

const endOne = consoleCall({
  ...OWN,
  method: "delete",
  path: "/sessions/{session_id}",
  name: "end_session",
  title: "End a session",
  about: "Whoever uses it is signed out at once.",
  input: z.object({ session_id: z.guid() }),
  answer: z.object({}),
  run: async ({ db, correlation_id }, person, { session_id }) => {
    if (!(await endOneSession(db, person.user_id, session_id))) return "unknown";
    await noteOwnChange(db, person, { action: "end_session", correlation_id });
    return {};
  },
});

const endOthers = consoleCall({
  ...OWN,
  method: "post",
  path: "/sessions/end-others",
  name: "end_other_sessions",
  title: "End all other sessions",
  about: "This one stays.",
  input: z.object({}),
  answer: z.object({ ended: z.int() }),
  run: async ({ db, correlation_id }, person) => {
    const ended = await endOtherSessionsOf(db, person.user_id, person.session_id);
    if (ended > 0) await noteOwnChange(db, person, { action: "end_other_sessions", after: { ended }, correlation_id });
    return { ended };
  },
});

const open = consoleCall({
  ...OWN,
  method: "post",
  path: "/workspaces",
  name: "open_workspace",
  title: "Open a workspace",
  about: "Whoever opens it owns it.",
  input: z.object({ name: text }),
  answer: z.object({ workspace_id: z.guid() }),
  run: async ({ db, features }, person, { name }) => ({
    workspace_id: await openWorkspace(db, person, name, { is_billed: features.stripe_billing }),
  }),
});

/** What everybody may do about themselves. */
export const PROFILE_CALLS: readonly ConsoleCall[] = [profile, sessions, endOne, endOthers, open];
