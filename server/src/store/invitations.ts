import type { Transaction } from "../platform/database.ts";
import type { Role } from "./workspace-members.ts";

export interface Invitation {
  workspace_id: string;
  id: string;
  /** In lower case. */
  email: string;
  role: Role;
  token_hash: Buffer;
  /** Null: whoever it was is no user any more. */
  invited_by: string | null;
  expires_at: number;
}

const PUT = {
  name: "",
  text: `
    INSERT INTO invitations (workspace_id, id, email, role, token_hash, invited_by, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (workspace_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL DO UPDATE SET
      role = excluded.role, token_hash = excluded.token_hash, invited_by = excluded.invited_by,
      created_at = excluded.created_at, expires_at = excluded.expires_at
    RETURNING id`,
};

/** One invitation to an address stands open in a workspace: a new one takes the place of the last, whose link ends. */
export async function putInvitation(
  tx: Transaction,
  {
    workspace_id,
    id,
    email,
    role,
    token_hash,
    invited_by,
    expires_at,
  }: Omit<Invitation, "expires_at"> & { expires_at: string },
  now: string,
): Promise<string> {
  const values = [workspace_id, id, email, role, token_hash, invited_by, now, expires_at];
  const [row] = await tx.query<{ id: string }>(PUT, values);
  return row?.id ?? id;
}

const LOCK = {
  name: "",
  text: `
    SELECT workspace_id, id, email, role, token_hash, invited_by, expires_at FROM invitations
    WHERE workspace_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL FOR UPDATE`,
};

/** Null: there is none, or it was accepted or taken back. */
export async function lockOpenInvitation(
  tx: Transaction,
  workspace_id: string,
  id: string,
): Promise<Invitation | null> {
  const [row] = await tx.query<Invitation & Record<string, unknown>>(LOCK, [workspace_id, id]);
  return row ?? null;
}

const RENEW = {
  name: "",
  text: "UPDATE invitations SET token_hash = $3, expires_at = $4 WHERE workspace_id = $1 AND id = $2",
};

/** A new link, which lives anew; the one before ends. */
export function renewInvitation(tx: Transaction, workspace_id: string, id: string, token_hash: Buffer, until: string) {
  return tx.query(RENEW, [workspace_id, id, token_hash, until]);
}

const ACCEPT = { name: "", text: "UPDATE invitations SET accepted_at = $3 WHERE workspace_id = $1 AND id = $2" };

export function acceptInvitation(tx: Transaction, workspace_id: string, id: string, now: string) {
  return tx.query(ACCEPT, [workspace_id, id, now]);
}

const REVOKE = { name: "", text: "UPDATE invitations SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2" };

export function revokeInvitation(tx: Transaction, workspace_id: string, id: string, now: string) {
  return tx.query(REVOKE, [workspace_id, id, now]);
}
