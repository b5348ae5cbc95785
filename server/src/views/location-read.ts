import type { Database, Transaction } from "../platform/database.ts";
import type { ReadAs } from "./contact-read.ts";

const VERSION = { name: "view_location_version", text: "SELECT version FROM locations WHERE location_id = $1" };

/** Asks about a location, as one whose authorisation still holds; reads only. */
export function readLocation<T>(
  db: Database,
  { location_id, version }: ReadAs,
  ask: (tx: Transaction) => Promise<T>,
): Promise<T | "stale_authorisation"> {
  const work = async (tx: Transaction) => {
    const [[location], value] = await Promise.all([tx.query<{ version: number }>(VERSION, [location_id]), ask(tx)]);
    return location?.version === version ? value : "stale_authorisation";
  };
  return db.transaction([location_id], work, { read_only: true });
}
