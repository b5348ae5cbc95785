// `npm run test:faults [-- --long]`: the reliability tests in their usual or long form; further words go to vitest.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const given = process.argv.slice(2);
const mode = given.includes("--long") ? "long" : "usual";
const rest = given.filter((word) => word !== "--long");
const subjects = rest.some((word) => !word.startsWith("-")) ? [] : ["/faults/", "simulation/"];
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

const child = spawn(process.execPath, [vitest, "run", "--mode", mode, ...subjects, ...rest], { stdio: "inherit" });
// A terminal tells the whole group; whoever tells only us means the tests.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => (process.exitCode = code ?? 1));
