import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Arena, Sample } from "../arena.ts";

const run = promisify(execFile);
/** A branch row for each client and more: TPC-B must not queue on them. */
const SCALE = 100;
const CLIENTS = 16;

let is_ready: Promise<boolean> | null = null;

/** Baseline (c): pgbench's own TPC-B on the same PostgreSQL server; null where pgbench is not installed. */
export async function runPgbench(arena: Arena): Promise<Sample | null> {
  const database = `${arena.postgres.prefix}pgbench`;
  const url = arena.postgres.urlOf(database);
  is_ready ??= prepare(arena, database, url);
  if (!(await is_ready)) return null;
  const seconds = String(arena.options.seconds);
  const { stdout } = await run("pgbench", [
    "-n",
    "-M",
    "prepared",
    "-c",
    String(CLIENTS),
    "-j",
    "1",
    "-T",
    seconds,
    url,
  ]);
  const per_second = Number(/tps = ([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN);
  const result = {
    answered: 0,
    seconds: 0,
    latencies: [],
    statuses: {},
    refusals: 0,
    broken: 0,
    cpu_seconds: 0,
    first_unexpected: null,
  };
  return { per_second, p50_ms: Number.NaN, p99_ms: Number.NaN, server_cpu_us: 0, database_cpu_us: Number.NaN, result };
}

async function prepare({ postgres, say }: Arena, database: string, url: string): Promise<boolean> {
  const is_installed = await run("pgbench", ["--version"]).then(
    () => true,
    () => false,
  );
  if (!is_installed) {
    say("pgbench is not installed here: baseline (c) is left out.");
    return false;
  }
  if (!(await postgres.has(database))) {
    await postgres.ask(`CREATE DATABASE ${database}`);
    await run("pgbench", ["-i", "-q", "-s", String(SCALE), url]);
  }
  return true;
}
