import type { Database } from "../../platform/database.ts";
import { endOtherSessions, endSession, listSessionsOf, renameUser, type SessionRow } from "../../store/accounts.ts";

export async function rename(db: Database, user_id: string, name: string): Promise<void> {
  await db.transaction("sign_in", (tx) => renameUser(tx, user_id, name));
}

/** Where a person is signed in, latest use first. */
export function sessionsOf(db: Database, user_id: string): Promise<SessionRow[]> {
  return db.transaction("sign_in", (tx) => listSessionsOf(tx, user_id), { read_only: true });
}

/** False: it is none of theirs. */
export function endOneSession(db: Database, user_id: string, session_id: string): Promise<boolean> {
  return db.transaction("sign_in", (tx) => endSession(tx, user_id, session_id));
}

/** Ends all of a person's sessions but one; answers how many. */
export function endOtherSessionsOf(db: Database, user_id: string, session_id: string): Promise<number> {
  return db.transaction("sign_in", (tx) => endOtherSessions(tx, user_id, session_id));
}
