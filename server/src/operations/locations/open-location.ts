import type { Transaction } from "../../platform/database.ts";
import { locationPublicId, newId } from "../../platform/ids.ts";
import { statusOfNewLocation } from "../../rules/billing/billing-status.ts";
import { findLocationsOf, putLocation, type Location } from "../../store/locations.ts";
import { lockWorkspaceOf } from "../../store/workspaces.ts";
import { refused, type Edited } from "../catalog/edit-conflict.ts";
import { freeKeyOf } from "../catalog/key-of.ts";
import { locationSubject } from "../catalog/told-config.ts";
import { InputError } from "../validation.ts";
import { LOCATION_DEFAULTS } from "./location-defaults.ts";

export interface NewLocation extends Pick<Location, "name" | "timezone" | "currency" | "sandbox"> {
  key?: string | undefined;
}

/** The most locations of one workspace. */
const MAX_LOCATIONS = 1000;

/** A location without GoHighLevel: its members come through the API. Live, it is active where billing allows it (rule 38). */
export async function openLocation(tx: Transaction, workspace_id: string, wanted: NewLocation): Promise<Edited> {
  const workspace = await lockWorkspaceOf(tx, workspace_id);
  if (!workspace) throw new Error(`there is no workspace ${workspace_id}`);
  const others = await findLocationsOf(tx, workspace_id);
  if (others.length >= MAX_LOCATIONS) return refused("LIMIT_REACHED", { limit: MAX_LOCATIONS });
  const taken = new Set(others.map(({ key }) => key));
  if (wanted.key !== undefined && taken.has(wanted.key)) {
    throw new InputError([{ field: "key", message: "is another location's" }]);
  }
  const { name, timezone, currency, sandbox } = wanted;
  const key = wanted.key ?? freeKeyOf(name, taken, "location");
  const own = {
    location_id: newId(),
    workspace_id,
    key,
    ghl_location_id: null,
    status: statusOfNewLocation(workspace, wanted),
  };
  const location = { ...LOCATION_DEFAULTS, ...own, name, timezone, currency, sandbox };
  await putLocation(tx, location);
  const { location_id, status } = location;
  return {
    answer: { location_id: locationPublicId(location_id), key, status },
    audit: { subject: locationSubject(location), before: null, after: location },
  };
}
