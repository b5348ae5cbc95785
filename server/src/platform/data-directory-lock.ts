import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The process that owns the embedded database, as `owner.json` names it. */
export interface Owner {
  pid: number;
  host: string;
}

export interface DataDirectoryLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/** Keeps the locks of this process from being collected, which would free them. */
const held = new Set<DatabaseSync>();

/**
 * Takes the data directory for this process; null while a live process has it. SQLite is only the portable file lock: the
 * system frees it at any death, so no reused pid and no race of two heirs can fool it. `owner.json` tells people who it is.
 */
export function tryLockDataDirectory(data_dir: string): DataDirectoryLock | null {
  const owner_path = join(data_dir, "owner.json");
  const lock_path = join(data_dir, "owner.lock");
  // Nothing else may open this file: closing it anywhere in this process would free the lock.
  const file = new DatabaseSync(lock_path);
  try {
    file.exec("BEGIN EXCLUSIVE");
    chmodSync(lock_path, 0o600);
    const owner: Owner = { pid: process.pid, host: hostname() };
    writeFileSync(owner_path, `${JSON.stringify(owner)}\n`);
  } catch (error) {
    file.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
  held.add(file);
  return {
    release: () => {
      if (!held.delete(file)) return;
      rmSync(owner_path, { force: true });
      file.close();
    },
  };
}

/** Who owns the data directory, or owned it last; null where nobody can be named. */
export function findOwner(data_dir: string): Owner | null {
  try {
    return JSON.parse(readFileSync(join(data_dir, "owner.json"), "utf8")) as Owner;
  } catch {
    return null;
  }
}
