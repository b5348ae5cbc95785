import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { findInstallation, upsertInstallation, type GhlConnection } from "../../store/ghl-connections.ts";

/** What a redirect or an INSTALL webhook tells; they come in either order. */
export interface ToldInstallation {
  company_id: string;
  /** Null: a whole agency. */
  ghl_location_id: string | null;
  is_bulk?: boolean;
  company_name?: string | null;
  whitelabel_domain?: string | null;
  told_at: Instant;
}

/** The installation, and the workspace that it belongs to: its own, else its agency's; null: nobody has claimed it. */
export interface RecordedInstallation {
  connection: GhlConnection;
  workspace_id: string | null;
}

/** Records an installation once, whoever tells of it; null where it was uninstalled after this was told. */
export async function recordInstallation(
  db: Database,
  clock: Clock,
  {
    company_id,
    ghl_location_id,
    is_bulk = false,
    company_name = null,
    whitelabel_domain = null,
    told_at,
  }: ToldInstallation,
): Promise<RecordedInstallation | null> {
  return db.transaction("inbox", async (tx) => {
    const facts = { company_id, ghl_location_id, is_bulk, company_name, whitelabel_domain };
    const installation = { id: newId(), ...facts, installed_at: told_at };
    const connection = await upsertInstallation(tx, installation, clock.now());
    if (!connection) return null;
    const agency = ghl_location_id === null ? null : await findInstallation(tx, company_id, null);
    return { connection, workspace_id: connection.workspace_id ?? agency?.workspace_id ?? null };
  });
}
