import { ClaimError } from "../operations/connections/claim-installation.ts";
import { finishInstallation, type InstallationPorts } from "../operations/connections/finish-installation.ts";
import {
  findInstallation,
  findLocationReferences,
  findWorkspaceByKey,
  listInstallations,
  type GhlConnection,
} from "../operations/connections/list-installations.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { CommandError, type CommandResult } from "./result.ts";

export interface ClaimOptions {
  claim?: string;
  workspace?: string;
}

/** `kotally installations [--claim ID --workspace KEY]`: what is installed, and whose it is. */
export async function installations(
  db: Database,
  clock: Clock,
  ports: InstallationPorts | null,
  { claim, workspace: key }: ClaimOptions,
): Promise<CommandResult> {
  if (claim !== undefined) await claimFor(db, clock, ports, claim, key);
  const all = await listInstallations(db);
  const references = await findLocationReferences(
    db,
    all.flatMap(({ location_id }) => location_id ?? []),
  );
  const named = all.map((one) => ({ ...one, location: references.get(one.location_id ?? "") ?? null }));
  return {
    document: { installations: named.map(shown) },
    lines: all.length === 0 ? ["Nothing is installed."] : named.map(lineOf),
  };
}

async function claimFor(
  db: Database,
  clock: Clock,
  ports: InstallationPorts | null,
  id: string,
  key: string | undefined,
): Promise<void> {
  if (key === undefined) throw new CommandError("Give --workspace, the key of the workspace that claims it.");
  if (ports === null) throw new CommandError("GoHighLevel is off: set GHL_CLIENT_ID and GHL_CLIENT_SECRET.");
  const workspace = await findWorkspaceByKey(db, key);
  if (!workspace) throw new CommandError(`There is no workspace with the key ${key}.`);
  const connection = await findInstallation(db, id);
  if (!connection) throw new CommandError(`There is no installation ${id}: see kotally installations.`);
  try {
    await finishInstallation(db, clock, ports, { connection, workspace_id: workspace.id }, "command line");
  } catch (error) {
    if (error instanceof ClaimError) throw new CommandError(error.message);
    throw new CommandError(`GoHighLevel does not tell what the location is: ${(error as Error).message}. Try again.`);
  }
}

/** With what the location is called in commands and files; null before it is one. */
type Installed = GhlConnection & { location: string | null };

function shown({
  id,
  company_id,
  ghl_location_id,
  status,
  workspace_id,
  location_id,
  location,
  company_name,
  scopes,
}: Installed) {
  return { id, company_id, ghl_location_id, status, workspace_id, location_id, location, company_name, scopes };
}

function lineOf({ id, company_id, company_name, ghl_location_id, status, location }: Installed): string {
  const what = ghl_location_id === null ? `agency ${company_id}` : `location ${ghl_location_id} of ${company_id}`;
  const whose = company_name === null ? "" : ` (${company_name})`;
  return `${id}  ${status.padEnd(15)} ${what}${whose}${location === null ? "" : ` → ${location}`}`;
}
