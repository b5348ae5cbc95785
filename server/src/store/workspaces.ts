import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { BillingStatus } from "../rules/billing/billing-status.ts";
import type { Instant } from "../rules/time/local-days.ts";

export interface Workspace {
  id: string;
  key: string;
  name: string;
  billing_status: BillingStatus;
}

const FIND = {
  name: "",
  text: "SELECT id, key, name, billing_status FROM workspaces WHERE key = $1 FOR NO KEY UPDATE",
};

export async function lockWorkspace(tx: Transaction, key: string): Promise<Workspace | null> {
  const [row] = await tx.query<Workspace & Record<string, unknown>>(FIND, [key]);
  return row ?? null;
}

const FIND_BY_ID = {
  name: "",
  text: "SELECT id, key, name, billing_status FROM workspaces WHERE id = $1 AND deleting_since IS NULL",
};

export async function findWorkspace(tx: Transaction, id: string): Promise<Workspace | null> {
  const [row] = await tx.query<Workspace & Record<string, unknown>>(FIND_BY_ID, [id]);
  return row ?? null;
}

const LOCK_BY_ID = {
  name: "",
  text: "SELECT id, key, name, billing_status FROM workspaces WHERE id = $1 FOR NO KEY UPDATE",
};

/** Also one that is being deleted. */
export async function lockWorkspaceById(tx: Transaction, id: string): Promise<Workspace | null> {
  const [row] = await tx.query<Workspace & Record<string, unknown>>(LOCK_BY_ID, [id]);
  return row ?? null;
}

const LOCK_LIVING = { name: "", text: `${FIND_BY_ID.text} FOR NO KEY UPDATE` };

/** Not one that is being deleted. */
export async function lockWorkspaceOf(tx: Transaction, id: string): Promise<Workspace | null> {
  const [row] = await tx.query<Workspace & Record<string, unknown>>(LOCK_LIVING, [id]);
  return row ?? null;
}

const SET_STATUS = {
  name: "",
  text: `
    UPDATE workspaces SET billing_status = $2,
      cancelled_at = CASE WHEN $2 = 'cancelled' THEN COALESCE(cancelled_at, $3) END
    WHERE id = $1`,
};

/** `at`: when a cancelled workspace was; one that is cancelled already stays so since then. */
export function putBillingStatus(tx: Transaction, id: string, status: BillingStatus, at: Instant) {
  return tx.query(SET_STATUS, [id, status, instant(at)]);
}

const COUNT = { name: "", text: "SELECT count(*)::integer AS count FROM workspaces" };

export async function countWorkspaces(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ count: number }>(COUNT);
  return row?.count ?? 0;
}

const INSERT = {
  name: "",
  text: `
    INSERT INTO workspaces (id, key, name, billing_status) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING RETURNING id`,
};

/** False: the key is another workspace's. */
export async function insertWorkspace(tx: Transaction, { id, key, name, billing_status }: Workspace): Promise<boolean> {
  const rows = await tx.query(INSERT, [id, key, name, billing_status]);
  return rows.length > 0;
}

const RENAME = { name: "", text: "UPDATE workspaces SET name = $2 WHERE id = $1" };

export function setWorkspaceName(tx: Transaction, id: string, name: string) {
  return tx.query(RENAME, [id, name]);
}
