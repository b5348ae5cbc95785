import { systemClock, type Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { allowsMutations, type BillingStatus } from "../../rules/billing/billing-status.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { lockWorkspace, putBillingStatus } from "../../store/workspaces.ts";
import { activateLocations } from "./activate-locations.ts";

/** The message says which workspace was not found. */
export class BillingError extends Error {}

export interface BillingChange {
  workspace_id: string;
  before: BillingStatus;
  after: BillingStatus;
}

const ACTOR = "command line";

/** Sets a workspace's billing status by hand: for servers that bill without Stripe. Rule 37. */
export async function setBillingStatus(
  db: Database,
  workspace_key: string,
  status: BillingStatus,
  clock: Clock = systemClock,
): Promise<BillingChange> {
  return db.transaction("owner", async (tx) => {
    const workspace = await lockWorkspace(tx, workspace_key);
    if (!workspace) throw new BillingError(`There is no workspace with the key ${workspace_key}.`);
    await putBillingStatus(tx, workspace.id, status, clock.now());
    await insertAuditEvent(tx, {
      workspace_id: workspace.id,
      location_id: null,
      actor: ACTOR,
      action: "set_billing_status",
      subject: `workspace ${workspace_key}`,
      before: { billing_status: workspace.billing_status },
      after: { billing_status: status },
    });
    if (allowsMutations(status)) await activateLocations(tx, workspace.id, ACTOR);
    return { workspace_id: workspace.id, before: workspace.billing_status, after: status };
  });
}
