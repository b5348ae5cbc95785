import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import { chooseAccount, spawnDetached } from "../src/platform/postgres-account.ts";
import { findBinaries } from "../src/platform/postgres-binaries.ts";
import { urlOf } from "../src/platform/postgres-connection.ts";
import { endPostmaster, readPostmaster, waitUntil } from "../src/platform/postmaster.ts";
import { kotally } from "./command-line.ts";
import {
  cleanUp,
  environment,
  findFreePort,
  killPostgres,
  MAIN,
  newDirectory,
  newServer,
  postmasterPid,
  type Settings,
} from "./faults/spawned-server.ts";
import { createTestDatabase, sql } from "./support.ts";

cleanUp();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** What `kotally serve` says instead of serving: one sentence, one line, exit code 1. */
async function refusal(settings: Settings): Promise<string> {
  const { code, stdout, stderr } = await kotally(["serve"], settings, newDirectory());
  expect({ code, stdout: stdout.replaceAll(/^\{.*\}\n/gmu, "") }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^[^\n]+\.\n$/u);
  return stderr.trimEnd();
}

describe("one sentence and exit code 1", { timeout: 60_000 }, () => {
  test("for a port in use, and no database is left running", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const data_dir = newDirectory();
    expect(await refusal({ KOTALLY_DATA_DIR: data_dir, PORT: String(port) })).toBe(
      `Port ${port} on 127.0.0.1 is in use: stop what runs there, or set PORT.`,
    );
    expect(postmasterPid(data_dir)).toBe(null);
    other.close();
  });

  test("for a data directory of another version", async () => {
    const data_dir = newDirectory();
    mkdirSync(join(data_dir, "postgres"));
    writeFileSync(join(data_dir, "postgres", "PG_VERSION"), "17\n");
    expect(await refusal({ KOTALLY_DATA_DIR: data_dir })).toMatch(
      /belongs to PostgreSQL 17 and this Kotally brings PostgreSQL 18/u,
    );
  });

  test.runIf(process.platform === "linux")("for a data directory that cannot be made", async () => {
    expect(await refusal({ KOTALLY_DATA_DIR: "/proc/kotally" })).toMatch(
      /^The data directory \/proc\/kotally cannot be used \(ENOENT\): .* name another in KOTALLY_DATA_DIR\.$/u,
    );
  });

  test("for a database that is not there", async () => {
    const port = await findFreePort();
    expect(await refusal({ DATABASE_URL: `postgres://kotally:secret@127.0.0.1:${port}/kotally` })).toMatch(
      /^The database cannot be reached .*: check DATABASE_URL and that PostgreSQL runs\.$/u,
    );
  });

  test.each<[Settings, RegExp]>([
    [
      { DATABASE_URL: "postgres://elsewhere/kotally", KOTALLY_SECRET: "" },
      /^KOTALLY_SECRET is required with DATABASE_URL/u,
    ],
    [{ PORT: "eighty" }, /^PORT must be a port number from 0 to 65535\.$/u],
    [{ HOST: "no.such.host.invalid" }, /^HOST no\.such\.host\.invalid is no address of this machine/u],
  ])("for %o", async (settings, sentence) => {
    expect(await refusal({ DATABASE_URL: database.url, ...settings })).toMatch(sentence);
  });

  // All of them take the way of PORT, above.
  test.each<[Settings, RegExp]>([
    [{ PORT: "65536" }, /^PORT must be a port number from 0 to 65535\.$/u],
    [{ PUBLIC_URL: "kotally" }, /^PUBLIC_URL must be an address such as/u],
    [{ DATABASE_URL: "mysql://localhost/kotally" }, /^DATABASE_URL must be an address such as postgres:/u],
    [{ KOTALLY_SECRET: "short" }, /^KOTALLY_SECRET must be at least 16 characters long\.$/u],
    [{ API_RATE_LIMIT: "-1" }, /^API_RATE_LIMIT must be a whole number/u],
    [{ LEDGER_BATCH: "some" }, /^LEDGER_BATCH must be mixed or location\.$/u],
    [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL must be one of/u],
    [{ SMTP_URL: "mail.example.com:587" }, /^SMTP_URL must be an address such as smtp:/u],
    [{ MAIL_FROM: "nobody" }, /^MAIL_FROM must be an address such as/u],
    [{ KOTALLY_DEMO: "maybe" }, /^KOTALLY_DEMO must be 0 or 1\.$/u],
    [{ GHL_CLIENT_ID: "app" }, /set GHL_CLIENT_SECRET too, or neither\.$/u],
    [{ GHL_CLIENT_SECRET: "secret" }, /set GHL_CLIENT_ID too, or neither\.$/u],
  ])("for %o", (settings, sentence) => {
    expect(() => readConfig(settings)).toThrow(sentence);
  });

  test("for a PostgreSQL that could lose what it has acknowledged", async () => {
    const data_dir = newDirectory();
    const embedded = await startEmbeddedPostgres({ data_dir });
    const { password } = new URL(embedded.url);
    await embedded.stop();
    const binaries = findBinaries();
    const cluster_dir = join(data_dir, "postgres");
    const port = await findFreePort();
    const account = await chooseAccount(data_dir, cluster_dir, binaries.postgres);
    const log = openSync(join(data_dir, "postgres.log"), "a");
    for (const name of ["fsync", "full_page_writes", "synchronous_commit"]) {
      const settings = [`${name}=off`, "unix_socket_directories=", "huge_pages=off"].flatMap((one) => ["-c", one]);
      spawnDetached(account, binaries.postgres, ["-D", cluster_dir, "-p", String(port), ...settings], log);
      expect(await waitUntil(() => readPostmaster(cluster_dir)?.ready === true, 30_000)).toBe(true);
      expect(await refusal({ DATABASE_URL: urlOf(port, password) })).toBe(
        `PostgreSQL runs with ${name} = off, which loses acknowledged credits: switch it on.`,
      );
      await endPostmaster(readPostmaster(cluster_dir)?.pid ?? 0, binaries.pg_ctl);
    }
    closeSync(log);
  });
});

const bash = (line: string) => promisify(execFile)("bash", ["-c", line]);

describe("starting and stopping", { timeout: 60_000 }, () => {
  test("the printed lines work as pasted, and every later start takes up where the last one ended", async () => {
    const data_dir = newDirectory();
    const server = await newServer({ KOTALLY_DATA_DIR: data_dir, KOTALLY_DEMO: "1" });
    await server.start();
    const isPrinted = () => server.output.includes("demo-restore-1");
    expect(await waitUntil(isPrinted, 20_000)).toBe(true);
    expect(server.output).toMatch(/Owner +owner@demo-studio\.test\n +Password +\S+\n +API token +ktly_\S+/u);
    const lines = server.output.split("\n").filter((line) => line.startsWith("curl "));
    const run = async () => {
      const answers = [];
      for (const line of lines) answers.push(JSON.parse((await bash(line)).stdout) as Record<string, unknown>);
      return answers;
    };
    const first = await run();
    expect(first.map((answer) => [answer["reason_code"], answer["balance_after"]])).toEqual([
      ["grant_applied", 10],
      ["eligible", 9],
      ["deducted", 9],
      ["restored", 10],
    ]);
    const { 1: check, ...remembered } = first;
    expect(check).toMatchObject({ ok: true });

    // In order: SIGINT ends the database too. Then a kill of the server alone, and a kill of everything.
    server.signal("SIGINT");
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(postmasterPid(data_dir)).toBe(null);
    await server.start();
    expect(await run()).toMatchObject(remembered);
    expect(server.output).not.toContain("curl ");
    expect(server.output).toContain("token shown at first start");

    await server.kill();
    const orphan = postmasterPid(data_dir);
    expect(orphan).not.toBe(null);
    await server.start();
    expect(postmasterPid(data_dir)).toBe(orphan);
    expect(await run()).toMatchObject(remembered);

    await server.kill();
    await killPostgres(data_dir);
    await server.start();
    expect(await run()).toMatchObject(remembered);
    server.signal("SIGTERM");
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(postmasterPid(data_dir)).toBe(null);
  });

  test("who reads the output may leave, as `head` does, and no database is left running", async () => {
    const data_dir = newDirectory();
    const child = spawn(process.execPath, [MAIN, "verify"], {
      cwd: data_dir,
      env: environment({ KOTALLY_DATA_DIR: data_dir }),
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout.destroy();
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(postmasterPid(data_dir)).toBe(null);
  });

  test("a database given by DATABASE_URL is never seeded, nor an embedded one with KOTALLY_DEMO=0", async () => {
    const given = await newServer({ DATABASE_URL: database.url, KOTALLY_DEMO: "1" });
    const embedded = await newServer({ KOTALLY_DATA_DIR: newDirectory(), KOTALLY_DEMO: "0" });
    await Promise.all([given.start(), embedded.start()]);
    for (const server of [given, embedded]) {
      expect((await fetch(`${server.base_url}/readyz`)).status).toBe(200);
      server.signal("SIGTERM");
      expect(await server.ended).toEqual({ code: 0, signal: null });
      expect(server.output).not.toContain("curl ");
    }
    expect(await sql(database.db, "SELECT id FROM workspaces")).toEqual([]);
  });
});
