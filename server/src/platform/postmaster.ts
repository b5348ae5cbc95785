import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicNow } from "./clock.ts";

/** What `postmaster.pid` says about the PostgreSQL that runs, or ran last, on a cluster directory. */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/** Null where PostgreSQL does not run, was stopped in order, or has not come that far yet. */
export function readPostmaster(cluster_dir: string): Postmaster | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster_dir, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" } : null;
}

/** Whether the pid is taken, be it by a process that ended and that nobody buried. */
export function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether the process is a PostgreSQL of this very directory; null where the platform does not tell. */
export function isPostgresOf(pid: number, cluster_dir: string): boolean | null {
  if (process.platform === "win32") return null;
  try {
    if (process.platform !== "linux") return commandLine(pid).includes(`-D ${cluster_dir} `);
    if (readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "postgres") return false;
    return workingDirectory(pid) === cluster_dir;
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
}

/** PostgreSQL works in its data directory. Where another user's link may not be read, the command line is believed. */
function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return args[args.indexOf("-D") + 1];
  }
}

/** Whether the process still works; one that ended and is only unburied does not. */
export function isRunning(pid: number): boolean {
  if (process.platform !== "linux") return isPidTaken(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
  } catch {
    return false;
  }
}

/** A fast shutdown, an immediate one, force; and how long each may take. */
const ENDINGS: readonly (readonly [NodeJS.Signals, number])[] = [
  ["SIGINT", 20_000],
  ["SIGQUIT", 5_000],
  ["SIGKILL", 5_000],
];

/** Ends this PostgreSQL and returns when it is gone; one that does not answer is not asked for a fast shutdown. */
export async function endPostmaster(pid: number, pg_ctl: string, answers = true): Promise<void> {
  for (const [signal, patience_ms] of answers ? ENDINGS : ENDINGS.slice(1)) {
    if (!isRunning(pid)) return;
    send(pid, signal, pg_ctl);
    if (await waitUntil(() => !isRunning(pid), patience_ms)) return;
  }
}

function send(pid: number, signal: NodeJS.Signals, pg_ctl: string): void {
  // On Windows, Node's signals only kill, and pg_ctl knows how to send PostgreSQL others.
  const by_pg_ctl = process.platform === "win32" && signal !== "SIGKILL";
  if (by_pg_ctl) execFileSync(pg_ctl, ["kill", signal.slice("SIG".length), String(pid)], { stdio: "ignore" });
  else kill(pid, signal);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself in between.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Ends what a killed postmaster left at work on the directory; the system names them only on Linux. */
export function endOrphans(cluster_dir: string): void {
  const postmaster = readPostmaster(cluster_dir);
  const has_postmaster = postmaster !== null && isPostgresOf(postmaster.pid, cluster_dir);
  if (process.platform !== "linux" || has_postmaster) return;
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (pid > 0 && isPostgresOf(pid, cluster_dir)) kill(pid, "SIGKILL");
  }
}

const INTERVAL_MS = 10;

/** Polls until `done` or the patience ends; says whether it was done. */
export async function waitUntil(done: () => boolean, patience_ms: number): Promise<boolean> {
  const deadline = monotonicNow() + patience_ms;
  while (!done()) {
    if (monotonicNow() > deadline) return false;
    await sleep(INTERVAL_MS);
  }
  return true;
}
