import { randomBytes } from "node:crypto";
import type { Database, Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import { keyOfName } from "../../rules/access/workspace-key.ts";
import { statusOfNewWorkspace } from "../../rules/billing/billing-status.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { takeWorkspaceName } from "../../store/users.ts";
import { insertWorkspaceMember } from "../../store/workspace-members.ts";
import { insertWorkspace } from "../../store/workspaces.ts";
import type { Person } from "./person.ts";

interface Terms {
  /** Whether workspaces pay Kotally. */
  is_billed: boolean;
}

type Owner = Pick<Person, "user_id" | "email"> & { ip: string | null };

/** Opens a workspace, whose owner is whoever asks; answers its id. */
export async function openWorkspace(db: Database, owner: Owner, name: string, terms: Terms): Promise<string> {
  const workspace_id = newId();
  const { user_id } = owner;
  await db.transaction({ workspace_id, user_id }, (tx) => open(tx, workspace_id, owner, name, terms));
  return workspace_id;
}

/** Opens the workspace that somebody wanted when they signed up: once, and nothing where none is wanted. */
export async function openWantedWorkspace(db: Database, user_id: string, terms: Terms): Promise<void> {
  const workspace_id = newId();
  await db.transaction({ workspace_id, user_id }, async (tx) => {
    const wanted = await takeWorkspaceName(tx, user_id);
    if (wanted) await open(tx, workspace_id, { user_id, email: wanted.email, ip: null }, wanted.name, terms);
  });
}

async function open(tx: Transaction, id: string, { user_id, email, ip }: Owner, name: string, { is_billed }: Terms) {
  const workspace = { id, name, billing_status: statusOfNewWorkspace({ is_billed }) };
  const key = await insertUnderFreeKey(tx, workspace);
  await insertWorkspaceMember(tx, id, user_id, "owner");
  const what = { action: "open_workspace", subject: `workspace ${key}`, before: null, after: { ...workspace, key } };
  await insertAuditEvent(tx, { ...what, workspace_id: id, location_id: null, actor: email, user_id, ip });
}

async function insertUnderFreeKey(
  tx: Transaction,
  workspace: Omit<Parameters<typeof insertWorkspace>[1], "key">,
): Promise<string> {
  const key = keyOfName(workspace.name);
  if (await insertWorkspace(tx, { ...workspace, key })) return key;
  const longer = `${key}-${randomBytes(4).toString("hex")}`;
  if (await insertWorkspace(tx, { ...workspace, key: longer })) return longer;
  throw new Error(`the workspace key ${longer} is taken`);
}
