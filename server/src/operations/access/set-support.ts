import type { Database } from "../../platform/database.ts";
import { flagSupport } from "../../store/users.ts";

/** Makes a user one of Kotally's support, or no longer; answers their id, null where nobody has the address. */
export function setSupport(db: Database, email: string, is_support: boolean): Promise<string | null> {
  return db.transaction("owner", (tx) => flagSupport(tx, email.trim().toLowerCase(), is_support));
}
