import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../src/platform/database.ts";
import { listMigrations, migrate, pendingMigrations } from "../src/platform/migrate.ts";
import { readSchema } from "../src/views/schema.ts";
import { keysOf, tenantTables } from "./catalogue.ts";
import { createTestDatabase, sql, type TestDatabase } from "./support.ts";

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db } = database);
});

afterAll(() => database.drop());

test("server/schema.sql is current; if not: npm run schema -- server/schema.sql", async () => {
  const committed = await readFile(new URL("../schema.sql", import.meta.url), "utf8");
  expect(await readSchema(db)).toBe(committed);
});

/** Keys of tenant tables without location_id, each with its reason. A row of one tenant refers to no other through them. */
const KEYS_ACROSS_LOCATIONS: Record<string, string> = {
  locations_key: "a workspace names its locations; the table that says which tenants there are",
  locations_ghl: "GoHighLevel's id of a location leads to it",
  stripe_connections_url: "the address that Stripe delivers to says nothing but the connection",
  locations_workspace_id_fkey: "a location belongs to a workspace, which is no tenant",
};

describe("the law of the schema: every tenant key has location_id", () => {
  test("in the primary key, every unique index and every foreign key of every tenant table", async () => {
    const keys = await keysOf(db, await tenantTables(db));
    const without = keys.filter(({ columns }) => !columns.includes("location_id"));
    expect(without.map(({ name }) => name).sort()).toEqual(Object.keys(KEYS_ACROSS_LOCATIONS).sort());
    const tables_with_primary_key = keys.filter(({ kind }) => kind === "primary key").map(({ table }) => table);
    expect(tables_with_primary_key).toEqual(await tenantTables(db));
  });

  test("foreign keys join location to location", async () => {
    const crossed = await sql(
      db,
      `SELECT k.conname FROM pg_constraint k, unnest(k.conkey, k.confkey) AS c (a, b)
       JOIN pg_attribute a ON a.attnum = c.a JOIN pg_attribute b ON b.attnum = c.b
       WHERE k.contype = 'f' AND a.attrelid = k.conrelid AND b.attrelid = k.confrelid
         AND (a.attname = 'location_id') <> (b.attname = 'location_id')`,
    );
    expect(crossed).toEqual([]);
  });
});

describe("migrations", () => {
  test("applied twice change nothing", async () => {
    const before = await readSchema(db);
    expect(await migrate(db)).toEqual([]);
    expect(await pendingMigrations(db)).toEqual([]);
    expect(await readSchema(db)).toBe(before);
  });

  test("are applied once by two processes that start at once on an empty database", async () => {
    const empty = await createTestDatabase("template0");
    try {
      const outputs = await Promise.all([migrateByCommand(empty.url), migrateByCommand(empty.url)]);
      const applied = outputs.map((output) => (JSON.parse(output) as { applied: string[] }).applied);
      const names = (await listMigrations()).map(({ name }) => name);
      expect(applied.flat()).toEqual(names);
      expect(await readSchema(empty.db)).toBe(await readSchema(db));
    } finally {
      await empty.drop();
    }
  });

  test("that were edited after they were applied are refused with a sentence", async () => {
    const edited = await createTestDatabase();
    await sql(edited.db, "UPDATE kotally_migrations SET checksum = 'other' WHERE name LIKE '0001%'");
    await expect(migrate(edited.db)).rejects.toThrow(
      /^Migration 0001_\w+\.sql was edited after it was applied: restore the file\.$/,
    );
    await edited.drop();
  });

  test("of a newer Kotally are refused with a sentence", async () => {
    const newer = await createTestDatabase();
    await sql(newer.db, "INSERT INTO kotally_migrations (name, checksum) VALUES ('9999_later.sql', 'x')");
    await expect(migrate(newer.db)).rejects.toThrow(
      "The database was migrated by a newer Kotally (9999_later.sql): start that version.",
    );
    await newer.drop();
  });
});

/** `kotally migrate --json` in a process of its own; answers with what it printed. */
async function migrateByCommand(url: string): Promise<string> {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const env = { ...process.env, DATABASE_URL: url, KOTALLY_SECRET: "a-secret-of-this-test" };
  const child = spawn(process.execPath, [main, "migrate", "--json"], { env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  expect(await once(child, "close")).toEqual([0, null]);
  return output;
}
