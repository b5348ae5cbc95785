import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicNow } from "./clock.ts";
import { chooseAccount } from "./postgres-account.ts";
import { EmbeddedPostgresError, type PostgresBinaries } from "./postgres-binaries.ts";
import { createCluster, hasCluster, type Cluster } from "./postgres-cluster.ts";
import { ask, type Answer } from "./postgres-connection.ts";
import { launch } from "./postgres-launch.ts";
import { endOrphans, endPostmaster, isPidTaken, isPostgresOf, readPostmaster, type Postmaster } from "./postmaster.ts";

/** How long an orphan may leave us without a better answer; recovery and shutdown take their time. */
const PATIENCE_MS: Partial<Record<Answer, number>> = { silent: 5_000, not_yet: 600_000 };
const LAUNCH_PATIENCE_MS = 20_000;
const RETRY_MS = 100;

/** Failures that pass: another PostgreSQL came first, a killed one left some of itself at work, the port was taken. */
const CAME_SECOND = /lock file .* already exists/;
const ORPHANS_AT_WORK = /shared memory block .* still in use/;
const PORT_TAKEN = /could not create any TCP\/IP sockets/;

/** Who owns the data directory gets a PostgreSQL on it: the orphan that still runs, or a new one. */
export async function runPostmaster(
  cluster: Cluster,
  binaries: PostgresBinaries,
  password: string,
  log: (line: string) => void,
  port?: number,
): Promise<Postmaster> {
  const { data_dir, cluster_dir, log_path } = cluster;
  const deadline = monotonicNow() + LAUNCH_PATIENCE_MS;
  for (;;) {
    const orphan = await adopt(cluster, binaries, password);
    if (orphan) {
      log(`took over the embedded PostgreSQL that a killed process left running (pid ${orphan.pid})`);
      return orphan;
    }
    const account = await chooseAccount(data_dir, cluster_dir, binaries.postgres);
    if (!hasCluster(cluster, binaries)) {
      log(`sets up the embedded PostgreSQL in ${data_dir}`);
      await createCluster(cluster, account, binaries, password);
    }
    const launched = await launch(cluster, account, binaries, port);
    if (!("failure" in launched)) return launched;

    const { failure } = launched;
    const may_pass = [CAME_SECOND, ORPHANS_AT_WORK, PORT_TAKEN].some((passing) => passing.test(failure));
    if (!may_pass || monotonicNow() > deadline) {
      throw new EmbeddedPostgresError(`The embedded PostgreSQL did not start (${failure}): ${log_path} says more.`);
    }
    if (ORPHANS_AT_WORK.test(failure)) endOrphans(cluster_dir);
    await sleep(RETRY_MS);
  }
}

/** The PostgreSQL that runs on the directory without an owner; null where none does, or after ending one that is mute. */
async function adopt(cluster: Cluster, { pg_ctl }: PostgresBinaries, password: string): Promise<Postmaster | null> {
  const { cluster_dir } = cluster;
  const found = readPostmaster(cluster_dir);
  // PostgreSQL itself knows that a pid which is free is stale.
  if (!found || !isPidTaken(found.pid)) return null;
  const is_ours = isPostgresOf(found.pid, cluster_dir);
  const answer = is_ours === false ? "stranger" : await waitForAnswer(found, cluster, password);
  if (answer === "ready" || answer === "no_database") return found;
  if (answer === "wrong_password") throw passwordIsWrong(cluster);
  if (is_ours && answer !== "gone") await endPostmaster(found.pid, pg_ctl, false);
  // The pid belongs to another program by now, which PostgreSQL would take for its own.
  if (!is_ours) rmSync(join(cluster_dir, "postmaster.pid"), { force: true });
  return null;
}

async function waitForAnswer({ pid, port }: Postmaster, cluster: Cluster, password: string): Promise<Answer | "gone"> {
  const began_at = monotonicNow();
  for (;;) {
    if (readPostmaster(cluster.cluster_dir)?.pid !== pid || !isPidTaken(pid)) return "gone";
    const answer = await ask(port, password, cluster.cluster_dir);
    if (monotonicNow() - began_at >= (PATIENCE_MS[answer] ?? 0)) return answer;
    await sleep(RETRY_MS);
  }
}

/** The sentence for a password file that does not belong to the database. */
export function passwordIsWrong({ password_path }: Cluster): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `PostgreSQL refuses the password in ${password_path}: bring back the one that belongs to it.`,
  );
}
