import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicNow } from "./clock.ts";
import { findOwner, tryLockDataDirectory, type DataDirectoryLock } from "./data-directory-lock.ts";
import { makeDirectory } from "./make-directory.ts";
import { EmbeddedPostgresError, findBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { clusterIn, hasCluster, takePassword, type Cluster } from "./postgres-cluster.ts";
import { ask, createDatabase, urlOf } from "./postgres-connection.ts";
import { passwordIsWrong, runPostmaster } from "./postgres-takeover.ts";
import { PostmasterWatch } from "./postgres-watch.ts";
import { endPostmaster, isPostgresOf, readPostmaster } from "./postmaster.ts";

export { EmbeddedPostgresError };

/** A real PostgreSQL that is ready and keeps its data in the data directory. */
export interface EmbeddedPostgres {
  url: string;
  /** The data directory was initialised by this call, so the database is empty. */
  created: boolean;
  /** This process will stop it; false where it joined the database of another process. */
  owner: boolean;
  /** Shuts the database down and gives the data directory back; does nothing for who only joined. */
  stop(): Promise<void>;
}

type Log = (line: string) => void;

const JOIN_PATIENCE_MS = 60_000;
const JOIN_INTERVAL_MS = 50;

/** Starts PostgreSQL on the data directory and owns it, or joins the one that a live process owns. */
export async function startEmbeddedPostgres(options: { data_dir: string; log?: Log }): Promise<EmbeddedPostgres> {
  const { data_dir, log = () => {} } = options;
  try {
    const binaries = findBinaries();
    const cluster = clusterIn(prepareDirectory(data_dir));
    const deadline = monotonicNow() + JOIN_PATIENCE_MS;
    while (monotonicNow() < deadline) {
      const lock = tryLockDataDirectory(cluster.data_dir);
      if (lock) return await startAsOwner(cluster, binaries, lock, log);
      const url = await findRunning(cluster);
      if (url !== null) {
        log("joined the embedded PostgreSQL of another process");
        return { url, created: false, owner: false, stop: async () => {} };
      }
      await sleep(JOIN_INTERVAL_MS);
    }
    throw ownerIsMute(cluster.data_dir);
  } catch (error) {
    throw asSentence(error, data_dir);
  }
}

function prepareDirectory(data_dir: string): string {
  makeDirectory(data_dir);
  accessSync(data_dir, constants.R_OK | constants.W_OK | constants.X_OK);
  // A real path compares with what the system says of a process.
  return realpathSync(resolve(data_dir));
}

async function startAsOwner(
  cluster: Cluster,
  binaries: PostgresBinaries,
  lock: DataDirectoryLock,
  log: Log,
): Promise<EmbeddedPostgres> {
  let watch: PostmasterWatch | null = null;
  const stop = async () => {
    const postmaster = await watch?.end();
    if (postmaster) await endPostmaster(postmaster.pid, binaries.pg_ctl);
    lock.release();
  };
  try {
    const password = takePassword(cluster, !hasCluster(cluster, binaries));
    const startAgain = async (port: number) => {
      // An empty database in place of a lost one would look like books without entries.
      if (!hasCluster(cluster, binaries)) throw new EmbeddedPostgresError(`${cluster.cluster_dir} is gone.`);
      return runPostmaster(cluster, binaries, password, log, port);
    };
    const postmaster = await runPostmaster(cluster, binaries, password, log);
    watch = new PostmasterWatch(postmaster, startAgain, log);
    const created = await openDatabase(cluster, postmaster.port, password);
    let stopped: Promise<void> | null = null;
    return { url: urlOf(postmaster.port, password), created, owner: true, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Says whether the database had to be made: the last step of a first start, taken again where a kill prevented it. */
async function openDatabase(cluster: Cluster, port: number, password: string): Promise<boolean> {
  const answer = await ask(port, password, cluster.cluster_dir);
  if (answer === "ready") return false;
  if (answer === "wrong_password") throw passwordIsWrong(cluster);
  if (answer !== "no_database") {
    throw new EmbeddedPostgresError(`The embedded PostgreSQL started and fell silent: ${cluster.log_path} says more.`);
  }
  await createDatabase(port, password);
  return true;
}

/** The address of the database that the owner runs; null while it is not ready. */
async function findRunning(cluster: Cluster): Promise<string | null> {
  const running = readPostmaster(cluster.cluster_dir);
  if (!running?.ready || isPostgresOf(running.pid, cluster.cluster_dir) === false) return null;
  if (!existsSync(cluster.password_path)) return null;
  const password = takePassword(cluster, false);
  const answer = await ask(running.port, password, cluster.cluster_dir);
  return answer === "ready" ? urlOf(running.port, password) : null;
}

function ownerIsMute(data_dir: string): EmbeddedPostgresError {
  const owner = findOwner(data_dir);
  const who = owner === null ? "Another process" : `Process ${owner.pid} on ${owner.host}`;
  return new EmbeddedPostgresError(
    `${who} owns ${data_dir} and its database does not answer: stop it, or name another directory in KOTALLY_DATA_DIR.`,
  );
}

/** What the file system refuses becomes a sentence; anything else is a bug and stays one. */
function asSentence(error: unknown, data_dir: string): unknown {
  const { code } = error as { code?: unknown };
  if (typeof code !== "string" || !/^(?:E[A-Z]+|ERR_SQLITE_ERROR)$/.test(code)) return error;
  return new EmbeddedPostgresError(
    `The data directory ${data_dir} cannot be used (${code}): let this user write there, or name another in KOTALLY_DATA_DIR.`,
    { cause: error },
  );
}
