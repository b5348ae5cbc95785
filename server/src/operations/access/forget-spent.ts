import type { Database } from "../../platform/database.ts";
import { forgetAttempts } from "../../store/attempts.ts";
import { forgetExpired } from "../../store/sign-in-rows.ts";

/** Deletes sessions, links and counts whose time is over. */
export async function forgetSpent(db: Database): Promise<void> {
  await db.transaction("sign_in", (tx) => Promise.all([forgetExpired(tx), forgetAttempts(tx)]));
}
