import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, sql } from "../support.ts";
import { audit } from "./audit.ts";
import { Chance, say, test_length } from "./chance.ts";
import { Load, type LoadRequest } from "./load.ts";
import { cleanUp, newServer, type ServerProcess } from "./spawned-server.ts";
import { openStudios } from "./studio.ts";

const CARELESS = fileURLToPath(new URL("careless-server.ts", import.meta.url));

cleanUp();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let servers: ServerProcess[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  await database.drop();
});

async function startCareless(missing: string, count = 1): Promise<string[]> {
  servers = await Promise.all(
    Array.from({ length: count }, () => newServer({ DATABASE_URL: database.url, CARELESS: missing }, CARELESS)),
  );
  await Promise.all(servers.map((server) => server.start()));
  return servers.map((server) => server.base_url);
}

/** Waits for load that can show something, however busy the machine is. */
async function more(load: Load, count: number): Promise<void> {
  const wanted = load.acknowledged.length + count;
  const deadline = performance.now() + 60_000;
  while (load.acknowledged.length < wanted && performance.now() < deadline) await sleep(5);
}

/** Load on few members over all servers, with a kill of the first in the middle. */
async function sentencesUnderLoad(missing: string, count: number, kills: number): Promise<string[]> {
  const { db } = database;
  const base_urls = await startCareless(missing, count);
  const studios = await openStudios(db);
  const load = new Load({ studios, chance: new Chance(`careless of ${missing || "nothing"}`), base_urls, members: 3 });
  load.start();
  for (let kill = 0; kill < kills; kill += 1) {
    await more(load, 40);
    await servers[0]?.kill();
    await servers[0]?.start();
  }
  await more(load, 300);
  await load.stop();
  const found = await audit({ db, base_url: base_urls[0] ?? "", studios, load });
  say(
    `careless of ${missing || "nothing"}: ${load.acknowledged.length} acknowledged, ${found.length} sentences, first: ${found[0] ?? "none"}`,
  );
  return found;
}

/** The same deductions, each over both servers at the same time, again and again. */
async function sentencesOfTwins(missing: string): Promise<string[]> {
  const { db } = database;
  const base_urls = await startCareless(missing, 2);
  const studios = await openStudios(db, 1);
  const load = new Load({ studios, chance: new Chance(`twins, careless of ${missing}`), base_urls, connections: 64 });
  for (let round = 0; round < 40; round += 1) {
    // A member's first grant would be kept to one by the uniqueness of the member.
    await load.insist(load.compose("grant", `member-${round}`));
    const request: LoadRequest = load.compose("deduct", `member-${round}`);
    const twins = base_urls.map((base_url) => load.send(request, base_url));
    const answers = (await Promise.all(twins)).filter((answer) => answer.status === 200);
    if (answers[0]) Object.assign(request, { body: answers[0].text, acknowledged_at: Infinity });
    load.requests.push(request);
  }
  const found = await audit({ db, base_url: base_urls[0] ?? "", studios, load });
  say(`twins, careless of ${missing}: ${found.length} sentences, first: ${found[0] ?? "none"}`);
  return found;
}

describe.skipIf(test_length === "short")("the suite finds what is missing", { timeout: 600_000 }, () => {
  test("nothing missing: no sentence", async () => {
    expect(await sentencesUnderLoad("", 2, 2)).toEqual([]);
  });

  test("an answer sent before its commit", async () => {
    expect(await sentencesUnderLoad("durable_answer", 1, 3)).not.toEqual([]);
  });

  test("no lock on the member's row", async () => {
    expect(await sentencesUnderLoad("row_lock", 2, 0)).not.toEqual([]);
  });

  test("no locks at all: unique indexes alone still keep a request to one effect", async () => {
    expect(await sentencesOfTwins("row_lock,claim")).toEqual([]);
  });

  test("no locks at all, and no unique indexes", async () => {
    for (const table of ["requests", "payment_keys", "ledger_entries"]) {
      await sql(database.db, `ALTER TABLE ${table} DROP CONSTRAINT ${table}_pkey`);
    }
    expect(await sentencesOfTwins("row_lock,claim")).not.toEqual([]);
  });
});
