import type { Transaction } from "../../platform/database.ts";
import { findGhlConnectionOfLocation } from "../../store/ghl-connections.ts";
import { findLocations, type Location } from "../../store/locations.ts";

/**
 * The location, where staff of that agency may look into it now: the app is installed there by that agency, or it is a sandbox that
 * nobody installed the app for. Of a transaction of the inbox.
 */
export async function findOpenTo(tx: Transaction, location_id: string, company_id: string): Promise<Location | null> {
  const [[location], connection] = await Promise.all([
    findLocations(tx, [location_id]),
    findGhlConnectionOfLocation(tx, location_id),
  ]);
  if (!location || location.status === "disconnected") return null;
  if (!connection) return location.sandbox ? location : null;
  return connection.status === "connected" && connection.company_id === company_id ? location : null;
}
