import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../support.ts";
import { audit } from "./audit.ts";
import { Chance, say } from "./chance.ts";
import { Load } from "./load.ts";
import { cleanUp, newServer, type ServerProcess } from "./spawned-server.ts";
import { openStudios } from "./studio.ts";

/** More than may wait in a lane. */
const CLIENTS = 2_600;

cleanUp();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: ServerProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  server = await newServer({ DATABASE_URL: database.url });
  await server.start();
});
afterAll(async () => {
  await server.kill();
  await database.drop();
});

test("more than may wait is refused at once with 503 and Retry-After; what was accepted is answered", async () => {
  const { db } = database;
  const studios = await openStudios(db, 1);
  const load = new Load({
    studios,
    chance: new Chance("overload"),
    base_urls: [server.base_url],
    connections: CLIENTS,
  });
  const grant = load.compose("grant");
  await load.insist(grant);
  const holder = await db.begin("owner");
  await holder.query({ name: "", text: "SELECT id FROM contacts FOR UPDATE" });
  const clients = [load.insist(load.compose("deduct", grant.contact))];
  for (let i = 1; i < CLIENTS; i += 1) clients.push(load.insist(load.compose(undefined, grant.contact)));
  const deadline = performance.now() + 4_000;
  while (!load.statuses.has("503") && performance.now() < deadline) await sleep(10);
  const refused = load.statuses.get("503") ?? 0;
  const waiting = load.in_flight;
  await holder.rollback();
  await Promise.all(clients);
  await load.stop();
  say(
    `overload: ${waiting} waited and ${refused} were refused when the first was; ${JSON.stringify([...load.statuses])}`,
  );
  expect(refused).toBeGreaterThan(0);
  expect(load.statuses.has("cut")).toBe(false);
  expect(await audit({ db, base_url: server.base_url, studios, load })).toEqual([]);
}, 120_000);
