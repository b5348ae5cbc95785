import type { Transaction } from "../../platform/database.ts";
import { statusOfNewLocation } from "../../rules/billing/billing-status.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { disconnectGhl } from "../../store/ghl-connections.ts";
import { bumpVersion, lockLocation, putLocation, type Location } from "../../store/locations.ts";
import { disconnectStripe } from "../../store/stripe-connections.ts";
import { findWorkspace } from "../../store/workspaces.ts";
import { refused, type Edited } from "../catalog/edit-conflict.ts";
import { locationSubject } from "../catalog/told-config.ts";

/**
 * Takes a location out of use: its API tokens are refused, the credentials of its providers are destroyed, it is no longer billed,
 * and its data stays (rule 38).
 */
export async function disconnectLocation(
  tx: Transaction,
  location_id: string,
  reason: string,
  real_now: Instant,
): Promise<Edited> {
  const location = await lockLocation(tx, location_id);
  if (location.status === "disconnected") return refused("ALREADY_SO", { status: location.status });
  const { ghl_location_id } = location;
  if (ghl_location_id !== null) await disconnectGhl(tx, { company_id: null, ghl_location_id, at: real_now });
  await disconnectStripe(tx, location_id, real_now);
  return setStatus(tx, location, "disconnected", reason);
}

/** Takes it into use again. What its providers gave must be given again: GoHighLevel installs anew, Stripe needs a key. */
export async function reconnectLocation(tx: Transaction, location_id: string): Promise<Edited> {
  const location = await lockLocation(tx, location_id);
  if (location.status !== "disconnected") return refused("ALREADY_SO", { status: location.status });
  const workspace = await findWorkspace(tx, location.workspace_id);
  if (!workspace) throw new Error(`location ${location_id} has no workspace`);
  return setStatus(tx, location, statusOfNewLocation(workspace, location), null);
}

async function setStatus(
  tx: Transaction,
  location: Location,
  status: Location["status"],
  reason: string | null,
): Promise<Edited> {
  await putLocation(tx, { ...location, status });
  await bumpVersion(tx, location.location_id);
  return {
    answer: { status },
    audit: {
      subject: locationSubject(location),
      before: { status: location.status },
      after: reason === null ? { status } : { status, reason },
    },
  };
}
