import { z } from "zod";
import { endSupportLook, letSupportLook, MAX_SUPPORT_HOURS } from "../../operations/access/let-support-look.ts";
import { text, whole } from "../../operations/fields.ts";
import { listSupport, supportAnswer } from "../../views/support-looks.ts";
import { readWorkspace } from "../../views/workspace-read.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const list = consoleCall({
  realm: "workspace",
  role: "viewer",
  method: "get",
  path: "/support",
  name: "support",
  title: "List who of support may look",
  about: "Kotally's support sees a workspace only while an owner lets them, and changes nothing there.",
  input: z.object({}),
  answer: supportAnswer,
  run: ({ db, clock }, by) => readWorkspace(db, by, (tx) => listSupport(tx, by.workspace_id, clock.now())),
});

const grant = consoleCall({
  realm: "workspace",
  role: "owner",
  method: "post",
  path: "/support",
  name: "let_support_look",
  title: "Let support look",
  about: "For so many hours, read only. What they look at is in the audit trail.",
  input: z.object({
    user_id: z.guid().describe("Who of support."),
    hours: whole(1, MAX_SUPPORT_HOURS),
    reason: text.describe("What it is about."),
  }),
  answer: z.object({ support_grant_id: z.guid(), expires_at: z.string() }),
  run: ({ edit, clock }, by, input) => edit(by, (tx) => letSupportLook(tx, clock, by, input)),
});

const end = consoleCall({
  realm: "workspace",
  role: "owner",
  method: "delete",
  path: "/support/{support_grant_id}",
  name: "end_support_look",
  title: "Let support look no longer",
  about: "They reach nothing of the workspace from this moment on.",
  input: z.object({ support_grant_id: z.guid() }),
  answer: z.object({}),
  run: ({ edit, clock }, by, { support_grant_id }) => edit(by, (tx) => endSupportLook(tx, clock, by, support_grant_id)),
});

/** Kotally's support, by an owner's leave. */
export const SUPPORT_CALLS: readonly ConsoleCall[] = [list, grant, end];
