import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { claimConnection, takeUnfinished } from "../../store/ghl-connections.ts";
import { claimInstallation, type LocationProfile } from "./claim-installation.ts";
import type { GhlTokens } from "./ghl-tokens.ts";
import type { RecordedInstallation } from "./record-installation.ts";

/** What an installation needs of the outside. */
export interface InstallationPorts {
  /** The app's id at GoHighLevel. */
  app_id: string;
  tokens: GhlTokens;
  /** What GoHighLevel says of the location that the connection is for. Throws where it does not answer. */
  profileOf(connection: { id: string; ghl_location_id: string }): Promise<LocationProfile | null>;
}

/** Connects an installation to the workspace that it belongs to; false: it waits to be claimed. May be repeated. */
export async function finishInstallation(
  db: Database,
  clock: Clock,
  ports: InstallationPorts,
  { connection, workspace_id }: RecordedInstallation,
  actor: string,
): Promise<boolean> {
  if (workspace_id === null) return false;
  const { id, ghl_location_id } = connection;
  const profile = ghl_location_id === null ? null : await ports.profileOf({ id, ghl_location_id });
  await claimInstallation(db, clock, { connection_id: id, workspace_id, profile, actor });
  return true;
}

/** Installations that one round finishes at most. */
const ROUND = 20;

/** Finishes what has a workspace and is no location of ours yet; answers how many. What fails is tried by the next round. */
export async function finishInstallations(
  db: Database,
  clock: Clock,
  ports: InstallationPorts,
  onFailure: (error: unknown) => void,
): Promise<number> {
  const unfinished = await db.transaction("inbox", (tx) => takeUnfinished(tx, ROUND, clock.now()));
  let finished = 0;
  for (const connection of unfinished) {
    try {
      // One after the other: each asks GoHighLevel, which counts the calls.
      await finishInstallation(db, clock, ports, { connection, workspace_id: connection.workspace_id }, "installation");
      finished += 1;
    } catch (error) {
      onFailure(error);
    }
  }
  return finished;
}

/** Gives installations to a workspace at once; they become locations as GoHighLevel tells what they are. */
export async function assignInstallations(
  db: Database,
  clock: Clock,
  workspace_id: string,
  connection_ids: readonly string[],
): Promise<number> {
  return db.transaction("inbox", async (tx) => {
    const given = await Promise.all(
      connection_ids.map((id) => claimConnection(tx, id, { workspace_id, location_id: null, now: clock.now() })),
    );
    return given.filter(Boolean).length;
  });
}
