import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { findGhlConnection, listInstallationsOf, type GhlConnection } from "../../store/ghl-connections.ts";
import { auditActor } from "../access/caller.ts";
import { actorOf, type Member } from "../access/person.ts";
import { claimInstallation, ClaimError, type LocationProfile } from "./claim-installation.ts";
import type { InstallationPorts } from "./finish-installation.ts";

/** What may be told of an installation: nothing of its tokens. */
export type ToldInstallation = Pick<
  GhlConnection,
  "id" | "company_id" | "company_name" | "ghl_location_id" | "status" | "installed_at"
>;

/** Installations of a workspace that are no location of it yet: GoHighLevel is still to say what they are. */
export async function listPendingInstallations(db: Database, workspace_id: string): Promise<ToldInstallation[]> {
  const all = await db.transaction("inbox", (tx) => listInstallationsOf(tx, workspace_id), { read_only: true });
  return all.filter(isPending).map(told);
}

function isPending({ location_id, ghl_location_id, status }: GhlConnection): boolean {
  return ghl_location_id !== null && location_id === null && status !== "disconnected";
}

/** An installation that waits for its workspace; null: it is gone, or a workspace has it. */
export async function findUnclaimed(db: Database, connection_id: string): Promise<ToldInstallation | null> {
  const found = await db.transaction("inbox", (tx) => findGhlConnection(tx, connection_id), { read_only: true });
  return found?.status === "unclaimed" ? told(found) : null;
}

function told(connection: GhlConnection): ToldInstallation {
  const { id, company_id, company_name, ghl_location_id, status, installed_at } = connection;
  return { id, company_id, company_name, ghl_location_id, status, installed_at };
}

/**
 * Gives an unclaimed installation to a workspace: asks GoHighLevel what the location is, then makes it one of ours, with its line
 * in the audit trail. Null: another workspace has it, or it was taken off meanwhile. Throws where GoHighLevel does not answer.
 */
export async function claimUnclaimed(
  db: Database,
  clock: Clock,
  ports: InstallationPorts,
  { id, ghl_location_id }: ToldInstallation,
  { workspace_id, person }: Pick<Member, "workspace_id" | "person">,
): Promise<{ location_id: string | null } | null> {
  const profile: LocationProfile | null =
    ghl_location_id === null ? null : await ports.profileOf({ id, ghl_location_id });
  const actor = auditActor(actorOf(person));
  try {
    return await claimInstallation(db, clock, { connection_id: id, workspace_id, profile, actor });
  } catch (error) {
    if (error instanceof ClaimError) return null;
    throw error;
  }
}
