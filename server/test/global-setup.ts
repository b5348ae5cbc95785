import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { Database } from "../src/platform/database.ts";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import { migrate } from "../src/platform/migrate.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The PostgreSQL that tests make their databases in. */
    server_url: string;
    /** A migrated, empty database that each test file copies. */
    template: string;
  }
}

/** One PostgreSQL for the run: the one that DATABASE_URL names, else the embedded one in a directory of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["DATABASE_URL"];
  const data_dir = given ? null : await mkdtemp(join(tmpdir(), "kotally-test-"));
  const embedded = data_dir ? await startEmbeddedPostgres({ data_dir }) : null;
  const server_url = given ?? embedded?.url ?? "";
  const template = `kotally_template_${process.pid}`;
  await onServer(server_url, `CREATE DATABASE ${template}`);
  const db = new Database(databaseUrl(server_url, template), 1);
  await migrate(db);
  await db.close();
  project.provide("server_url", server_url);
  project.provide("template", template);
  return async () => {
    if (given) await onServer(server_url, `DROP DATABASE ${template}`);
    await embedded?.stop();
    if (data_dir) await rm(data_dir, { recursive: true });
  };
}

export async function onServer(server_url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server_url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export function databaseUrl(server_url: string, name: string): string {
  const url = new URL(server_url);
  url.pathname = `/${name}`;
  return url.href;
}
