import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { giveFiles, run, type Account } from "./postgres-account.ts";
import { EmbeddedPostgresError, type PostgresBinaries } from "./postgres-binaries.ts";
import { USER } from "./postgres-connection.ts";

/** Where the embedded database keeps what it has. */
export interface Cluster {
  data_dir: string;
  /** PostgreSQL's own data directory. */
  cluster_dir: string;
  password_path: string;
  log_path: string;
}

/** `data_dir` is a real path, so that it compares with what the system says of a process. */
export function clusterIn(data_dir: string): Cluster {
  return {
    data_dir,
    cluster_dir: join(data_dir, "postgres"),
    password_path: join(data_dir, "postgres.password"),
    log_path: join(data_dir, "postgres.log"),
  };
}

/** Whether there is a cluster, of the version that we can run. */
export function hasCluster({ data_dir, cluster_dir }: Cluster, { major_version }: PostgresBinaries): boolean {
  const names = existsSync(cluster_dir) ? readdirSync(cluster_dir) : [];
  if (names.length === 0) return false;
  if (!names.includes("PG_VERSION")) {
    throw new EmbeddedPostgresError(`${cluster_dir} holds something that is no database of PostgreSQL: move it away.`);
  }
  const version = readFileSync(join(cluster_dir, "PG_VERSION"), "utf8").trim();
  if (version === major_version) return true;
  throw new EmbeddedPostgresError(
    `The data directory ${data_dir} belongs to PostgreSQL ${version} and this Kotally brings PostgreSQL ${major_version}: ` +
      "start the Kotally that made it, or name another directory in KOTALLY_DATA_DIR.",
  );
}

/** The password of our superuser, made once. */
export function takePassword({ password_path, data_dir }: Cluster, may_create: boolean): string {
  if (existsSync(password_path)) return readFileSync(password_path, "utf8").trim();
  if (!may_create) {
    throw new EmbeddedPostgresError(
      `${password_path} is missing, and without it the database is locked: bring it back.`,
    );
  }
  const password = randomBytes(24).toString("base64url");
  const new_path = `${password_path}.new`;
  writeFileSync(new_path, password, { mode: 0o600, flush: true });
  renameSync(new_path, password_path);
  syncDirectory(data_dir);
  return password;
}

const STAGING_PREFIX = "postgres.new-";

/** Makes the cluster aside and moves it in when it is whole and on the disk, so that a kill leaves none or all of it. */
export async function createCluster(
  { data_dir, cluster_dir }: Cluster,
  account: Account,
  { initdb }: PostgresBinaries,
  password: string,
): Promise<void> {
  const staging_dir = mkdtempSync(join(data_dir, STAGING_PREFIX));
  const new_dir = join(staging_dir, "postgres");
  const password_path = join(staging_dir, "password");
  writeFileSync(password_path, password, { mode: 0o600 });
  giveFiles(staging_dir, account);
  const who = [`--username=${USER}`, `--pwfile=${password_path}`, "--auth=scram-sha-256"];
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  try {
    await run(account, initdb, ["-D", new_dir, ...who, ...locale, "--data-checksums", "--no-instructions"]);
    if (existsSync(cluster_dir)) rmdirSync(cluster_dir);
    renameSync(new_dir, cluster_dir);
    syncDirectory(data_dir);
  } catch (error) {
    const reason = lastLine((error as { stderr?: string }).stderr ?? "") ?? String(error);
    throw new EmbeddedPostgresError(`PostgreSQL could not set up ${cluster_dir}: ${reason}`, { cause: error });
  } finally {
    sweepStaging(data_dir);
  }
}

/** What a killed start left behind. An initdb that still writes there fails, which is as well. */
function sweepStaging(data_dir: string): void {
  for (const name of readdirSync(data_dir)) {
    if (name.startsWith(STAGING_PREFIX)) rmSync(join(data_dir, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

function syncDirectory(path: string): void {
  // Windows neither can nor must.
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
}

/** The last line of what a program said; null where it said nothing. */
export function lastLine(text: string): string | null {
  return text.trimEnd().split("\n").at(-1) || null;
}
