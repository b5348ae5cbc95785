import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";

const person = { user_id: z.guid(), email: z.string(), name: z.string().nullable() };

export const supportAnswer = z.object({
  supporters: z.array(z.object(person)).describe("Kotally's support: whom an owner may let look."),
  support_grants: z.array(
    z.object({
      support_grant_id: z.guid(),
      user_id: z.guid(),
      email: z.string().nullable(),
      reason: z.string(),
      granted_at: z.string(),
      expires_at: z.string(),
      ended_at: z.string().nullable(),
      is_open: z.boolean(),
    }),
  ),
});

interface GrantRow {
  support_grant_id: string;
  user_id: string;
  email: string | null;
  reason: string;
  created_at: number;
  expires_at: number;
  ended_at: number | null;
}

const SUPPORTERS = {
  name: "",
  text: "SELECT id AS user_id, email, name FROM users WHERE is_support ORDER BY email LIMIT 100",
};

const GRANTS = {
  name: "",
  text: `
    SELECT g.id AS support_grant_id, g.user_id, u.email, g.reason, g.created_at, g.expires_at, g.ended_at
    FROM support_grants g LEFT JOIN users u ON u.id = g.user_id
    WHERE g.workspace_id = $1 ORDER BY g.created_at DESC, g.id LIMIT 50`,
};

/** Who of support may be let in, and whom owners let in lately. */
export async function listSupport(
  tx: Transaction,
  workspace_id: string,
  now: number,
): Promise<z.output<typeof supportAnswer>> {
  const [supporters, grants] = await Promise.all([
    tx.query<{ user_id: string; email: string; name: string | null }>(SUPPORTERS),
    tx.query<GrantRow & Record<string, unknown>>(GRANTS, [workspace_id]),
  ]);
  return {
    supporters,
    support_grants: grants.map(({ created_at, expires_at, ended_at, ...rest }) => ({
      ...rest,
      granted_at: instant(created_at),
      expires_at: instant(expires_at),
      ended_at: ended_at === null ? null : instant(ended_at),
      is_open: ended_at === null && expires_at > now,
    })),
  };
}
