import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../server/src/platform/embedded-postgres.ts";
import { listMigrations } from "../server/src/platform/migrate.ts";

/** Where embedded PostgreSQLs of the benchmark live; ignored by git, kept between runs. */
export function dataDirectory(name: string): string {
  return fileURLToPath(new URL(`.kotally/${name}/`, import.meta.url));
}

/** The PostgreSQL that everything is measured on, with the databases of the benchmark in it. */
export class BenchPostgres {
  readonly is_embedded: boolean;
  /** Databases with loaded data begin with this; another schema begins otherwise. */
  readonly prefix: string;
  readonly #url: string;
  readonly #embedded: EmbeddedPostgres | null;

  private constructor(url: string, embedded: EmbeddedPostgres | null, prefix: string) {
    this.#url = url;
    this.#embedded = embedded;
    this.is_embedded = embedded !== null;
    this.prefix = prefix;
  }

  /** The server that DATABASE_URL names, else the embedded one. */
  static async open(): Promise<BenchPostgres> {
    const migrations = await listMigrations();
    const checksum = createHash("sha256")
      .update(migrations.map((migration) => migration.checksum).join())
      .digest("hex");
    const given = process.env["DATABASE_URL"];
    const embedded = given ? null : await startEmbeddedPostgres({ data_dir: dataDirectory("measured") });
    const postgres = new BenchPostgres(
      given ?? embedded?.url ?? "",
      embedded,
      `kotally_bench_${checksum.slice(0, 10)}_`,
    );
    if (embedded) await postgres.#dropOfOtherSchemas();
    return postgres;
  }

  urlOf(database: string): string {
    const url = new URL(this.#url);
    url.pathname = `/${database}`;
    return url.href;
  }

  async has(database: string): Promise<boolean> {
    const rows = await this.ask("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
    return rows.length > 0;
  }

  /** Asks the server, connected to the database that it came with. */
  ask<R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> {
    return askDatabase<R>(this.#url, text, values);
  }

  async drop(database: string): Promise<void> {
    await this.ask(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  }

  /** A copy for one run: what is loaded stays as it was loaded. */
  async copy(from: string, to: string): Promise<string> {
    await this.drop(to);
    await this.ask(`CREATE DATABASE ${to} TEMPLATE ${from} STRATEGY file_copy`);
    return this.urlOf(to);
  }

  /** Ends what this run started; another server is left as it is. */
  async stop(): Promise<void> {
    await this.#embedded?.stop();
  }

  async #dropOfOtherSchemas(): Promise<void> {
    const rows = await this.ask<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE datname LIKE 'kotally\\_bench\\_%'",
    );
    for (const { datname } of rows) if (!datname.startsWith(this.prefix)) await this.drop(datname);
  }
}

/** One statement on a connection of its own, as the owner. */
export async function askDatabase<R extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text, values)).rows;
  } finally {
    await client.end();
  }
}
