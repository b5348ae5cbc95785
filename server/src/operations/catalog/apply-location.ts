import type { Transaction } from "../../platform/database.ts";
import { locationPublicId, newId } from "../../platform/ids.ts";
import { statusOfNewLocation } from "../../rules/billing/billing-status.ts";
import { bumpVersion, lockLocationByKey, putLocation, type Location } from "../../store/locations.ts";
import { findServiceFamilies, putServiceFamily } from "../../store/product-configs.ts";
import type { Workspace } from "../../store/workspaces.ts";
import { LOCATION_DEFAULTS } from "../locations/location-defaults.ts";
import { ApplyError, type ChangeLog } from "./apply-changes.ts";
import { applyClient, type AppliedClient } from "./apply-client.ts";
import { applyProducts } from "./apply-products.ts";
import type { ApplyLocation } from "./apply-schema.ts";
import { familySubject, locationSubject, toldFamily } from "./told-config.ts";

export interface AppliedLocation {
  location_id: string;
  /** Product config ids by key. */
  products: Record<string, string>;
  api_clients: Record<string, AppliedClient>;
}

/** One location with its families, products and API clients. */
export async function applyLocation(
  tx: Transaction,
  workspace: Workspace,
  wanted: ApplyLocation,
  log: ChangeLog,
): Promise<AppliedLocation> {
  const known = await lockLocationByKey(tx, workspace.id, wanted.key);
  const location = mergeLocation(workspace, wanted, known);
  const changes_before = log.changes.length;
  await putLocation(tx, location);
  await log.note(locationSubject(wanted), location.location_id, known, location);

  const families = await applyFamilies(tx, location.location_id, wanted, log);
  const products = await applyProducts(tx, location.location_id, wanted, families, log);
  const api_clients: Record<string, AppliedClient> = {};
  for (const client of wanted.api_clients) {
    if (api_clients[client.key]) throw new ApplyError(`api_clients: the key ${client.key} appears twice.`);
    api_clients[client.key] = await applyClient(tx, location.location_id, wanted.key, client, log);
  }
  if (log.changes.length > changes_before) await bumpVersion(tx, location.location_id);
  return { location_id: locationPublicId(location.location_id), products, api_clients };
}

function mergeLocation(workspace: Workspace, wanted: ApplyLocation, known: Location | null): Location {
  const { families: _f, products: _p, api_clients: _c, ...settings } = wanted;
  const { timezone } = { ...known, ...settings };
  if (timezone === undefined) throw new ApplyError(`locations.${wanted.key}: timezone is required for a new location.`);
  const location = {
    ...LOCATION_DEFAULTS,
    status: statusOfNewLocation(workspace, { sandbox: settings.sandbox ?? false }),
    ghl_location_id: null,
    location_id: newId(),
    workspace_id: workspace.id,
    name: wanted.key,
    ...known,
    ...withoutUndefined(settings),
    timezone,
  };
  if (known && known.clock_offset_ms > 0 && !location.sandbox) {
    throw new ApplyError(
      `locations.${wanted.key}: a sandbox whose clock was moved cannot become live; create a new location.`,
    );
  }
  return location;
}

/** Drops what a file does not say, so that it does not cover what is known. */
function withoutUndefined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** Answers with the keys of all families of the location. */
async function applyFamilies(
  tx: Transaction,
  location_id: string,
  wanted: ApplyLocation,
  log: ChangeLog,
): Promise<Set<string>> {
  const known = new Map((await findServiceFamilies(tx, [location_id])).map((family) => [family.key, family]));
  for (const { key, name, calendars } of wanted.families) {
    const before = known.get(key) ?? null;
    const family = { location_id, key, name: name ?? before?.name ?? key, calendars };
    await putServiceFamily(tx, family);
    await log.note(familySubject(wanted, key), location_id, before && toldFamily(before), family);
  }
  return new Set([...known.keys(), ...wanted.families.map(({ key }) => key)]);
}
