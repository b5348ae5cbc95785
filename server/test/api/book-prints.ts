import type { Database } from "../../src/platform/database.ts";
import { sql } from "../support.ts";

/** Of each table: how many rows, and a checksum over all that they hold. */
export type Prints = Record<string, string>;

/** What of a database must not change: all of it. */
export async function printsOf(db: Database): Promise<Prints> {
  const tables = await sql<{ name: string }>(
    db,
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  );
  return readPrints(db, tables, "", []);
}

/** What of one location must not change: every row that carries its id. */
export function printsOfLocation(db: Database, location_id: string): Promise<Prints> {
  return printsWith(db, "location_id", location_id);
}

/** What of one workspace must not change: every row that carries its id. */
export function printsOfWorkspace(db: Database, workspace_id: string): Promise<Prints> {
  return printsWith(db, "workspace_id", workspace_id);
}

async function printsWith(db: Database, column: string, id: string): Promise<Prints> {
  const tables = await sql<{ name: string }>(
    db,
    `SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables
       USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name = $1 ORDER BY 1`,
    [column],
  );
  return readPrints(db, tables, `WHERE ${column} = $1`, [id]);
}

/** That a client asked is written down whatever came of it. */
const WRITTEN_ANYWAY = ["api_client_requests", "api_client_days"];

async function readPrints(
  db: Database,
  tables: readonly { name: string }[],
  where: string,
  values: unknown[],
): Promise<Prints> {
  const each = tables
    .filter(({ name }) => !WRITTEN_ANYWAY.includes(name))
    .map(
      ({ name }) =>
        `SELECT '${name}' AS name, count(*) || ' ' || COALESCE(sum(hashtextextended(${rowOf(name)}, 0)), 0) AS print
       FROM ${name} t ${where}`,
    );
  const rows = await sql<{ name: string; print: string }>(db, each.join(" UNION ALL "), values);
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
}

/** When a token was last used is written down whatever came of it. */
function rowOf(table: string): string {
  return table === "api_clients" ? "(to_jsonb(t) - 'last_used_at')::text" : "t::text";
}
