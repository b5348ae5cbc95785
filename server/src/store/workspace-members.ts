import type { Transaction } from "../platform/database.ts";

export const ROLES = ["owner", "admin", "viewer"] as const;

/** What a person may do in a workspace: everything, all operations, or only look. */
export type Role = (typeof ROLES)[number];

const PUT = {
  name: "",
  text: `
    INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, $3)
    ON CONFLICT (workspace_id, user_id) DO NOTHING RETURNING role`,
};

/** Makes a user a member of a workspace; answers whether that is new. */
export async function insertWorkspaceMember(
  tx: Transaction,
  workspace_id: string,
  user_id: string,
  role: Role,
): Promise<boolean> {
  const rows = await tx.query(PUT, [workspace_id, user_id, role]);
  return rows.length > 0;
}

/** A person's place in a workspace at this moment. */
export interface Membership {
  workspace_id: string;
  role: Role;
  /** They belong to Kotally's support, and an owner lets them look. */
  is_support: boolean;
}

const FIND = {
  name: "find_membership",
  text: `
    SELECT workspace_id, role, is_support FROM memberships_now
    WHERE workspace_id = $1 AND user_id = $2 ORDER BY is_support LIMIT 1`,
};

export async function findMembership(
  tx: Transaction,
  workspace_id: string,
  user_id: string,
): Promise<Membership | null> {
  const [row] = await tx.query<Membership & Record<string, unknown>>(FIND, [workspace_id, user_id]);
  return row ?? null;
}

export interface LocationMembership extends Membership {
  location_id: string;
  ghl_location_id: string | null;
  version: number;
}

const FIND_AT = {
  name: "find_membership_at",
  text: `
    SELECT m.workspace_id, m.role, m.is_support, l.location_id, l.ghl_location_id, l.version
    FROM locations l JOIN memberships_now m ON m.workspace_id = l.workspace_id AND m.user_id = $2
    WHERE l.location_id = $1 ORDER BY m.is_support LIMIT 1`,
};

/** By a location of the workspace. */
export async function findMembershipAt(
  tx: Transaction,
  location_id: string,
  user_id: string,
): Promise<LocationMembership | null> {
  const [row] = await tx.query<LocationMembership & Record<string, unknown>>(FIND_AT, [location_id, user_id]);
  return row ?? null;
}

const LIST_OWN = {
  name: "",
  text: "SELECT workspace_id FROM workspace_members WHERE user_id = $1 ORDER BY workspace_id",
};

/** The workspaces that a person belongs to. */
export async function listOwnWorkspaces(tx: Transaction, user_id: string): Promise<string[]> {
  const rows = await tx.query<{ workspace_id: string }>(LIST_OWN, [user_id]);
  return rows.map(({ workspace_id }) => workspace_id);
}

export interface MemberRow {
  user_id: string;
  email: string;
  role: Role;
}

const LOCK_ALL = {
  name: "",
  text: `
    SELECT m.user_id, u.email, m.role FROM workspace_members m JOIN users u ON u.id = m.user_id
    WHERE m.workspace_id = $1 ORDER BY m.user_id`,
};

/** All members of a workspace, whose row is locked: nobody else changes who they are meanwhile. */
export async function lockMembers(tx: Transaction, workspace_id: string): Promise<MemberRow[]> {
  await tx.query({ name: "", text: "SELECT FROM workspaces WHERE id = $1 FOR NO KEY UPDATE" }, [workspace_id]);
  return tx.query<MemberRow & Record<string, unknown>>(LOCK_ALL, [workspace_id]);
}

const SET_ROLE = { name: "", text: "UPDATE workspace_members SET role = $3 WHERE workspace_id = $1 AND user_id = $2" };

export function setMemberRole(tx: Transaction, workspace_id: string, user_id: string, role: Role) {
  return tx.query(SET_ROLE, [workspace_id, user_id, role]);
}

const DELETE = { name: "", text: "DELETE FROM workspace_members WHERE workspace_id = $1 AND user_id = $2" };

export function deleteMember(tx: Transaction, workspace_id: string, user_id: string) {
  return tx.query(DELETE, [workspace_id, user_id]);
}
