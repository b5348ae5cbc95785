import { execFile, spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EmbeddedPostgresError } from "./postgres-binaries.ts";

/** As whom PostgreSQL runs, because it refuses uid 0. */
export interface Account {
  /** What stands before the command: nothing, or `unshare …`. */
  prefix: readonly string[];
  /** Whom its files belong to; null: this process, without further ado. */
  ids: { uid: number; gid: number } | null;
}

const OURSELVES: Account = { prefix: [], ids: null };

/** Accounts without privileges that systems bring along, the fittest first. */
const SYSTEM_ACCOUNTS = ["postgres", "_postgres", "node", "nobody"];

/** Nothing of our environment, which holds secrets, reaches PostgreSQL. */
const ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", TZ: "UTC" };

/** The first account that can run the binaries and write below the data directory. */
export async function chooseAccount(data_dir: string, cluster_dir: string, postgres: string): Promise<Account> {
  if (process.getuid === undefined || (process.getuid() !== 0 && hasName())) return OURSELVES;
  for (const account of candidates(cluster_dir)) {
    if (await works(account, data_dir, postgres)) return account;
  }
  throw new EmbeddedPostgresError(
    process.getuid() === 0
      ? "PostgreSQL refuses to run as root, and neither a user namespace nor another account can use this directory: " +
          "start Kotally as a normal user, or set DATABASE_URL to a PostgreSQL of your own."
      : "PostgreSQL needs a user with a name: add this uid to /etc/passwd, or set DATABASE_URL to a PostgreSQL of your own.",
  );
}

function candidates(cluster_dir: string): Account[] {
  const users = listUsers();
  const namespace = namespaceOf(users);
  if (process.getuid?.() !== 0) return [namespace];
  const owner = statSync(cluster_dir, { throwIfNoEntry: false });
  const system = SYSTEM_ACCOUNTS.flatMap((name) => users.filter((user) => user.name === name));
  return [
    // Files of a normal user stay his when root starts once.
    ...(owner !== undefined && owner.uid !== 0 ? [switchTo(owner)] : []),
    namespace,
    ...system.map(switchTo),
  ];
}

/** A user namespace in which root bears the number of a user; PostgreSQL looks its name up, so it must exist. */
function namespaceOf(users: readonly User[]): Account {
  const id = users.find(({ uid }) => uid > 0)?.uid ?? 1000;
  const ids = process.getuid?.() === 0 ? { uid: 0, gid: 0 } : null;
  return { prefix: ["unshare", "--user", `--map-user=${id}`, `--map-group=${id}`], ids };
}

function switchTo({ uid, gid }: { uid: number; gid: number }): Account {
  return { prefix: [], ids: { uid, gid } };
}

async function works(account: Account, data_dir: string, postgres: string): Promise<boolean> {
  const trial_dir = mkdtempSync(join(data_dir, "postgres.trial-"));
  const { mode: type_and_mode, uid } = statSync(data_dir);
  const mode = type_and_mode & 0o7777;
  try {
    // Whoever must reach a directory inside may pass, and still not list.
    if (account.ids !== null && account.ids.uid !== uid) chmodSync(data_dir, mode | 0o001);
    giveFiles(trial_dir, account);
    await run(account, "/bin/sh", ["-c", '"$0" --version && test -w "$1"', postgres, trial_dir]);
    return true;
  } catch {
    chmodSync(data_dir, mode);
    return false;
  } finally {
    rmSync(trial_dir, { recursive: true });
  }
}

/** Makes the account the owner of `path` and all that it holds, where it is not yet. */
export function giveFiles(path: string, { ids }: Account): void {
  if (ids === null || statSync(path).uid === ids.uid) return;
  // With file types, it does not follow links to places that are not ours.
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath, entry.name), ids.uid, ids.gid);
  }
  chownSync(path, ids.uid, ids.gid);
}

/** Runs a command to its end; rejects with its `stderr` when it fails. */
export async function run(account: Account, binary: string, args: readonly string[]): Promise<void> {
  const [command = binary, ...rest] = [...account.prefix, binary, ...args];
  await promisify(execFile)(command, rest, { cwd: "/", env: ENVIRONMENT, ...switchOf(account) });
}

/** Starts a command that outlives this process and hears none of its terminal's signals. */
export function spawnDetached(account: Account, binary: string, args: readonly string[], log: number): ChildProcess {
  const [command = binary, ...rest] = [...account.prefix, binary, ...args];
  const child = spawn(command, rest, {
    cwd: "/",
    env: ENVIRONMENT,
    detached: true,
    windowsHide: true,
    stdio: ["ignore", log, log],
    ...switchOf(account),
  });
  child.unref();
  return child;
}

function switchOf({ prefix, ids }: Account): { uid?: number; gid?: number } {
  return ids !== null && prefix.length === 0 ? ids : {};
}

interface User {
  name: string;
  uid: number;
  gid: number;
}

function listUsers(): User[] {
  const text = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8") : "";
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && gid > 0);
}

function hasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
}
