import { readFileSync } from "node:fs";
import type { BenchPostgres } from "./postgres.ts";

/** Ticks of a second in which Linux counts processor time. */
const TICKS = 100;

/** Seconds of processor time that a process has used; 0 where the system does not tell. */
export function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

/** Processor time of every process of the database so far, by process. */
export async function databaseCpu(postgres: BenchPostgres): Promise<Map<number, number>> {
  const rows = await postgres.ask<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
  return new Map(rows.map(({ pid }) => [pid, cpuSeconds(pid)]));
}

/** What was used between two looks. */
export function cpuBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  let used = 0;
  for (const [pid, seconds] of after) used += seconds - (before.get(pid) ?? 0);
  return used;
}

/** Peak resident memory of a process in megabytes; NaN where the system does not tell. */
export function peakMegabytes(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
