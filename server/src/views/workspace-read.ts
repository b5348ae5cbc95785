import type { Database, Transaction } from "../platform/database.ts";

/** Asks about a workspace, as somebody who belongs to it; reads only. */
export function readWorkspace<T>(
  db: Database,
  { workspace_id, person: { user_id } }: { workspace_id: string; person: { user_id: string } },
  ask: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return db.transaction({ workspace_id, user_id }, ask, { read_only: true });
}
