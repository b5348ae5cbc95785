import type { Database } from "../../platform/database.ts";
import type { BillingStatus } from "../../rules/billing/billing-status.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { lockWorkspace, putWorkspace } from "../../store/workspaces.ts";

/** The message says which workspace was not found. */
export class BillingError extends Error {}

export interface BillingChange {
  workspace_id: string;
  before: BillingStatus;
  after: BillingStatus;
}

/** Sets a workspace's billing status by hand: for servers that bill without Stripe. Rule 37. */
export async function setBillingStatus(
  db: Database,
  workspace_key: string,
  status: BillingStatus,
): Promise<BillingChange> {
  return db.transaction("owner", async (tx) => {
    const workspace = await lockWorkspace(tx, workspace_key);
    if (!workspace) throw new BillingError(`There is no workspace with the key ${workspace_key}.`);
    await putWorkspace(tx, { ...workspace, billing_status: status });
    await insertAuditEvent(tx, {
      workspace_id: workspace.id,
      location_id: null,
      actor: "command line",
      action: "set_billing_status",
      subject: `workspace ${workspace_key}`,
      before: { billing_status: workspace.billing_status },
      after: { billing_status: status },
    });
    return { workspace_id: workspace.id, before: workspace.billing_status, after: status };
  });
}
