import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../support.ts";
import { audit } from "./audit.ts";
import { Chance, say, test_length } from "./chance.ts";
import { Load } from "./load.ts";
import { cleanUp, newServer } from "./spawned-server.ts";
import { openStudios } from "./studio.ts";

const KILLS = { short: 10, usual: 20, long: 200 }[test_length];

cleanUp();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test(`${KILLS} times SIGKILL of the server under load: nothing answered is lost, nothing is done twice`, async () => {
  const chance = new Chance("server killed");
  const { db, url } = database;
  const studios = await openStudios(db);
  const server = await newServer({ DATABASE_URL: url });
  await server.start();
  const load = new Load({ studios, chance, base_urls: [server.base_url] });
  load.start();
  const in_flight: number[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await sleep(chance.between(50, 500));
    in_flight.push(load.in_flight);
    await server.kill();
    await server.start();
  }
  await sleep(200);
  await load.stop();
  const retried = load.acknowledged.filter((request) => request.attempts > 1).length;
  say(`server killed: in flight at each kill ${in_flight.join(" ")}`);
  say(`server killed: ${load.acknowledged.length} acknowledged, ${retried} of them after a retry`);

  expect(await audit({ db, base_url: server.base_url, studios, load })).toEqual([]);
  expect(in_flight.filter((count) => count > 0).length).toBeGreaterThan(KILLS / 2);
  expect(retried).toBeGreaterThan(0);
}, 3_600_000);
