import type { Transaction } from "../../platform/database.ts";
import { lockWorkspaceOf, setWorkspaceName } from "../../store/workspaces.ts";
import type { Change } from "./change-as.ts";
import type { Member } from "./person.ts";

export interface Renaming {
  name: string;
  /** What it was called where the new name was typed. Omitted: whatever it is called now. */
  expected_name?: string | undefined;
}

type Renamed = { name: string } | { refused: "EDIT_CONFLICT"; current: { name: string } };

/** Gives a workspace another name; its key stays. Null: it is gone. */
export async function renameWorkspace(
  tx: Transaction,
  { workspace_id }: Member,
  { name, expected_name }: Renaming,
): Promise<Change<Renamed> | null> {
  const workspace = await lockWorkspaceOf(tx, workspace_id);
  if (!workspace) return null;
  const current = { name: workspace.name };
  if (current.name === name) return { answer: current, audit: null };
  if (expected_name !== undefined && expected_name !== current.name) {
    return { answer: { refused: "EDIT_CONFLICT", current }, audit: null };
  }
  await setWorkspaceName(tx, workspace_id, name);
  return { answer: { name }, audit: { subject: `workspace ${workspace.key}`, before: current, after: { name } } };
}
