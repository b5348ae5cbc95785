import { z } from "zod";
import type { Database } from "../platform/database.ts";
import { locationPublicId } from "../platform/ids.ts";
import { BILLING_STATUSES } from "../rules/billing/billing-status.ts";

const location = z.object({
  workspace_id: z.guid(),
  location_id: z.string().describe("loc_…"),
  key: z.string(),
  name: z.string(),
  status: z.enum(["pending", "active", "disconnected"]),
  sandbox: z.boolean(),
  timezone: z.string(),
  currency: z.string(),
  connected: z.boolean().describe("To GoHighLevel."),
  clock_offset_ms: z.number().describe("By how much a sandbox's clock is ahead."),
});

export const personWorkspace = z.object({
  workspace_id: z.guid(),
  key: z.string(),
  name: z.string(),
  role: z.enum(["owner", "admin", "viewer"]),
  is_support: z.boolean().describe("The person looks on as Kotally's support, by the owner's leave."),
  billing_status: z.enum(BILLING_STATUSES),
  locations: z.array(location),
});

type PersonWorkspace = z.output<typeof personWorkspace>;
type WorkspaceRow = Omit<PersonWorkspace, "locations"> & Record<string, unknown>;
type LocationRow = z.output<typeof location>;

const WORKSPACES = {
  name: "",
  text: `
    SELECT DISTINCT ON (w.name, w.id) w.id AS workspace_id, w.key, w.name, m.role, m.is_support, w.billing_status
    FROM memberships_now m JOIN workspaces w ON w.id = m.workspace_id WHERE m.user_id = $1
    ORDER BY w.name, w.id, m.is_support`,
};

const LOCATIONS = {
  name: "",
  text: `
    SELECT l.workspace_id, l.location_id, l.key, l.name, l.status, l.sandbox, l.timezone, l.currency, l.clock_offset_ms,
      l.ghl_location_id IS NOT NULL AND l.status <> 'disconnected' AS connected
    FROM locations l WHERE l.workspace_id IN (SELECT workspace_id FROM memberships_now WHERE user_id = $1)
    ORDER BY l.sandbox, l.name, l.location_id`,
};

/** The workspaces that a person may enter, each with its locations. */
export function listPersonWorkspaces(db: Database, user_id: string): Promise<PersonWorkspace[]> {
  return db.transaction(
    { user_id },
    async (tx) => {
      const [workspaces, locations] = await Promise.all([
        tx.query<WorkspaceRow>(WORKSPACES, [user_id]),
        tx.query<LocationRow>(LOCATIONS, [user_id]),
      ]);
      const of_workspace = Map.groupBy(
        locations.map((found) => ({ ...found, location_id: locationPublicId(found.location_id) })),
        ({ workspace_id }) => workspace_id,
      );
      return workspaces.map((workspace) => ({
        ...workspace,
        locations: of_workspace.get(workspace.workspace_id) ?? [],
      }));
    },
    { read_only: true },
  );
}
