import { execFile } from "node:child_process";
import { environment, MAIN, type Settings } from "./faults/spawned-server.ts";

export interface Printed {
  code: number;
  stdout: string;
  stderr: string;
  /** What `--json` printed; null where it was no JSON. */
  json: Record<string, unknown> | null;
}

/** A command that lasts longer hangs, and would outlive its test. */
const PATIENCE_MS = 60_000;

/** Runs `kotally …` to its end, as a shell would. */
export function kotally(args: string[], settings: Settings, cwd: string): Promise<Printed> {
  return new Promise((resolve) => {
    const options = { cwd, env: environment(settings), timeout: PATIENCE_MS, killSignal: "SIGKILL" } as const;
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr, json: parse(stdout) });
    });
  });
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
