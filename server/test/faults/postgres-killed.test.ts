import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { Database } from "../../src/platform/database.ts";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { migrate } from "../../src/platform/migrate.ts";
import { audit } from "./audit.ts";
import { Chance, say, test_length } from "./chance.ts";
import { Load } from "./load.ts";
import { cleanUp, killPostgres, newDirectory, newServer, postmasterPid, type ServerProcess } from "./spawned-server.ts";
import { openStudios } from "./studio.ts";

const KILLS = { short: 10, usual: 10, long: 40 }[test_length];
/** Recovery, a new pool and the retry of a batch: far more than they take here. */
const RECOVERY_PATIENCE_MS = 30_000;

const open: Database[] = [];
afterAll(async () => {
  await Promise.all(open.map((db) => db.close()));
});
cleanUp();

/** Kills PostgreSQL under load, again and again; returns when all requests are answered. */
async function killUnderLoad(subject: string, db: Database, server: ServerProcess, data_dir: string, kills: number) {
  const chance = new Chance(subject);
  const studios = await openStudios(db);
  const load = new Load({ studios, chance, base_urls: [server.base_url] });
  load.start();
  const in_flight: number[] = [];
  const away_ms: number[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    await sleep(chance.between(50, 400));
    in_flight.push(load.in_flight);
    const answered = load.acknowledged.length;
    const began = performance.now();
    await killPostgres(data_dir);
    // The next kill hits a database that works again.
    while (load.acknowledged.length <= answered + 32) {
      if (performance.now() - began > RECOVERY_PATIENCE_MS) {
        throw new Error(
          `not back after kill ${kill}, the server runs: ${server.is_running}, it said ${server.errors} ${server.output}`,
        );
      }
      await sleep(10);
    }
    away_ms.push(Math.round(performance.now() - began));
  }
  await load.stop();
  const retried = load.acknowledged.filter((request) => request.attempts > 1).length;
  say(`${subject}: in flight at each kill ${in_flight.join(" ")}; back after ${away_ms.join(" ")} ms`);
  say(
    `${subject}: ${load.acknowledged.length} acknowledged, ${retried} after a retry, ${JSON.stringify([...load.statuses])}`,
  );
  expect(in_flight.filter((count) => count > 0).length).toBeGreaterThan(kills / 2);
  return { db, base_url: server.base_url, studios, load };
}

test(`${KILLS} times SIGKILL of the embedded PostgreSQL under load: it comes back without a person`, async () => {
  const data_dir = newDirectory();
  const server = await newServer({ KOTALLY_DATA_DIR: data_dir });
  await server.start();
  const { url } = await startEmbeddedPostgres({ data_dir });
  const db = new Database(url, 4);
  open.push(db);

  const audited = await killUnderLoad("embedded PostgreSQL killed", db, server, data_dir, KILLS);
  expect(await audit(audited)).toEqual([]);
  expect(server.is_running).toBe(true);

  // The one that runs now is ended with the server.
  server.signal("SIGTERM");
  expect(await server.ended).toEqual({ code: 0, signal: null });
  expect(postmasterPid(data_dir)).toBe(null);
}, 3_600_000);

test("a server with DATABASE_URL survives a killed PostgreSQL and takes it up again", async () => {
  const data_dir = join(newDirectory(), ".kotally");
  const embedded = await startEmbeddedPostgres({ data_dir });
  const db = new Database(embedded.url, 4);
  open.push(db);
  await migrate(db);
  const server = await newServer({ DATABASE_URL: embedded.url });
  await server.start();

  const kills = { short: 1, usual: 5, long: 20 }[test_length];
  expect(await audit(await killUnderLoad("PostgreSQL of DATABASE_URL killed", db, server, data_dir, kills))).toEqual(
    [],
  );
  await server.kill();
  await embedded.stop();
}, 3_600_000);
