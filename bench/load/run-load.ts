import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Histogram } from "../statistics.ts";
import type { LoadJob, LoadResult } from "./load-job.ts";

export interface Measured {
  per_second: number;
  p50_ms: number;
  p99_ms: number;
  result: LoadResult;
}

const GENERATOR = fileURLToPath(new URL("generator.ts", import.meta.url));

/** Runs one load in a process of its own. Any answer that was not hoped for fails the run: a benchmark of errors is none. */
export async function runLoad(job: Omit<LoadJob, "run">): Promise<Measured> {
  const child = spawn(process.execPath, [GENERATOR], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ ...job, run: randomUUID().slice(0, 8) }));
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0 || text === "") throw new Error(`the load generator ended with ${String(code)}`);
  const result = JSON.parse(text) as LoadResult;
  const wrong =
    result.first_unexpected ?? (result.broken > 0 && !job.retries ? `${result.broken} connections broke` : null);
  if (wrong !== null) throw new Error(`${job.path} answered what was not expected: ${wrong}`);
  const histogram = new Histogram(result.latencies);
  return {
    per_second: result.answered / result.seconds,
    p50_ms: histogram.percentile(0.5),
    p99_ms: histogram.percentile(0.99),
    result,
  };
}
