import { randomBytes } from "node:crypto";
import type { Clock } from "../../platform/clock.ts";
import type { Database, Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import { keyOfName } from "../../rules/access/workspace-key.ts";
import { statusOfNewWorkspace } from "../../rules/billing/billing-status.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { takeWorkspaceName } from "../../store/users.ts";
import { insertWorkspaceMember } from "../../store/workspace-members.ts";
import { insertWorkspace } from "../../store/workspaces.ts";

/** Opens the workspace that somebody wanted when they signed up, with them as its owner; once, and nothing where none is wanted. */
export async function openWorkspace(
  db: Database,
  user_id: string,
  { is_billed }: { is_billed: boolean; clock: Clock },
): Promise<void> {
  const workspace_id = newId();
  await db.transaction({ workspace_id, user_id }, async (tx) => {
    const wanted = await takeWorkspaceName(tx, user_id);
    if (!wanted) return;
    const { name, email } = wanted;
    const workspace = { id: workspace_id, name, billing_status: statusOfNewWorkspace({ is_billed }) };
    const key = await insertUnderFreeKey(tx, workspace);
    await insertWorkspaceMember(tx, workspace_id, user_id, "owner");
    const what = { action: "open_workspace", subject: `workspace ${key}`, before: null, after: { ...workspace, key } };
    await insertAuditEvent(tx, { ...what, workspace_id, location_id: null, actor: email, user_id });
  });
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
