import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { giveFiles, spawnDetached, type Account } from "./postgres-account.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { lastLine, type Cluster } from "./postgres-cluster.ts";
import { settingsArguments } from "./postgres-settings.ts";
import { endPostmaster, readPostmaster, waitUntil, type Postmaster } from "./postmaster.ts";

/** PostgreSQL ended instead of starting; the reason is what it said. */
export interface FailedLaunch {
  failure: string;
}

const LOG_BYTES = 8 * 1024 * 1024;

/** Long enough for any recovery that `max_wal_size` allows on a slow disk. */
const PATIENCE_MS = 600_000;

/** Starts PostgreSQL, on a free port unless one is given, and waits until it is ready, recovery included. */
export async function launch(
  { cluster_dir, log_path }: Cluster,
  account: Account,
  { postgres, pg_ctl }: PostgresBinaries,
  wanted_port?: number,
): Promise<Postmaster | FailedLaunch> {
  giveFiles(cluster_dir, account);
  const port = wanted_port ?? (await findFreePort());
  const log = openLog(log_path);
  const said_before = fstatSync(log).size;
  const child = spawnDetached(account, postgres, ["-D", cluster_dir, "-p", String(port), ...settingsArguments()], log);
  closeSync(log);

  let failure: string | null = null;
  child.once("error", (error) => (failure = error.message));
  child.once("exit", () => (failure = reasonIn(readFileSync(log_path).subarray(said_before).toString())));
  let started: Postmaster | null = null;
  const isSettled = () => {
    const seen = readPostmaster(cluster_dir);
    if (seen?.ready && seen.pid === child.pid) started = seen;
    return started !== null || failure !== null;
  };
  await waitUntil(isSettled, PATIENCE_MS);
  child.removeAllListeners();
  if (started !== null) return started;
  if (failure === null && child.pid !== undefined) await endPostmaster(child.pid, pg_ctl);
  return { failure: failure ?? `no answer within ${PATIENCE_MS / 60_000} minutes` };
}

/** A file and no pipe: PostgreSQL must be able to outlive us. */
function openLog(log_path: string): number {
  const size = statSync(log_path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_BYTES) renameSync(log_path, `${log_path}.1`);
  return openSync(log_path, "a", 0o600);
}

function reasonIn(said: string): string {
  return /(?:FATAL|PANIC): +(.*)/.exec(said)?.[1] ?? lastLine(said) ?? "it said nothing";
}

/** Free a moment ago; whoever is beaten to it starts again with another. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
