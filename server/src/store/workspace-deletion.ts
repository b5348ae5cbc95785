import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { NoticeDays, SentNotice } from "../rules/billing/retention.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** A cancelled workspace on its way to its deletion. */
export interface LeavingWorkspace {
  workspace_id: string;
  name: string;
  cancelled_at: Instant;
  deleting_since: Instant | null;
  notices: SentNotice[];
  /** E-mail addresses. */
  owners: string[];
}

const LEAVING = {
  name: "",
  text: `
    SELECT w.id AS workspace_id, w.name, w.cancelled_at, w.deleting_since,
      ARRAY(SELECT u.email FROM workspace_members m JOIN users u ON u.id = m.user_id
        WHERE m.workspace_id = w.id AND m.role = 'owner' ORDER BY u.email) AS owners,
      ARRAY(SELECT jsonb_build_object('days_before', n.days_before, 'sent_at', floor(extract(epoch FROM n.sent_at) * 1000))
        FROM retention_notices n WHERE n.workspace_id = w.id AND n.cancelled_at = w.cancelled_at) AS notices
    FROM workspaces w WHERE w.cancelled_at <= $1 AND ($2::uuid IS NULL OR w.id = $2) ORDER BY w.cancelled_at, w.id LIMIT $3`,
};

/** Those that were cancelled by then, the first first. */
export function findLeavingWorkspaces(
  tx: Transaction,
  { cancelled_by, at_most }: { cancelled_by: Instant; at_most: number },
): Promise<LeavingWorkspace[]> {
  return tx.query<LeavingWorkspace & Record<string, unknown>>(LEAVING, [instant(cancelled_by), null, at_most]);
}

/** Null: it is not cancelled. */
export async function findLeavingWorkspace(
  tx: Transaction,
  workspace_id: string,
  now: Instant,
): Promise<LeavingWorkspace | null> {
  const rows = await tx.query<LeavingWorkspace & Record<string, unknown>>(LEAVING, [instant(now), workspace_id, 1]);
  return rows[0] ?? null;
}

const NOTICE = {
  name: "",
  text: `
    INSERT INTO retention_notices (workspace_id, cancelled_at, days_before, sent_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING RETURNING workspace_id`,
};

/** Whether the notice is a new one. */
export async function insertRetentionNotice(
  tx: Transaction,
  { workspace_id, cancelled_at }: LeavingWorkspace,
  days_before: NoticeDays,
  sent_at: Instant,
): Promise<boolean> {
  const values = [workspace_id, instant(cancelled_at), days_before, instant(sent_at)];
  return (await tx.query(NOTICE, values)).length > 0;
}

const MARK = {
  name: "",
  text: "UPDATE workspaces SET deleting_since = COALESCE(deleting_since, $2) WHERE id = $1 AND billing_status = 'cancelled' RETURNING id",
};

/** From now on there is no way back; false: it is not cancelled any more. */
export async function markDeleting(tx: Transaction, workspace_id: string, now: Instant): Promise<boolean> {
  return (await tx.query(MARK, [workspace_id, instant(now)])).length > 0;
}

/** A table whose rows name their location or their workspace, and which other tables its rows refer to. */
interface OwnedTable {
  name: string;
  of: "location" | "workspace";
  refers_to: string[];
}

// The register of locations goes with the workspace, and that there was one stays.
const OWNED_TABLES = {
  name: "",
  text: `
    SELECT t.relname AS name, CASE a.attname WHEN 'location_id' THEN 'location' ELSE 'workspace' END AS of,
      ARRAY(SELECT DISTINCT k.confrelid::regclass::text FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'f')
        AS refers_to
    FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname IN ('location_id', 'workspace_id')
    WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p') AND NOT a.attisdropped
      AND t.relname NOT IN ('workspaces', 'deleted_workspaces') AND (t.relname, a.attname) <> ('locations', 'location_id')
    ORDER BY of, t.relname`,
};

/** One further step of a deletion, each worth a transaction of its own. */
export interface DeletionStep {
  table: string;
  location_id: string | null;
  /** False: its rows refer to each other, and go at once. */
  is_in_parts: boolean;
}

const LOCATIONS_OF = {
  name: "",
  text: "SELECT location_id FROM locations WHERE workspace_id = $1 ORDER BY location_id",
};

/** What is to be deleted of a workspace, in an order in which nothing refers to what is gone: its locations' rows, then its own. */
export async function listDeletionSteps(tx: Transaction, workspace_id: string): Promise<DeletionStep[]> {
  const [locations, tables] = await Promise.all([
    tx.query<{ location_id: string }>(LOCATIONS_OF, [workspace_id]),
    tx.query<OwnedTable & Record<string, unknown>>(OWNED_TABLES),
  ]);
  const stepsOf = (of: OwnedTable["of"], location_id: string | null) =>
    referringFirst(tables.filter((table) => table.of === of)).map(({ name, refers_to }) => ({
      table: name,
      location_id,
      is_in_parts: !refers_to.includes(name),
    }));
  return [...locations.flatMap(({ location_id }) => stepsOf("location", location_id)), ...stepsOf("workspace", null)];
}

/** Each table before those that it refers to. */
function referringFirst(tables: readonly OwnedTable[]): OwnedTable[] {
  const waiting = [...tables];
  const ordered: OwnedTable[] = [];
  while (waiting.length > 0) {
    const free = waiting.findIndex(({ name }) =>
      waiting.every((other) => other.name === name || !other.refers_to.includes(name)),
    );
    const [table] = waiting.splice(free, 1);
    if (free === -1 || !table)
      throw new Error(`tables refer to each other in a circle: ${waiting.map(({ name }) => name).join()}`);
    ordered.push(table);
  }
  return ordered;
}

/** Answers how many rows went. `at_most` holds where the step may be taken in parts. */
export async function deleteRows(
  tx: Transaction,
  workspace_id: string,
  { table, location_id, is_in_parts }: DeletionStep,
  at_most: number,
): Promise<number> {
  const whose = location_id === null ? "workspace_id = $1" : "location_id = $1";
  const some = `ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${whose} LIMIT $2))`;
  const text = `
    WITH gone AS (DELETE FROM ${table} WHERE ${is_in_parts ? some : `${whose} AND $2::integer IS NOT NULL`} RETURNING 1)
    SELECT count(*)::integer AS count FROM gone`;
  const [row] = await tx.query<{ count: number }>({ name: "", text }, [location_id ?? workspace_id, at_most]);
  return row?.count ?? 0;
}

const FINISH = {
  name: "",
  text: `
    WITH gone AS (DELETE FROM workspaces WHERE id = $1 AND deleting_since IS NOT NULL RETURNING id, cancelled_at)
    INSERT INTO deleted_workspaces (workspace_id, cancelled_at, deleted_at) SELECT id, cancelled_at, $2 FROM gone`,
};

/** The workspace itself, of which nothing else is left. */
export function finishDeletion(tx: Transaction, workspace_id: string, now: Instant) {
  return tx.query(FINISH, [workspace_id, instant(now)]);
}
