import type { Database } from "../../platform/database.ts";
import { isUuid } from "../../platform/ids.ts";
import { findGhlConnection, listGhlConnections, type GhlConnection } from "../../store/ghl-connections.ts";
import { findReferences } from "../../store/locations.ts";
import { lockWorkspace, type Workspace } from "../../store/workspaces.ts";

export type { GhlConnection };

/** Every installation of the app, also those that nobody has claimed. At most 1,000. */
export function listInstallations(db: Database): Promise<GhlConnection[]> {
  return db.transaction("inbox", (tx) => listGhlConnections(tx), { read_only: true });
}

/** Null: there is no installation of this id. */
export async function findInstallation(db: Database, id: string): Promise<GhlConnection | null> {
  if (!isUuid(id)) return null;
  return db.transaction("inbox", (tx) => findGhlConnection(tx, id), { read_only: true });
}

/** What the locations are called in commands and files, `workspace-key/location-key`, by their ids. */
export function findLocationReferences(db: Database, location_ids: readonly string[]): Promise<Map<string, string>> {
  return db.transaction("owner", (tx) => findReferences(tx, location_ids), { read_only: true });
}

export function findWorkspaceByKey(db: Database, key: string): Promise<Workspace | null> {
  return db.transaction("owner", (tx) => lockWorkspace(tx, key));
}
