import type { Database, Transaction } from "../../platform/database.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { disconnectGhl, findGhlConnectionOfLocation } from "../../store/ghl-connections.ts";
import { bumpVersion, findLocationByGhlId, findLocations, putLocation } from "../../store/locations.ts";

export interface ToldUninstall {
  company_id: string | null;
  /** Null: the whole agency. */
  ghl_location_id: string | null;
  told_at: Instant;
}

/**
 * The app was taken off: tokens are destroyed, the locations are disconnected and their API tokens refused, their data stays
 * (rule 38). Told late, after a new install, it changes nothing. Answers how many locations of ours it ended.
 */
export function endInstallation(
  db: Database,
  { company_id, ghl_location_id, told_at }: ToldUninstall,
): Promise<number> {
  return db.transaction("owner", async (tx) => {
    const location_ids = await disconnectGhl(tx, { company_id, ghl_location_id, at: told_at });
    location_ids.push(...(await unconnected(tx, ghl_location_id)));
    const locations = await findLocations(tx, location_ids);
    for (const location of locations) {
      if (location.status === "disconnected") continue;
      await putLocation(tx, { ...location, status: "disconnected" });
      await bumpVersion(tx, location.location_id);
      await insertAuditEvent(tx, {
        workspace_id: location.workspace_id,
        location_id: location.location_id,
        actor: "GoHighLevel",
        action: "end_installation",
        subject: `location ${location.key}`,
        before: { status: location.status },
        after: { status: "disconnected" },
      });
    }
    return locations.length;
  });
}

/** A location that only names its GoHighLevel id, and was never installed through us. */
async function unconnected(tx: Transaction, ghl_location_id: string | null): Promise<string[]> {
  const location = ghl_location_id === null ? null : await findLocationByGhlId(tx, ghl_location_id);
  if (!location || (await findGhlConnectionOfLocation(tx, location.location_id))) return [];
  return [location.location_id];
}
