import type { Transaction } from "../../platform/database.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { activatePending } from "../../store/locations.ts";

/** Rule 38. Billing allows it: what was pending in a workspace is active from now on, and is billed. */
export async function activateLocations(tx: Transaction, workspace_id: string, actor: string): Promise<void> {
  for (const { location_id, key } of await activatePending(tx, workspace_id)) {
    await insertAuditEvent(tx, {
      workspace_id,
      location_id,
      actor,
      action: "activate_location",
      subject: `location ${key}`,
      before: { status: "pending" },
      after: { status: "active" },
    });
  }
}
