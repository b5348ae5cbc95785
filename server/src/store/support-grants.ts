import type { Transaction } from "../platform/database.ts";

export interface SupportGrant {
  workspace_id: string;
  id: string;
  user_id: string;
  granted_by: string;
  reason: string;
  created_at: string;
  expires_at: string;
}

const INSERT = {
  name: "",
  text: `
    INSERT INTO support_grants (workspace_id, id, user_id, granted_by, reason, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)`,
};

export function insertSupportGrant(tx: Transaction, grant: SupportGrant) {
  const { workspace_id, id, user_id, granted_by, reason, created_at, expires_at } = grant;
  return tx.query(INSERT, [workspace_id, id, user_id, granted_by, reason, created_at, expires_at]);
}

const END = {
  name: "",
  text: `
    UPDATE support_grants SET ended_at = $3 WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL RETURNING reason`,
};

/** What it was for; null: there is none that has not ended. */
export async function endSupportGrant(
  tx: Transaction,
  workspace_id: string,
  id: string,
  now: string,
): Promise<string | null> {
  const [row] = await tx.query<{ reason: string }>(END, [workspace_id, id, now]);
  return row?.reason ?? null;
}

const FIND_SUPPORTER = { name: "", text: "SELECT email FROM users WHERE id = $1 AND is_support" };

/** The address of somebody of Kotally's support; null: they are not. */
export async function findSupporter(tx: Transaction, user_id: string): Promise<string | null> {
  const [row] = await tx.query<{ email: string }>(FIND_SUPPORTER, [user_id]);
  return row?.email ?? null;
}
