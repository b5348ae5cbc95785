import type { Database } from "../../platform/database.ts";
import { listGhlConnections, type GhlConnection } from "../../store/ghl-connections.ts";
import { lockWorkspace, type Workspace } from "../../store/workspaces.ts";

export type { GhlConnection };

/** Every installation of the app, also those that nobody has claimed. At most 1,000. */
export function listInstallations(db: Database): Promise<GhlConnection[]> {
  return db.transaction("inbox", (tx) => listGhlConnections(tx), { read_only: true });
}

export function findWorkspaceByKey(db: Database, key: string): Promise<Workspace | null> {
  return db.transaction("owner", (tx) => lockWorkspace(tx, key));
}
