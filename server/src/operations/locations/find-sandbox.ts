import type { Database } from "../../platform/database.ts";
import { listSandboxes, type Location } from "../../store/locations.ts";

/** The sandbox of this database where there is exactly one; else null. */
export async function findOnlySandbox(db: Database): Promise<Location | null> {
  const [first, ...others] = await db.transaction("owner", (tx) => listSandboxes(tx, 2));
  return first && others.length === 0 ? first : null;
}
