import { execFile } from "node:child_process";
import { environment, MAIN, type Settings } from "./faults/spawned-server.ts";

export interface Printed {
  code: number;
  stdout: string;
  stderr: string;
  /** What `--json` printed; null where it was no JSON. */
  json: Record<string, unknown> | null;
}

/** Runs `kotally …` to its end, as a shell would. */
export function kotally(args: string[], settings: Settings, cwd: string): Promise<Printed> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { cwd, env: environment(settings) }, (error, stdout, stderr) => {
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
