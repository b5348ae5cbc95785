import type { Database } from "../../platform/database.ts";
import { isUuid, locationUuid } from "../../platform/ids.ts";
import { findLocationByKeys, findLocations, type Location } from "../../store/locations.ts";

/** The message says how a location is named. */
export class UnknownLocationError extends Error {}

/** By `loc_…` id, by uuid, or by `workspace-key/location-key`. */
export async function findLocation(db: Database, reference: string): Promise<Location> {
  const found = await db.transaction("owner", async (tx) => {
    const [workspace_key, location_key] = reference.split("/");
    if (workspace_key !== undefined && location_key !== undefined) {
      return findLocationByKeys(tx, workspace_key, location_key);
    }
    const id = isUuid(reference) ? reference : locationUuid(reference);
    return id === null ? null : ((await findLocations(tx, [id]))[0] ?? null);
  });
  if (!found) {
    const message = `There is no location ${reference}: give its loc_ id, or workspace-key/location-key.`;
    throw new UnknownLocationError(message);
  }
  return found;
}
