import type { Database, Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import { statusOfNewWorkspace } from "../../rules/billing/billing-status.ts";
import { findUser, insertUser } from "../../store/users.ts";
import { insertWorkspaceMember } from "../../store/workspace-members.ts";
import { insertWorkspace, lockWorkspace, setWorkspaceName, type Workspace } from "../../store/workspaces.ts";
import { hashPassword } from "../access/passwords.ts";
import { fieldErrors } from "../validation.ts";
import { ApplyError, ChangeLog, type AppliedChange } from "./apply-changes.ts";
import { applyLocation, type AppliedLocation } from "./apply-location.ts";
import { applyFileSchema, type ApplyFile } from "./apply-schema.ts";

export interface Applied {
  workspace_id: string;
  locations: Record<string, AppliedLocation>;
  changes: AppliedChange[];
}

/** Reads what a YAML or JSON file said; an error names every field that is wrong. */
export function parseApplyFile(document: unknown): ApplyFile {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new ApplyError("The file is not valid: it must begin with a workspace, such as `workspace: { key: acme }`.");
  }
  const parsed = applyFileSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error).map(({ field, message }) => `${field} ${message}`);
  throw new ApplyError(`The file is not valid: ${errors.join("; ")}.`);
}

/**
 * Makes the database match the file, by key; what the file omits is left alone. All in one transaction: the whole file or
 * nothing. With `is_dry_run` everything is worked out and then taken back. `is_billed`: new workspaces pay through Stripe.
 */
export async function applyFile(
  db: Database,
  file: ApplyFile,
  {
    is_dry_run = false,
    is_billed = false,
    actor = "command line",
  }: { is_dry_run?: boolean; is_billed?: boolean; actor?: string } = {},
): Promise<Applied> {
  const tx = await db.begin("owner");
  let applied: Applied;
  try {
    applied = await applyAll(tx, file, { is_billed, actor });
  } catch (error) {
    await tx.rollback();
    throw error;
  }
  await (is_dry_run ? tx.rollback() : tx.commit());
  return applied;
}

async function applyAll(
  tx: Transaction,
  file: ApplyFile,
  { is_billed, actor }: { is_billed: boolean; actor: string },
): Promise<Applied> {
  const log = new ChangeLog(tx, actor);
  const workspace = await applyWorkspace(tx, file.workspace, is_billed, log);
  const locations: Record<string, AppliedLocation> = {};
  for (const location of file.locations) {
    if (locations[location.key]) throw new ApplyError(`locations: the key ${location.key} appears twice.`);
    locations[location.key] = await applyLocation(tx, workspace, location, log);
  }
  return { workspace_id: workspace.id, locations, changes: log.changes };
}

async function applyWorkspace(
  tx: Transaction,
  wanted: ApplyFile["workspace"],
  is_billed: boolean,
  log: ChangeLog,
): Promise<Workspace> {
  const known = await lockWorkspace(tx, wanted.key);
  const workspace: Workspace = {
    id: known?.id ?? newId(),
    key: wanted.key,
    name: wanted.name ?? known?.name ?? wanted.key,
    billing_status: known?.billing_status ?? statusOfNewWorkspace({ is_billed }),
  };
  log.workspace_id = workspace.id;
  if (known) await setWorkspaceName(tx, workspace.id, workspace.name);
  else if (!(await insertWorkspace(tx, workspace))) {
    throw new ApplyError(
      `workspace: ${wanted.key} is being created by somebody else at this moment; apply the file again.`,
    );
  }
  await log.note(`workspace ${wanted.key}`, null, known, workspace);
  if (wanted.owner) await applyOwner(tx, workspace.id, wanted.owner, log);
  return workspace;
}

/** Creates the owner; the password of a user who exists already is theirs, and stays. */
async function applyOwner(
  tx: Transaction,
  workspace_id: string,
  owner: NonNullable<ApplyFile["workspace"]["owner"]>,
  log: ChangeLog,
): Promise<void> {
  const { email, name = null, password } = owner;
  const known = await findUser(tx, email);
  const id = known?.id ?? newId();
  if (!known) await insertUser(tx, { id, email, name, password_hash: await hashPassword(password) });
  const is_new = await insertWorkspaceMember(tx, workspace_id, id, "owner");
  if (is_new) await log.note(`owner ${id}`, null, null, { role: "owner" });
}
