import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server process that answers on a port. */
export interface ServerProcess {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

const SECRET = "a secret of the benchmark only";

/** The real server, as `npm start` runs it; without a database address it runs its own in the data directory. */
export function startKotally(settings: {
  url?: string;
  data_dir?: string;
  env?: Record<string, string>;
}): Promise<ServerProcess> {
  const { url, data_dir, env = {} } = settings;
  return startServer(new URL("../server/src/main.ts", import.meta.url), ["serve"], {
    API_RATE_LIMIT: "0",
    LOG_LEVEL: "warn",
    KOTALLY_DEMO: "0",
    ...(url === undefined ? { DATABASE_URL: "" } : { DATABASE_URL: url, KOTALLY_SECRET: SECRET }),
    ...(data_dir === undefined ? {} : { KOTALLY_DATA_DIR: data_dir }),
    ...env,
  });
}

/** Baseline (a). */
export function startEmptyRoute(): Promise<ServerProcess> {
  return startServer(new URL("baselines/empty-route.ts", import.meta.url), [], {});
}

/** Baseline (b). */
export function startOneByOne(url: string, pool_size: number): Promise<ServerProcess> {
  return startServer(new URL("baselines/one-by-one.ts", import.meta.url), [url, String(pool_size)], {});
}

async function startServer(
  { pathname: script }: URL,
  args: string[],
  env: Record<string, string>,
): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env, HOST: "127.0.0.1", PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await answers(port, child, script);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { port, pid: child.pid ?? 0, stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Polls finely: a cold start is measured by it. */
async function answers(port: number, child: ChildProcess, script: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${script} ended instead of answering`);
    const status = await fetch(`http://127.0.0.1:${port}/api/v2/nothing`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 404) return;
    await sleep(5);
  }
}
