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
