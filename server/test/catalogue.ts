import type { Database } from "../src/platform/database.ts";
import { sql } from "./support.ts";

/** Tables that belong to one tenant: those whose every row names its location. */
export async function tenantTables(db: Database): Promise<string[]> {
  const rows = await sql<{ name: string }>(
    db,
    `SELECT t.relname AS name FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
     WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p')
       AND a.attname = 'location_id' AND a.attnotnull AND NOT a.attisdropped
     ORDER BY t.relname`,
  );
  return rows.map(({ name }) => name);
}

export interface Key {
  table: string;
  name: string;
  kind: "primary key" | "unique index" | "foreign key";
  columns: string[];
}

/** Every primary key, unique index and foreign key of the tenant tables. */
export async function keysOf(db: Database, tables: readonly string[]): Promise<Key[]> {
  return sql<Key & Record<string, unknown>>(
    db,
    `SELECT t.relname AS "table", c.relname AS name,
       CASE WHEN i.indisprimary THEN 'primary key' ELSE 'unique index' END AS kind,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey)) AS columns
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     WHERE i.indisunique AND t.relname = ANY ($1)
     UNION ALL
     SELECT t.relname, k.conname, 'foreign key',
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (k.conkey))
     FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
     WHERE k.contype = 'f' AND t.relname = ANY ($1)
     ORDER BY 1, 2`,
    [tables],
  );
}
