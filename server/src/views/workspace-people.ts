import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";

const role = z.enum(["owner", "admin", "viewer"]);

export const peopleAnswer = z.object({
  users: z.array(
    z.object({
      user_id: z.guid(),
      email: z.string(),
      name: z.string().nullable(),
      role,
      two_factor: z.boolean(),
      joined_at: z.string(),
    }),
  ),
  invitations: z
    .array(
      z.object({
        invitation_id: z.guid(),
        email: z.string(),
        role,
        invited_by: z.string().nullable().describe("Their e-mail; null: they are no member any more."),
        invited_at: z.string(),
        expires_at: z.string(),
        is_expired: z.boolean(),
      }),
    )
    .describe("Those that stand open."),
});

interface UserRow {
  user_id: string;
  email: string;
  name: string | null;
  role: z.output<typeof role>;
  two_factor: boolean;
  joined_at: number;
}

interface InvitationRow {
  invitation_id: string;
  email: string;
  role: z.output<typeof role>;
  invited_by: string | null;
  created_at: number;
  expires_at: number;
}

const USERS = {
  name: "",
  text: `
    SELECT m.user_id, u.email, u.name, m.role, u.two_factor_enabled AS two_factor, m.joined_at
    FROM workspace_members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = $1
    ORDER BY array_position(ARRAY['owner', 'admin', 'viewer'], m.role), u.email`,
};

const INVITATIONS = {
  name: "",
  text: `
    SELECT i.id AS invitation_id, i.email, i.role, u.email AS invited_by, i.created_at, i.expires_at
    FROM invitations i LEFT JOIN users u ON u.id = i.invited_by
    WHERE i.workspace_id = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL ORDER BY i.created_at DESC, i.id`,
};

/** Who belongs to a workspace, and who is invited. */
export async function listPeople(
  tx: Transaction,
  workspace_id: string,
  now: number,
): Promise<z.output<typeof peopleAnswer>> {
  const [users, invitations] = await Promise.all([
    tx.query<UserRow & Record<string, unknown>>(USERS, [workspace_id]),
    tx.query<InvitationRow & Record<string, unknown>>(INVITATIONS, [workspace_id]),
  ]);
  return {
    users: users.map((user) => ({ ...user, joined_at: instant(user.joined_at) })),
    invitations: invitations.map(({ created_at, expires_at, ...rest }) => ({
      ...rest,
      invited_at: instant(created_at),
      expires_at: instant(expires_at),
      is_expired: expires_at <= now,
    })),
  };
}
