import fc from "fast-check";
import { expect, test } from "vitest";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createService } from "../../src/service.ts";
import { createTestDatabase, sql } from "../support.ts";
import {
  connectedLocation,
  CONFIG,
  deliver,
  ghlBody,
  signGhl,
  stripeConnection,
  stripeHeaders,
  useListeningServer,
} from "./listening-server.ts";

const server = useListeningServer();
const RUNS = 150;

/** Values that somebody may put where an id, a time or a name is wanted. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.constantFrom(
    "\u0000",
    "\ud800",
    "x".repeat(5000),
    "loc_",
    "00000000-0000-0000-0000-000000000000",
    "-1",
    1e308,
    {},
  ),
);
const FIELDS = [
  "type",
  "webhookId",
  "timestamp",
  "locationId",
  "companyId",
  "altId",
  "altType",
  "appointment",
  "data",
  "id",
];

const envelope = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...FIELDS), odd),
    fc.constantFrom("ContactUpdate", "INSTALL", "AppointmentCreate", null),
  )
  .map(([fields, type]) => JSON.stringify(type === null ? fields : { ...fields, type }));

async function countEvents(): Promise<number> {
  const [row] = await sql<{ count: number }>(server.db, "SELECT count(*)::int AS count FROM webhook_events");
  return row?.count ?? 0;
}

test("whatever is signed is acknowledged and kept, as bytes or as odd JSON, also at the same time", async () => {
  const before = await countEvents();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(envelope, fc.uint8Array({ maxLength: 300 })), { minLength: 1, maxLength: 8 }),
      async (bodies) => {
        const answers = await Promise.all(
          bodies.map((body) => {
            const bytes = Buffer.from(body);
            seen.add(bytes.toString("hex"));
            return deliver(`${server.base_url}/webhooks/ghl`, bytes, signGhl(bytes, server.keys.ghl.privateKey));
          }),
        );
        expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
      },
    ),
    { numRuns: RUNS },
  );
  const kept = (await countEvents()) - before;
  expect(kept).toBeGreaterThan(RUNS);
  expect(kept).toBeLessThanOrEqual(seen.size);
});

test("whatever Stripe signs is acknowledged", async () => {
  const { uuid } = await connectedLocation(server.db);
  const { url_key, secret } = await stripeConnection(server, uuid);
  const event = fc.record({ id: odd, type: odd, created: odd, livemode: odd, data: odd }, { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(event, async (told) => {
      const body = JSON.stringify(told);
      const url = `${server.base_url}/webhooks/stripe/${url_key}`;
      expect((await deliver(url, body, stripeHeaders(body, secret))).status).toBe(200);
    }),
    { numRuns: RUNS },
  );
});

test("whatever a taker answers is recorded, and the queue comes to its end", async () => {
  const { ghl_location_id } = await connectedLocation(server.db);
  const outcome = fc.record({
    status: fc.constantFrom("done", "ignored", "waiting", "failed"),
    reason_code: fc.string({ unit: "binary", maxLength: 200 }),
    detail: fc.string({ unit: "binary", maxLength: 3000 }),
    contacts: fc.array(fc.string({ unit: "binary", maxLength: 400 }), { maxLength: 120 }),
  });
  await fc.assert(
    fc.asyncProperty(outcome, async (given) => {
      const body = ghlBody({ locationId: ghl_location_id });
      await deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, server.keys.ghl.privateKey));
      await new EventTaker(server.db, systemClock, () => Promise.resolve(given)).drain();
      const left = await sql(
        server.db,
        "SELECT id FROM webhook_events WHERE location_id IS NOT NULL AND provider = 'ghl' AND status = 'received'",
      );
      expect(left).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("UNAVAILABLE 503 with Retry-After, and only then, where the database is away", async () => {
  const { db, close, drop } = await createTestDatabase();
  const listening = {
    secrets: server.secrets,
    ghl_public_keys: [server.keys.ghl.publicKey],
    sandbox_key: null,
    ghl_app: null,
    ghl_install_url: null,
  };
  const service = await createService(db, CONFIG, createLogger("silent"), listening);
  const base_url = await service.app.listen({ port: 0, host: "127.0.0.1" });
  await close();
  const body = ghlBody();
  const response = await fetch(`${base_url}/webhooks/ghl`, {
    method: "POST",
    body,
    headers: signGhl(body, server.keys.ghl.privateKey),
  });
  expect(response.status).toBe(503);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await response.json()).toMatchObject({ ok: false, reason_code: "UNAVAILABLE" });
  await service.close();
  await drop();
});
