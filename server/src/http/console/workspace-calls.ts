import { z } from "zod";
import { renameWorkspace } from "../../operations/access/rename-workspace.ts";
import { text, time } from "../../operations/fields.ts";
import { locationUuid } from "../../platform/ids.ts";
import { auditCursor, auditTrailAnswer, listAuditActions, listAuditTrail } from "../../views/audit-trail.ts";
import { decodeCursor, DEFAULT_LIMIT, MAX_LIMIT } from "../../views/page.ts";
import { readWorkspace } from "../../views/workspace-read.ts";
import { findWorkspaceSettings, workspaceSettings } from "../../views/workspace-settings.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const settings = consoleCall({
  realm: "workspace",
  role: "viewer",
  method: "get",
  path: "/settings",
  name: "workspace_settings",
  title: "Get a workspace's settings",
  about: "Its name, its key on the command line, and how its billing stands.",
  input: z.object({}),
  answer: workspaceSettings,
  run: async ({ db }, by) =>
    (await readWorkspace(db, by, (tx) => findWorkspaceSettings(tx, by.workspace_id))) ?? "unknown",
});

const rename = consoleCall({
  realm: "workspace",
  role: "owner",
  method: "patch",
  path: "/settings",
  name: "rename_workspace",
  title: "Rename a workspace",
  about: "Its key stays.",
  input: z.object({
    name: text,
    expected_name: text.optional().describe("What it was called where the new name was typed."),
  }),
  refusals: ["EDIT_CONFLICT"],
  answer: z.object({ name: z.string() }),
  run: ({ edit }, by, input) => edit(by, (tx) => renameWorkspace(tx, by, input)),
});

const audit = consoleCall({
  realm: "workspace",
  role: "viewer",
  method: "get",
  path: "/audit-events",
  name: "audit_events",
  title: "Search the audit trail",
  about: "What people and commands changed, newest first: who, what, before, after, when, from where.",
  input: z.object({
    search: text.optional().describe("Part of who, what, whom it was about or the reason given, in any case."),
    user_id: z.guid().optional().describe("Only what this person did."),
    action: text.optional(),
    location_id: text.optional().describe("Only what was done in this location (loc_…)."),
    from: time.optional(),
    to: time.optional(),
    limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
    cursor: z
      .string()
      .refine((given) => decodeCursor(auditCursor, given) !== null, "is not a next_cursor of this list")
      .optional(),
  }),
  answer: auditTrailAnswer,
  run: ({ db }, by, { limit, cursor, location_id: named, ...filter }) => {
    const location_id = named === undefined ? undefined : (locationUuid(named) ?? NOWHERE);
    const page = { limit, cursor: cursor === undefined ? null : decodeCursor(auditCursor, cursor) };
    return readWorkspace(db, by, (tx) => listAuditTrail(tx, by.workspace_id, { ...filter, location_id }, page));
  },
});

/** No location's id. */
const NOWHERE = "00000000-0000-0000-0000-000000000000";

const actions = consoleCall({
  realm: "workspace",
  role: "viewer",
  method: "get",
  path: "/audit-actions",
  name: "audit_actions",
  title: "List what is in the audit trail",
  about: "The actions that there are, to choose from.",
  input: z.object({}),
  answer: z.object({ actions: z.array(z.string()) }),
  run: async ({ db }, by) => ({ actions: await readWorkspace(db, by, (tx) => listAuditActions(tx, by.workspace_id)) }),
});

/** A workspace itself. */
export const WORKSPACE_CALLS: readonly ConsoleCall[] = [settings, rename, audit, actions];
