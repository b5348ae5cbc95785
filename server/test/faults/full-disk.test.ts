import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { Database } from "../../src/platform/database.ts";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { audit } from "./audit.ts";
import { Chance, say, test_length } from "./chance.ts";
import { Load } from "./load.ts";
import { cleanUp, newDirectory, newServer } from "./spawned-server.ts";
import { openStudios } from "./studio.ts";

const DISK = "400m";
const mounted: string[] = [];

// Before the directories are removed, which runs last.
cleanUp();
afterAll(() => {
  for (const path of mounted) ask("umount", "--lazy", path);
});

/** Programs of the system, which no package brings. */
function ask(program: string, ...words: string[]): void {
  execFileSync(program, words, { stdio: "ignore" });
}

/** A small disk of its own; null where mounting is not permitted. */
function mountDisk(): string | null {
  const path = join(newDirectory(), "disk");
  mkdirSync(path);
  try {
    ask("mount", "-t", "tmpfs", "-o", `size=${DISK}`, "none", path);
  } catch {
    return null;
  }
  mounted.push(path);
  return path;
}

test.skipIf(test_length !== "long")(
  "a full disk: 503 while it is full, and nothing lost when there is room again",
  async (context) => {
    const disk = mountDisk();
    if (disk === null) {
      say("full disk: skipped, because this user may not mount a small disk");
      context.skip();
    }
    const data_dir = join(disk ?? "", "data");
    const server = await newServer({ KOTALLY_DATA_DIR: data_dir });
    await server.start();
    const { url } = await startEmbeddedPostgres({ data_dir });
    const db = new Database(url, 4);
    const studios = await openStudios(db);
    const load = new Load({ studios, chance: new Chance("full disk"), base_urls: [server.base_url] });
    load.start();
    for (let round = 0; round < 3; round += 1) {
      await sleep(1_000);
      const ballast = join(disk ?? "", "ballast");
      const { bavail, bsize } = statfsSync(disk ?? "");
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - 65_536));
      const refused = load.statuses.get("503") ?? 0;
      const deadline = performance.now() + 60_000;
      while ((load.statuses.get("503") ?? 0) === refused && performance.now() < deadline) await sleep(50);
      say(`full disk: ${(load.statuses.get("503") ?? 0) - refused} refused, ${load.in_flight} in flight`);
      expect(load.statuses.get("503") ?? 0).toBeGreaterThan(refused);
      rmSync(ballast);
      const answered = load.acknowledged.length;
      while (load.acknowledged.length <= answered + 50 && performance.now() < deadline + 60_000) await sleep(50);
    }
    await load.stop();
    say(`full disk: ${load.acknowledged.length} acknowledged, ${JSON.stringify([...load.statuses])}`);
    expect(await audit({ db, base_url: server.base_url, studios, load })).toEqual([]);
    expect(server.is_running).toBe(true);
    await db.close();
    server.signal("SIGTERM");
    expect({ ...(await server.ended), errors: server.errors }).toEqual({ code: 0, signal: null, errors: "" });
  },
  600_000,
);
