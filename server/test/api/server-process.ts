import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface ServerProcess {
  base_url: string;
  pid: number;
  /** Everything it has written so far, log and all. */
  output(): string;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A server as it is started outside: its own process on a free port, on the database of the test. */
export async function startServerProcess(
  database_url: string,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const settings = {
    DATABASE_URL: database_url,
    KOTALLY_SECRET: "a secret of the tests",
    PORT: "0",
    API_RATE_LIMIT: "0",
  };
  const child = spawn(process.execPath, ["bin/kotally.js", "serve"], {
    cwd: root,
    env: { ...process.env, KOTALLY_DATA_DIR: "", LOG_LEVEL: "info", ...settings, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let written = "";
  const { promise: listening, resolve, reject } = Promise.withResolvers<string>();
  const read = (chunk: Buffer) => {
    written += chunk.toString();
    const port = /Server listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(written)?.[1];
    if (port !== undefined && written.includes("Kotally answers")) resolve(`http://127.0.0.1:${port}`);
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  child.once("close", (code) => reject(new Error(`the server ended with ${code}: ${written}`)));
  const base_url = await listening;
  return {
    base_url,
    pid: child.pid ?? 0,
    output: () => written,
    stop: async () => {
      if (child.exitCode !== null) return;
      const closed = once(child, "close");
      child.kill("SIGTERM");
      await closed;
    },
  };
}
