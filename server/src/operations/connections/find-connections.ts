import type { Database } from "../../platform/database.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { findGhlConnectionOfLocation } from "../../store/ghl-connections.ts";
import { findStripeConnection } from "../../store/stripe-connections.ts";
import { stripeSealOf } from "./stripe-listeners.ts";

/** The installation that may be asked on behalf of a location; null: it is not connected, or its permission has ended. */
export async function findConnectedGhl(
  db: Database,
  location_id: string,
): Promise<{ id: string; ghl_location_id: string } | null> {
  const found = await db.transaction("inbox", (tx) => findGhlConnectionOfLocation(tx, location_id), {
    read_only: true,
  });
  if (found?.status !== "connected" || found.ghl_location_id === null) return null;
  return { id: found.id, ghl_location_id: found.ghl_location_id };
}

/** The key that a location's own Stripe account may be asked with; null: there is none. */
export async function openStripeKey(db: Database, secrets: Secrets, location_id: string): Promise<string | null> {
  const found = await db.transaction("inbox", (tx) => findStripeConnection(tx, location_id), { read_only: true });
  if (!found?.restricted_key) return null;
  return secrets.open(found.restricted_key, stripeSealOf(found, "restricted_key"));
}
