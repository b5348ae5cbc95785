import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Database, Transaction } from "./database.ts";

const MIGRATIONS = new URL("../../migrations/", import.meta.url);

/** Any number that only migrations of Kotally take: one process migrates, the others wait. */
const LOCK_KEY = 5_684_825_511;

/** The message is one sentence that says what to do. */
export class MigrationError extends Error {}

export interface Migration {
  name: string;
  text: string;
  checksum: string;
}

export async function listMigrations(): Promise<Migration[]> {
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, MIGRATIONS), "utf8");
      return { name, text, checksum: createHash("sha256").update(text).digest("hex") };
    }),
  );
}

/** Brings the schema up to date, forward only, in one transaction under a lock; answers with the names of what it applied. */
export async function migrate(db: Database): Promise<string[]> {
  const migrations = await listMigrations();
  return db.transaction("owner", async (tx) => {
    await tx.query({ name: "", text: "SELECT pg_advisory_xact_lock($1)" }, [LOCK_KEY]);
    const done = await appliedMigrations(tx);
    const unknown = [...done.keys()].find((name) => !migrations.some((migration) => migration.name === name));
    if (unknown)
      throw new MigrationError(`The database was migrated by a newer Kotally (${unknown}): start that version.`);
    const applied: string[] = [];
    for (const { name, text, checksum } of migrations) {
      const known = done.get(name);
      if (known === checksum) continue;
      if (known) throw new MigrationError(`Migration ${name} was edited after it was applied: restore the file.`);
      await tx.query({ name: "", text });
      const record = "INSERT INTO kotally_migrations (name, checksum) VALUES ($1, $2)";
      await tx.query({ name: "", text: record }, [name, checksum]);
      applied.push(name);
    }
    return applied;
  });
}

/** Names of migrations that this version has and the database has not. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const migrations = await listMigrations();
  return db.transaction("owner", async (tx) => {
    const done = await appliedMigrations(tx);
    return migrations.filter(({ name }) => !done.has(name)).map(({ name }) => name);
  });
}

async function appliedMigrations(tx: Transaction): Promise<Map<string, string>> {
  const create = `CREATE TABLE IF NOT EXISTS kotally_migrations (
    name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;
  await tx.query({ name: "", text: create });
  const rows = await tx.query<{ name: string; checksum: string }>({
    name: "",
    text: "SELECT name, checksum FROM kotally_migrations",
  });
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

const UNSAFE_SETTINGS: Record<string, readonly string[]> = {
  fsync: ["off"],
  full_page_writes: ["off"],
  synchronous_commit: ["off"],
};

/** Refuses a server on which an acknowledged write may be lost: kill tests cannot see it, a power cut would. */
export async function assertDurable(db: Database): Promise<void> {
  const text = "SELECT name, setting FROM pg_settings WHERE name = ANY ($1)";
  const rows = await db.transaction("owner", (tx) =>
    tx.query<{ name: string; setting: string }>({ name: "", text }, [Object.keys(UNSAFE_SETTINGS)]),
  );
  const unsafe = rows.find(({ name, setting }) => UNSAFE_SETTINGS[name]?.includes(setting));
  if (unsafe) {
    const { name, setting } = unsafe;
    throw new MigrationError(
      `PostgreSQL runs with ${name} = ${setting}, which loses acknowledged credits: switch it on.`,
    );
  }
}
