import { realpathSync } from "node:fs";
import pg from "pg";

export const USER = "kotally";
const DATABASE = "kotally";

/** The address of our database on a port of this machine. */
export function urlOf(port: number, password: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/** How something that listens on a port answers when it is asked for a database of ours. */
export type Answer = "ready" | "no_database" | "not_yet" | "silent" | "wrong_password" | "stranger";

const PATIENCE_MS = 2_000;

const ANSWER_OF_STATE: Record<string, Answer> = {
  "57P03": "not_yet",
  "28P01": "wrong_password",
  "28000": "wrong_password",
};

/** Asks the server on `port` whether it is the one of this directory, and whether it has the database. */
export async function ask(port: number, password: string, cluster_dir: string): Promise<Answer> {
  try {
    return await connected(port, password, async (client) => {
      const text = `SELECT current_setting('data_directory') AS directory,
        EXISTS (SELECT FROM pg_database WHERE datname = '${DATABASE}') AS has_database`;
      const { rows } = await client.query<{ directory: string; has_database: boolean }>(text);
      const [row] = rows;
      if (!row || !isSamePath(row.directory, cluster_dir)) return "stranger";
      return row.has_database ? "ready" : "no_database";
    });
  } catch (error) {
    return ANSWER_OF_STATE[(error as { code?: string }).code ?? ""] ?? "silent";
  }
}

export async function createDatabase(port: number, password: string): Promise<void> {
  await connected(port, password, (client) => client.query(`CREATE DATABASE ${DATABASE}`));
}

async function connected<T>(port: number, password: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    host: "127.0.0.1",
    port,
    user: USER,
    password,
    database: "postgres",
    ssl: false,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: 10 * PATIENCE_MS,
  });
  // A connection that breaks is told by the query that waits for it.
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

function isSamePath(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
