import type { Transaction } from "../platform/database.ts";
import type { BillingStatus } from "../rules/billing/billing-status.ts";

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

const FIND_BY_ID = { name: "", text: "SELECT id, key, name, billing_status FROM workspaces WHERE id = $1" };

export async function findWorkspace(tx: Transaction, id: string): Promise<Workspace | null> {
  const [row] = await tx.query<Workspace & Record<string, unknown>>(FIND_BY_ID, [id]);
  return row ?? null;
}

const PUT = {
  name: "",
  text: `
    INSERT INTO workspaces (id, key, name, billing_status) VALUES ($1, $2, $3, $4)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, billing_status = excluded.billing_status`,
};

export function putWorkspace(tx: Transaction, { id, key, name, billing_status }: Workspace) {
  return tx.query(PUT, [id, key, name, billing_status]);
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

const LOCK_BY_ID = { name: "", text: `${FIND_BY_ID.text} FOR NO KEY UPDATE` };

/** By its id. */
export async function lockWorkspaceOf(tx: Transaction, id: string): Promise<Workspace | null> {
  const [row] = await tx.query<Workspace & Record<string, unknown>>(LOCK_BY_ID, [id]);
  return row ?? null;
}

const RENAME = { name: "", text: "UPDATE workspaces SET name = $2 WHERE id = $1" };

export function setWorkspaceName(tx: Transaction, id: string, name: string) {
  return tx.query(RENAME, [id, name]);
}
