import { createHash } from "node:crypto";
import type { Clock } from "../../platform/clock.ts";
import type { Database, Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import { keyOfName } from "../../rules/access/workspace-key.ts";
import { statusOfNewLocation } from "../../rules/billing/billing-status.ts";
import { insertAuditEvent, type AuditActor } from "../../store/audit-events.ts";
import { claimConnection, findGhlConnection, type GhlConnection } from "../../store/ghl-connections.ts";
import {
  bumpVersion,
  findLocationByGhlId,
  lockLocationByKey,
  putLocation,
  type Location,
} from "../../store/locations.ts";
import { findWorkspace, type Workspace } from "../../store/workspaces.ts";
import { queueAllWriteBacks } from "../../store/write-backs.ts";
import { drainWaiting } from "../events/release-events.ts";
import { LOCATION_DEFAULTS } from "../locations/location-defaults.ts";

/** The message says why the installation cannot be claimed; nothing was changed. */
export class ClaimError extends Error {}

/** What GoHighLevel says of a location. */
export interface LocationProfile {
  name: string | null;
  timezone: string | null;
}

export interface Claim {
  connection_id: string;
  workspace_id: string;
  /** Null for an agency's installation, which is no location. */
  profile: LocationProfile | null;
  /** Who claims it: in words, or the person. */
  actor: string | AuditActor;
}

const MAX_NAME = 255;

/**
 * Gives an installation to a workspace. A location's becomes a location of Kotally, named and zoned as GoHighLevel has it, or
 * the one that names its GoHighLevel id already; what waited for it is taken, and GoHighLevel is to show the balances that are
 * there. Done again it changes nothing.
 */
export async function claimInstallation(
  db: Database,
  clock: Clock,
  claim: Claim,
): Promise<{ location_id: string | null }> {
  const location_id = await db.transaction("owner", async (tx) => {
    const connection = await findGhlConnection(tx, claim.connection_id);
    const workspace = await findWorkspace(tx, claim.workspace_id);
    if (!connection || !workspace) throw new ClaimError("There is no such installation or workspace.");
    const location = connection.ghl_location_id === null ? null : await placeLocation(tx, connection, workspace, claim);
    const { workspace_id } = claim;
    const claimed = { workspace_id, location_id: location?.location_id ?? null, now: clock.now() };
    if (!(await claimConnection(tx, connection.id, claimed))) {
      throw new ClaimError("Another workspace has this installation.");
    }
    if (connection.workspace_id !== workspace_id || connection.location_id !== claimed.location_id) {
      await note(tx, connection, claim, claimed.location_id);
      if (claimed.location_id !== null) await queueAllWriteBacks(tx, claimed.location_id, claimed.now);
    }
    return claimed.location_id;
  });
  if (location_id !== null) await drainWaiting(db, clock, location_id);
  return { location_id };
}

async function placeLocation(
  tx: Transaction,
  { ghl_location_id }: GhlConnection,
  workspace: Workspace,
  { profile }: Claim,
): Promise<Location> {
  const external_id = ghl_location_id ?? "";
  const known =
    (await findLocationByGhlId(tx, external_id)) ?? (await lockLocationByKey(tx, workspace.id, external_id));
  if (known && known.workspace_id !== workspace.id) throw new ClaimError("Another workspace has this location.");
  const status =
    known && known.status !== "disconnected"
      ? known.status
      : statusOfNewLocation(workspace, known ?? LOCATION_DEFAULTS);
  if (known && known.status === status && known.ghl_location_id === external_id) return known;
  const location: Location = known
    ? { ...known, status, ghl_location_id: external_id }
    : {
        ...newLocation(workspace.id, await freeKey(tx, workspace.id, external_id, profile), external_id, profile),
        status,
      };
  await putLocation(tx, location);
  await bumpVersion(tx, location.location_id);
  return location;
}

/** A key that a person can type: the name's letters, told apart by the id where another location has them. */
async function freeKey(
  tx: Transaction,
  workspace_id: string,
  ghl_location_id: string,
  profile: LocationProfile | null,
): Promise<string> {
  const key = keyOfName(profile?.name ?? "", "");
  if (key !== "" && !(await lockLocationByKey(tx, workspace_id, key))) return key;
  const tail = createHash("sha256").update(ghl_location_id).digest("hex").slice(0, 10);
  return `${key || "location"}-${tail}`;
}

function newLocation(
  workspace_id: string,
  key: string,
  ghl_location_id: string,
  profile: LocationProfile | null,
): Location {
  return {
    ...LOCATION_DEFAULTS,
    location_id: newId(),
    workspace_id,
    key,
    name: (profile?.name ?? ghl_location_id).slice(0, MAX_NAME),
    status: "pending",
    ghl_location_id,
    timezone: validZone(profile?.timezone ?? null),
  };
}

function validZone(zone: string | null): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone ?? "UTC" }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

function note(tx: Transaction, connection: GhlConnection, { workspace_id, actor }: Claim, location_id: string | null) {
  const { company_id, ghl_location_id } = connection;
  const who = typeof actor === "string" ? { actor } : actor;
  return insertAuditEvent(tx, {
    workspace_id,
    location_id,
    ...who,
    action: "claim_installation",
    subject: `GoHighLevel ${ghl_location_id === null ? `agency ${company_id}` : `location ${ghl_location_id}`}`,
    before: null,
    after: { company_id, ghl_location_id },
  });
}
