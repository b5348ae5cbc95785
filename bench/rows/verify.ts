import { spawn } from "node:child_process";
import { setInterval } from "node:timers";
import { peakMegabytes } from "../cpu-time.ts";
import { askDatabase } from "../postgres.ts";
import { largeMembers } from "./growth.ts";
import type { OwnRow } from "./row.ts";

/** The command itself, as a person runs it. */
export const VERIFY: OwnRow = {
  key: "verify",
  title: "kotally verify",
  measure: async (arena) => {
    const { url } = await arena.growth(largeMembers(arena));
    const [row] = await askDatabase<{ entries: string }>(url, "SELECT count(*) AS entries FROM ledger_entries");
    const entries = Number(row?.entries);
    const began = performance.now();
    const { code, megabytes, said } = await runVerify(url);
    const seconds = (performance.now() - began) / 1000;
    if (code !== 0) throw new Error(`verify found the books of the benchmark wrong: ${said}`);
    const per_10_million = (seconds * 10_000_000) / entries;
    return {
      figures: [
        { name: "entries", unit: "", median: entries, worst: entries },
        { name: "time", unit: "s", median: seconds, worst: seconds },
        { name: "peak memory of the command", unit: "MB", median: megabytes, worst: megabytes },
      ],
      goals: [
        {
          text: "for 10 million entries",
          sense: "at_most",
          limit: 60,
          median: per_10_million,
          worst: per_10_million,
          unit: "s",
        },
      ],
      notes: entries < 10_000_000 ? ["Worked out from fewer entries; --full verifies ten million."] : [],
    };
  },
};

async function runVerify(url: string): Promise<{ code: number | null; megabytes: number; said: string }> {
  const env = { ...process.env, DATABASE_URL: url, KOTALLY_SECRET: "a secret of the benchmark only" };
  const { pathname } = new URL("../../server/src/main.ts", import.meta.url);
  const child = spawn(process.execPath, [pathname, "verify"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (said = (said + piece).slice(-2000)));
  let megabytes = Number.NaN;
  const watch = setInterval(() => {
    const seen = peakMegabytes(child.pid ?? 0);
    if (!Number.isNaN(seen)) megabytes = seen;
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(watch);
  return { code, megabytes, said };
}
