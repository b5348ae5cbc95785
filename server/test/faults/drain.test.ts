import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase } from "../support.ts";
import { audit } from "./audit.ts";
import { Chance, say } from "./chance.ts";
import { Load } from "./load.ts";
import { cleanUp, newServer, type ServerProcess } from "./spawned-server.ts";
import { openStudios, type Studio } from "./studio.ts";

/** Whoever stops a server uses force after this. */
const EXIT_BOUND_MS = 10_000;

cleanUp();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: ServerProcess;
let studios: Studio[];
let load: Load;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await newServer({ DATABASE_URL: database.url });
});
afterAll(async () => {
  await server.kill();
  await database.drop();
});
beforeEach(async (context) => {
  await server.kill();
  await server.start();
  studios = await openStudios(database.db);
  load = new Load({ studios, chance: new Chance(context.task.name), base_urls: [server.base_url] });
});

test("SIGTERM under load: what is in flight is answered, nothing is lost, exit within 10 s", async () => {
  load.start();
  await sleep(500);
  const { in_flight } = load;
  const began = performance.now();
  server.signal("SIGTERM");
  const answered = await load.settleInFlight();
  expect(await server.ended).toEqual({ code: 0, signal: null });
  const took_ms = performance.now() - began;
  say(`SIGTERM: ${in_flight} in flight, ${answered} of them answered, exit after ${Math.round(took_ms)} ms`);
  expect(answered).toBe(in_flight);
  expect(took_ms).toBeLessThan(EXIT_BOUND_MS);

  await server.start();
  await load.stop();
  expect(await audit({ db: database.db, base_url: server.base_url, studios, load })).toEqual([]);
});

test("requests that wait for a lock are answered while draining; a second SIGINT changes nothing", async () => {
  load = new Load({ studios: studios.slice(1), chance: new Chance("draining"), base_urls: [server.base_url] });
  const grant = load.compose("grant");
  await load.insist(grant);
  const holder = await database.db.begin("owner");
  await holder.query({ name: "", text: "SELECT id FROM contacts FOR UPDATE" });
  const waiting = Array.from({ length: 20 }, () => load.insist(load.compose("deduct", grant.contact)));
  // Studios that do not know the contact answer at once; the others wait.
  await sleep(300);
  const { in_flight } = load;
  expect(in_flight).toBeGreaterThan(0);
  server.signal("SIGTERM");
  await sleep(200);
  server.signal("SIGINT");
  await sleep(200);
  server.signal("SIGINT");
  await sleep(200);
  expect(server.is_running).toBe(true);
  expect(load.in_flight).toBe(in_flight);
  await holder.rollback();
  await Promise.all(waiting);
  expect(load.statuses.get("cut")).toBe(undefined);
  expect(await server.ended).toEqual({ code: 0, signal: null });
});

test("a client that never finishes its request does not keep the server from stopping", async () => {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write("POST /api/v2/grants HTTP/1.1\r\nHost: kotally\r\nContent-Length: 1000\r\n");
  await sleep(200);
  const began = performance.now();
  server.signal("SIGTERM");
  expect(await server.ended).toEqual({ code: 0, signal: null });
  expect(performance.now() - began).toBeLessThan(EXIT_BOUND_MS);
  socket.destroy();
});
