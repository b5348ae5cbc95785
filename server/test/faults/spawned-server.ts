import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { isPostgresOf, readPostmaster, waitUntil } from "../../src/platform/postmaster.ts";

export const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const START_PATIENCE_MS = 60_000;

/** Settings of these tests that stand for all servers; what the run itself has been given must not leak in. */
const SETTINGS = {
  API_RATE_LIMIT: "0",
  KOTALLY_DEMO: "0",
  KOTALLY_SECRET: "a-secret-of-the-fault-tests",
  LOG_LEVEL: "warn",
};
const LEAKS = /^(DATABASE_URL|PORT|HOST|PUBLIC_URL|KOTALLY_|API_RATE|LEDGER_BATCH|LOG_LEVEL|npm_|VITEST|NODE_OPTIONS)/u;

export type Settings = Record<string, string>;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export function environment(settings: Settings): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !LEAKS.test(name));
  const batch = process.env["LEDGER_BATCH"];
  return { ...Object.fromEntries(own), ...(batch ? { LEDGER_BATCH: batch } : {}), ...SETTINGS, ...settings };
}

/** A real `kotally serve` in a process of its own, which tests kill, stop and start again on the same address. */
export class ServerProcess {
  readonly port: number;
  readonly settings: Settings;
  readonly cwd: string;
  readonly #main: string;
  output = "";
  errors = "";
  ended: Promise<Ended> = Promise.resolve({ code: null, signal: null });
  #child: ChildProcess | null = null;

  constructor(port: number, cwd: string, settings: Settings, main = MAIN) {
    this.#main = main;
    this.port = port;
    this.cwd = cwd;
    this.settings = settings;
  }

  get base_url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get is_running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Returns when it said that it answers; throws with what it said when it ended instead. */
  async start(): Promise<void> {
    const child = this.launch();
    const deadline = performance.now() + START_PATIENCE_MS;
    while (!this.output.includes("Kotally answers at")) {
      if (!this.is_running) throw new Error(`the server ended: ${this.errors || this.output}`);
      if (performance.now() > deadline) throw new Error(`the server (pid ${child.pid}) did not start`);
      await sleep(10);
    }
  }

  /** Starts the process and waits for nothing. */
  launch(): ChildProcess {
    this.output = "";
    const env = environment({ ...this.settings, PORT: String(this.port) });
    const child = spawn(process.execPath, [this.#main, "serve"], {
      cwd: this.cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (this.errors += chunk.toString()));
    this.ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
    this.#child = child;
    return child;
  }

  /** Sends a signal; `ended` tells when it is over. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async kill(): Promise<void> {
    if (!this.is_running) return;
    this.signal("SIGKILL");
    await this.ended;
  }
}

const servers: ServerProcess[] = [];
const directories: string[] = [];

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "kotally-faults-"));
  directories.push(directory);
  return directory;
}

/** A server that is not started yet, with a working directory of its own. */
export async function newServer(settings: Settings, main?: string): Promise<ServerProcess> {
  const server = new ServerProcess(await findFreePort(), newDirectory(), settings, main);
  servers.push(server);
  return server;
}

export async function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The pid of the PostgreSQL that runs in a data directory; null where none does. */
export function postmasterPid(data_dir: string): number | null {
  const cluster_dir = join(data_dir, "postgres");
  const pid = readPostmaster(cluster_dir)?.pid;
  return pid !== undefined && isPostgresOf(pid, cluster_dir) === true ? pid : null;
}

/** Kills the postmaster as kill -9 does; its backends die with it or find out. */
export async function killPostgres(data_dir: string): Promise<void> {
  const pid = postmasterPid(data_dir);
  if (pid === null) return;
  process.kill(pid, "SIGKILL");
  await waitUntil(() => isPostgresOf(pid, join(data_dir, "postgres")) !== true, 10_000);
}

/** Ends what the tests of a file started and removes its directories, whatever failed. */
export function cleanUp(): void {
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    for (const directory of directories) {
      await killPostgres(directory);
      await killPostgres(join(directory, ".kotally"));
      rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  });
}
