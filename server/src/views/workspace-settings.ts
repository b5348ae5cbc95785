import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import { BILLING_STATUSES } from "../rules/billing/billing-status.ts";

export const workspaceSettings = z.object({
  workspace_id: z.guid(),
  key: z.string().describe("What it is called on the command line."),
  name: z.string(),
  billing_status: z.enum(BILLING_STATUSES),
  created_at: z.string(),
});

type Row = Omit<z.output<typeof workspaceSettings>, "created_at"> & { created_at: number };

const FIND = {
  name: "",
  text: "SELECT id AS workspace_id, key, name, billing_status, created_at FROM workspaces WHERE id = $1",
};

export async function findWorkspaceSettings(
  tx: Transaction,
  workspace_id: string,
): Promise<z.output<typeof workspaceSettings> | null> {
  const [row] = await tx.query<Row & Record<string, unknown>>(FIND, [workspace_id]);
  return row ? { ...row, created_at: instant(row.created_at) } : null;
}
