import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { locationUuid } from "../../src/platform/ids.ts";
import { createLocation } from "../support.ts";
import {
  connectedLocation,
  deliver,
  eventsOf,
  ghlBody,
  signGhl,
  stripeConnection,
  stripeHeaders,
  useListeningServer,
} from "./listening-server.ts";

const server = useListeningServer();

const address = () => `${server.base_url}/webhooks/ghl`;

function deliverGhl(body: string, headers: Record<string, string> = {}) {
  return deliver(address(), body, { ...signGhl(body, server.keys.ghl.privateKey), ...headers });
}

async function countEvents(): Promise<number> {
  return (await eventsOf(server.db, "true")).length;
}

describe("POST /webhooks/ghl", () => {
  test("webhook_received: keeps the bytes as they came and puts them into the queue", async () => {
    const { uuid, ghl_location_id } = await connectedLocation(server.db);
    const webhookId = randomUUID();
    const body = `  ${ghlBody({ webhookId, locationId: ghl_location_id, note: "ä ö \\u0000 \\ud800" })}\n`;
    const answer = await deliverGhl(body, { "content-type": "text/plain; charset=latin1", "user-agent": "GHL" });
    expect(answer).toEqual({
      status: 200,
      body: { ok: true, reason_code: "webhook_received", correlation_id: expect.any(String) },
    });
    const [event, ...rest] = await eventsOf(server.db, "dedupe_key = $1", [webhookId]);
    expect(rest).toEqual([]);
    expect(event!.body.toString()).toBe(body);
    expect(event).toMatchObject({
      type: "ContactUpdate",
      status: "received",
      location_id: uuid,
      verification: "verified",
      is_late: false,
      attempts: 0,
      correlation_id: answer.body.correlation_id,
    });
    expect(event!.next_attempt_at).toEqual(expect.any(Number));
    expect(event!.headers).toMatchObject({ "content-type": "text/plain; charset=latin1", "user-agent": "GHL" });
  });

  test.each([
    ["application/json", "application/json"],
    ["none at all", ""],
    ["one that nobody can read", "a;;;b"],
    ["multipart", "multipart/form-data; boundary=x"],
  ])("takes any content type: %s", async (_, type) => {
    const webhookId = randomUUID();
    const { status } = await deliverGhl(ghlBody({ webhookId }), { "content-type": type });
    expect(status).toBe(200);
    expect(await eventsOf(server.db, "dedupe_key = $1", [webhookId])).toHaveLength(1);
  });

  test("keeps no header that authorises", async () => {
    const webhookId = randomUUID();
    await deliverGhl(ghlBody({ webhookId }), { authorization: "Bearer canary", cookie: "session=canary" });
    const [event] = await eventsOf(server.db, "dedupe_key = $1", [webhookId]);
    expect(JSON.stringify(event!.headers)).not.toContain("canary");
  });

  test("a delivery that comes again, also many at once, is stored once and acknowledged each time", async () => {
    const webhookId = randomUUID();
    const body = ghlBody({ webhookId });
    const again = ghlBody({ webhookId, timestamp: "2026-11-21T09:00:00.000Z" });
    const answers = await Promise.all(
      [...Array(40).fill(body), ...Array(10).fill(again)].map((one) => deliverGhl(one)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(await eventsOf(server.db, "dedupe_key = $1", [webhookId])).toHaveLength(1);
  });

  test("without a webhookId the same bytes are the same delivery", async () => {
    const contact_id = randomUUID();
    const body = JSON.stringify({ type: "ContactUpdate", id: contact_id, locationId: "nowhere" });
    await deliverGhl(body);
    await deliverGhl(body);
    await deliverGhl(`${body} `);
    expect(await eventsOf(server.db, "convert_from(body, 'UTF8') LIKE $1", [`%${contact_id}%`])).toHaveLength(2);
  });

  test("hundreds at once are all kept, each once", async () => {
    const ids = Array.from({ length: 400 }, () => randomUUID());
    const answers = await Promise.all(ids.map((webhookId) => deliverGhl(ghlBody({ webhookId }))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await eventsOf(server.db, "dedupe_key = ANY ($1)", [ids])).toHaveLength(400);
  });
});

describe("a webhook that names a location by our id", () => {
  const located = async (locationId: string) => {
    const webhookId = randomUUID();
    expect((await deliverGhl(ghlBody({ webhookId, locationId }))).status).toBe(200);
    return eventsOf(server.db, "dedupe_key = $1", [webhookId]);
  };

  test("is that location's, where it was never connected or is a sandbox", async () => {
    const never = await createLocation(server.db, { products: [] });
    const sandbox = await connectedLocation(server.db, { sandbox: true });
    for (const { location_id } of [never, sandbox]) {
      const event = { verification: "verified", status: "received", location_id: locationUuid(location_id) };
      expect(await located(location_id)).toMatchObject([event]);
    }
  });

  test("is nobody's where GoHighLevel knows the location by its own id", async () => {
    const { location_id } = await connectedLocation(server.db);
    const event = { status: "waiting", reason_code: "LOCATION_UNKNOWN", location_id: null };
    expect(await located(location_id)).toMatchObject([event]);
  });
});

describe("INVALID_SIGNATURE 401, and nothing is kept, for a webhook", () => {
  test.each([
    ["without a signature", () => ({})],
    ["with N/A for one", () => ({ "x-ghl-signature": "N/A" })],
    ["with an empty one", () => ({ "x-ghl-signature": "" })],
    ["signed by a stranger", (body: string) => signGhl(body, server.keys.stranger.privateKey)],
    ["signed over other bytes", (body: string) => signGhl(`${body} `, server.keys.ghl.privateKey)],
    [
      "with the legacy header alone",
      (body: string) => ({ "x-wh-signature": signGhl(body, server.keys.ghl.privateKey)["x-ghl-signature"]! }),
    ],
    [
      "with a signature that was cut",
      (body: string) => ({
        "x-ghl-signature": signGhl(body, server.keys.ghl.privateKey)["x-ghl-signature"]!.slice(0, -4),
      }),
    ],
  ])("%s", async (_, sign) => {
    const before = await countEvents();
    const body = ghlBody();
    const { status, body: answer } = await deliver(address(), body, sign(body));
    expect({ status, code: answer.reason_code }).toEqual({ status: 401, code: "INVALID_SIGNATURE" });
    expect(await countEvents()).toBe(before);
  });
});

describe("a signed webhook that nobody can use", () => {
  test.each([
    ["truncated", ghlBody().slice(0, 40)],
    ["empty", ""],
    ["no object", "[1,2]"],
    ["compressed", gzipSync("{}").toString("latin1")],
    ["no UTF-8", "\u0000\u0001"],
  ])("is acknowledged, kept, and dead with its reason: %s", async (_, body) => {
    const before = await countEvents();
    expect((await deliverGhl(body)).status).toBe(200);
    const events = await eventsOf(server.db, "true");
    expect(events).toHaveLength(before + 1);
    expect(events.at(-1)).toMatchObject({ status: "dead", reason_code: "BODY_UNREADABLE", next_attempt_at: null });
    expect(events.at(-1)!.body.toString()).toBe(body);
  });

  test("is kept as ignored where its type is unknown", async () => {
    const webhookId = randomUUID();
    expect((await deliverGhl(ghlBody({ webhookId, type: "VoiceAiCallEnd" }))).status).toBe(200);
    expect(await eventsOf(server.db, "dedupe_key = $1", [webhookId])).toMatchObject([
      { status: "ignored", reason_code: "EVENT_UNUSED", type: "VoiceAiCallEnd", next_attempt_at: null },
    ]);
  });

  test("waits where its location is unknown", async () => {
    const webhookId = randomUUID();
    expect((await deliverGhl(ghlBody({ webhookId, locationId: "comes-later" }))).status).toBe(200);
    expect(await eventsOf(server.db, "dedupe_key = $1", [webhookId])).toMatchObject([
      { status: "waiting", reason_code: "LOCATION_UNKNOWN", location_id: null, next_attempt_at: null },
    ]);
  });

  test("is refused with PAYLOAD_TOO_LARGE 413 over 1 MiB, unstored; of exactly that it is kept", async () => {
    const limit = 1024 * 1024;
    const before = await countEvents();
    const largest = ghlBody({ pad: "" }).replace('"pad":""', () => '"pad":"PAD"');
    const fitting = largest.replace("PAD", "x".repeat(limit - largest.length + 3));
    expect(Buffer.byteLength(fitting)).toBe(limit);
    expect((await deliverGhl(`${fitting} `)).status).toBe(413);
    expect(await countEvents()).toBe(before);
    expect((await deliverGhl(fitting)).status).toBe(200);
    expect(await countEvents()).toBe(before + 1);
  });
});

describe("times", () => {
  test.each([
    ["eight days old", () => new Date(Date.now() - 8 * 86_400_000).toISOString(), true],
    ["in the future", () => new Date(Date.now() + 86_400_000).toISOString(), false],
    ["of no year that is", () => "+275760-09-13T00:00:00.000Z", false],
    ["no time at all", () => "yesterday", false],
  ])("a webhook that is %s is taken, and marked when late", async (_, timestamp, is_late) => {
    const webhookId = randomUUID();
    const { status } = await deliverGhl(ghlBody({ webhookId, timestamp: timestamp() }));
    expect(status).toBe(200);
    expect(await eventsOf(server.db, "dedupe_key = $1", [webhookId])).toMatchObject([{ is_late }]);
  });
});

describe("the sandbox's own key", () => {
  const deliverSandbox = (body: string) => deliver(address(), body, signGhl(body, server.keys.sandbox.privateKey));

  test("is good for sandbox locations, by their own or GoHighLevel's id", async () => {
    const sandbox = await connectedLocation(server.db, { sandbox: true });
    for (const locationId of [sandbox.ghl_location_id, sandbox.location_id]) {
      const webhookId = randomUUID();
      expect((await deliverSandbox(ghlBody({ webhookId, locationId }))).status).toBe(200);
      expect(await eventsOf(server.db, "dedupe_key = $1", [`sandbox:${webhookId}`])).toMatchObject([
        { verification: "sandbox", status: "received", location_id: sandbox.uuid },
      ]);
    }
  });

  test("opens no live location, none that is unknown, and no installation", async () => {
    const live = await connectedLocation(server.db);
    const before = await countEvents();
    const refused = [
      { locationId: live.ghl_location_id },
      { locationId: live.location_id },
      { locationId: "comes-later" },
      { type: "INSTALL", companyId: "comp-1" },
    ];
    for (const fields of refused) {
      const { status, body } = await deliverSandbox(ghlBody(fields));
      expect({ fields, status, code: body.reason_code }).toEqual({ fields, status: 401, code: "INVALID_SIGNATURE" });
    }
    expect(await countEvents()).toBe(before);
  });

  test("cannot stand in for a real delivery of the same id", async () => {
    const sandbox = await connectedLocation(server.db, { sandbox: true });
    const body = ghlBody({ locationId: sandbox.ghl_location_id });
    const { webhookId } = JSON.parse(body) as { webhookId: string };
    await deliverSandbox(body);
    await deliverGhl(body);
    expect(await eventsOf(server.db, "dedupe_key IN ($1, $2)", [webhookId, `sandbox:${webhookId}`])).toHaveLength(2);
  });
});

describe("POST /webhooks/stripe/{connectionKey}", () => {
  const invoice = (id: string) =>
    JSON.stringify({
      id,
      object: "event",
      type: "customer.subscription.updated",
      created: Math.floor(Date.now() / 1000),
      livemode: false,
      api_version: "2026-10-28.endive",
      data: {
        object: { id: "sub_1", object: "subscription", status: "active", customer: "cus_1", items: { data: [] } },
      },
    });

  test("keeps what is signed with its connection's secret, once, for its connection's location", async () => {
    const { uuid } = await connectedLocation(server.db);
    const { id: connection_id, url_key, secret } = await stripeConnection(server, uuid);
    const id = `evt_${randomUUID()}`;
    const body = invoice(id);
    const url = `${server.base_url}/webhooks/stripe/${url_key}`;
    expect((await deliver(url, body, stripeHeaders(body, secret))).status).toBe(200);
    expect((await deliver(url, body, stripeHeaders(body, secret, Date.now() - 1000))).status).toBe(200);
    expect(await eventsOf(server.db, "dedupe_key = $1", [id])).toMatchObject([
      {
        provider: "stripe",
        connection_id,
        location_id: uuid,
        status: "received",
        type: "customer.subscription.updated",
      },
    ]);
  });

  test("one connection's event id is none of another's business", async () => {
    const { uuid } = await connectedLocation(server.db);
    const other = await connectedLocation(server.db);
    const connections = [await stripeConnection(server, uuid), await stripeConnection(server, other.uuid)];
    const id = `evt_${randomUUID()}`;
    const body = invoice(id);
    for (const { url_key, secret } of connections) {
      await deliver(`${server.base_url}/webhooks/stripe/${url_key}`, body, stripeHeaders(body, secret));
    }
    expect(await eventsOf(server.db, "dedupe_key = $1", [id])).toHaveLength(2);
  });

  test("refuses another connection's secret, an old signature, and none", async () => {
    const { uuid } = await connectedLocation(server.db);
    const { url_key, secret } = await stripeConnection(server, uuid);
    const url = `${server.base_url}/webhooks/stripe/${url_key}`;
    const body = invoice(`evt_${randomUUID()}`);
    const refused = [
      stripeHeaders(body, "whsec_other"),
      stripeHeaders(body, secret, Date.now() - 600_000),
      stripeHeaders(`${body} `, secret),
      {},
    ];
    for (const headers of refused) {
      const { status, body: answer } = await deliver(url, body, headers);
      expect({ status, code: answer.reason_code }).toEqual({ status: 401, code: "INVALID_SIGNATURE" });
    }
    expect(await eventsOf(server.db, "location_id = $1", [uuid])).toEqual([]);
  });

  test("answers NOT_FOUND 404 where nobody listens", async () => {
    const body = invoice("evt_1");
    const url = `${server.base_url}/webhooks/stripe/${"x".repeat(32)}`;
    expect((await deliver(url, body, stripeHeaders(body, "whsec_x"))).status).toBe(404);
  });
});

test("METHOD_NOT_ALLOWED 405 for everything but POST", async () => {
  for (const path of ["/webhooks/ghl", `/webhooks/stripe/${"x".repeat(32)}`]) {
    const response = await fetch(`${server.base_url}${path}`);
    expect({ path, status: response.status, allow: response.headers.get("allow") }).toEqual({
      path,
      status: 405,
      allow: "POST",
    });
  }
});
