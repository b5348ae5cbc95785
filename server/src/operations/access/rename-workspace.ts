import type { Transaction } from "../../platform/database.ts";
import { lockWorkspaceOf, setWorkspaceName } from "../../store/workspaces.ts";
import type { Change } from "./change-as.ts";
import type { Member } from "./person.ts";

/** Gives a workspace another name; its key stays. Null: it is gone. */
export async function renameWorkspace(
  tx: Transaction,
  { workspace_id }: Member,
  name: string,
): Promise<Change<{ name: string }> | null> {
  const workspace = await lockWorkspaceOf(tx, workspace_id);
  if (!workspace) return null;
  if (workspace.name === name) return { answer: { name }, audit: null };
  await setWorkspaceName(tx, workspace_id, name);
  const subject = `workspace ${workspace.key}`;
  return { answer: { name }, audit: { subject, before: { name: workspace.name }, after: { name } } };
}
