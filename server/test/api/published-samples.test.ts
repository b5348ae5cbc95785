import { randomUUID } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readWebhook } from "../../src/gateways/ghl/read-webhook.ts";
import { sample_events } from "../../src/gateways/ghl/sample-events.ts";
import { StripeAccount } from "../../src/gateways/stripe/client.ts";
import { FakeStripe } from "../../src/gateways/stripe/fake/fake-stripe.ts";
import { createTakeEvent } from "../../src/jobs/take-event.ts";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import { openLedger } from "../../src/operations/ledger.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createLocation, sql } from "../support.ts";
import {
  connectedLocation,
  deliver,
  eventsOf,
  signGhl,
  stripeConnection,
  stripeHeaders,
  useListeningServer,
} from "./listening-server.ts";

/** What the providers publish; where it is not at hand, our own samples stand in. */
const published = join(import.meta.dirname, "../../../../shared/fixtures");
const has_published = existsSync(published);

type Sample = [name: string, body: Record<string, unknown>];

function publishedSamples(pattern: string): Sample[] {
  const paths = globSync(pattern, { cwd: published }).filter((path) => !basename(path).startsWith("_"));
  return paths.sort().map((path) => [path, JSON.parse(readFileSync(join(published, path), "utf8"))]);
}

const ghl_samples: Sample[] = has_published
  ? publishedSamples("ghl/{,_observed/}*.json")
  : Object.entries(sample_events as unknown as Record<string, Record<string, unknown>>);

const server = useListeningServer();
const fake = new FakeStripe({ clock: systemClock });
let taker: EventTaker;

afterAll(() => fake.stop());

beforeAll(async () => {
  const { db } = server;
  const ledger = openLedger(db, systemClock, { batch: "mixed" });
  // An account that knows none of the samples' objects: what is asked of it is missing.
  const account = new StripeAccount({ key: fake.addKey(), api_base: await fake.start() });
  const connections = { ghl: async () => null, stripe: async () => account };
  const context = { db, ledger, clock: systemClock, log: createLogger("silent"), installations: null, connections };
  taker = new EventTaker(db, systemClock, createTakeEvent(context));
});

describe("every sample that GoHighLevel publishes is taken without an error", () => {
  test.each(ghl_samples)("%s", async (_, sample) => {
    const ghl_location_id = readWebhook(sample, systemClock.now()).location_external_id;
    if (ghl_location_id !== null) await listenTo(ghl_location_id);
    // Real deliveries carry an id; the published bodies do not.
    const webhookId = randomUUID();
    const body = JSON.stringify({ ...sample, webhookId });
    const answer = await deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, server.keys.ghl.privateKey));
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    await taker.drain();
    const [event] = await eventsOf(server.db, "dedupe_key = $1", [webhookId]);
    expect(["done", "ignored"]).toContain(event?.status);
  });
});

describe("a body is taken as it was read when it came", () => {
  test("one that begins with a byte order mark", async () => {
    const { ghl_location_id } = await connectedLocation(server.db);
    const webhookId = randomUUID();
    const body = `\uFEFF${JSON.stringify({ type: "ContactUpdate", locationId: ghl_location_id, id: "maya", webhookId })}`;
    const answer = await deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, server.keys.ghl.privateKey));
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    await taker.drain();
    expect(await eventsOf(server.db, "dedupe_key = $1", [webhookId])).toMatchObject([{ status: "done" }]);
  });

  test("one that is no JSON waits for a person at once, also when it is replayed (BODY_UNREADABLE)", async () => {
    const { uuid } = await connectedLocation(server.db);
    const { url_key, secret, id } = await stripeConnection(server, uuid);
    const body = '{"id":"evt_cut","type":"invoice.paid"';
    await deliver(`${server.base_url}/webhooks/stripe/${url_key}`, body, stripeHeaders(body, secret));
    const dead = { status: "dead", reason_code: "BODY_UNREADABLE" };
    expect(await eventsOf(server.db, "connection_id = $1", [id])).toMatchObject([dead]);
    await sql(
      server.db,
      "UPDATE webhook_events SET status = 'received', reason_code = NULL, next_attempt_at = now() WHERE connection_id = $1",
      [id],
    );
    await taker.drain();
    expect(await eventsOf(server.db, "connection_id = $1", [id])).toMatchObject([dead]);
  });
});

async function listenTo(ghl_location_id: string): Promise<void> {
  const [known] = await sql(server.db, "SELECT 1 FROM locations WHERE ghl_location_id = $1", [ghl_location_id]);
  if (known) return;
  const { uuid } = await connectedLocation(server.db);
  await sql(server.db, "UPDATE locations SET ghl_location_id = $2 WHERE location_id = $1", [uuid, ghl_location_id]);
}

describe("every Stripe event is taken without an error", () => {
  const samples: Sample[] = has_published ? publishedSamples("stripe/*.json") : ownEvents();

  test.each(samples)("%s", async (_, sample) => {
    const { location_id } = await createLocation(server.db, { sandbox: true, products: [] });
    const { url_key, secret, id } = await stripeConnection(server, locationUuid(location_id) ?? "");
    const body = JSON.stringify({ ...sample, id: `evt_${randomUUID()}` });
    const answer = await deliver(`${server.base_url}/webhooks/stripe/${url_key}`, body, stripeHeaders(body, secret));
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    await taker.drain();
    const [event] = await eventsOf(server.db, "connection_id = $1", [id]);
    expect(event).toMatchObject({ status: expect.stringMatching(/^(done|ignored)$/) });
  });
});

/** A payment, a subscription, a refund and a dispute, as our own Stripe tells of them. */
function ownEvents(): Sample[] {
  const customer = fake.createCustomer({ email: "ann@example.test" }).id;
  const pack = fake.createPrice({ product: fake.createProduct("Pack").id, unit_amount: 5000 });
  const gold = fake.createPrice({ product: fake.createProduct("Gold").id, unit_amount: 5000, is_monthly: true });
  const { charge } = fake.pay({ customer, price: pack.id });
  fake.refund(charge.id, { amount: 1000 });
  fake.openDispute(charge.id);
  fake.startSubscription({ customer, price: gold.id });
  return fake.events().map((event) => [String(event["type"]), event]);
}
