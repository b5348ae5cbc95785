import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import type { EventOutcome } from "../../src/operations/events/stored-event.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { callerOf, sql, type Caller, type Response } from "../support.ts";
import { connectedLocation, deliver, eventsOf, ghlBody, signGhl, useListeningServer } from "./listening-server.ts";
import "./matchers.ts";

const server = useListeningServer();

interface Studio {
  api: Caller;
  token: string;
  uuid: string;
  workspace: string;
  send(fields?: Record<string, unknown>): Promise<string>;
}

async function openStudio(scopes = ["manage"]): Promise<Studio> {
  const { token, uuid, workspace, ghl_location_id } = await connectedLocation(server.db, { scopes });
  return {
    api: callerOf(server.base_url, token),
    token,
    uuid,
    workspace,
    send: async (fields = {}) => {
      const webhookId = randomUUID();
      const body = ghlBody({ webhookId, locationId: ghl_location_id, ...fields });
      await deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, server.keys.ghl.privateKey));
      return webhookId;
    },
  };
}

type Shown = Record<string, unknown> & { id: string; external_event_id: string };

async function list(api: Caller, query = ""): Promise<Shown[]> {
  const answer = await api.get(`/webhook-events${query}`);
  expect(answer).toAnswer("webhook_events_loaded");
  return answer.body["webhook_events"] as Shown[];
}

const take = (outcome: EventOutcome | Error) =>
  new EventTaker(server.db, systemClock, () =>
    outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome),
  ).drain();

const DONE: EventOutcome = { status: "done", reason_code: "CHARGED", contacts: ["maya"] };

describe("GET /webhook-events", () => {
  test("webhook_events_loaded: every delivery of the location, newest first, with what became of it", async () => {
    const { api, send } = await openStudio();
    const first = await send();
    await take(DONE);
    const second = await send({ type: "VoiceAiCallEnd" });
    expect(await list(api)).toMatchObject([
      { external_event_id: second, status: "ignored", outcome: "EVENT_UNUSED", type: "VoiceAiCallEnd" },
      {
        external_event_id: first,
        status: "done",
        outcome: "CHARGED",
        contacts: ["maya"],
        attempts: 1,
        provider: "ghl",
      },
    ]);
  });

  test("is filtered by status, type, provider, contact, time, and any id", async () => {
    const { api, send } = await openStudio();
    const done = await send();
    await take(DONE);
    const ignored = await send({ type: "VoiceAiCallEnd" });
    const [event] = await eventsOf(server.db, "dedupe_key = $1", [done]);
    const ids = async (query: string) => (await list(api, query)).map(({ external_event_id }) => external_event_id);
    expect(await ids("?status=done")).toEqual([done]);
    expect(await ids("?type=VoiceAiCallEnd")).toEqual([ignored]);
    expect(await ids("?provider=stripe")).toEqual([]);
    expect(await ids("?contact=maya")).toEqual([done]);
    expect(await ids("?contact=nobody")).toEqual([]);
    for (const id of [event!.id, done, event!["correlation_id"] as string, "maya"]) {
      expect(await ids(`?search=${id}`)).toEqual([done]);
    }
    expect(await ids("?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")).toEqual([]);
    expect(await ids("?from=2026-01-01T00:00:00Z")).toEqual([ignored, done]);
  });

  test("is read page by page, each delivery once", async () => {
    const { api, send } = await openStudio();
    for (let n = 0; n < 5; n += 1) await send();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const answer: Response = await api.get(`/webhook-events?limit=2${cursor ? `&cursor=${cursor}` : ""}`);
      seen.push(...(answer.body["webhook_events"] as Shown[]).map(({ id }) => id));
      cursor = answer.body["next_cursor"] as string | null;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  test.each(["status=odd", "limit=0", "limit=101", "limit=x", "cursor=x", "from=yesterday", "provider=paypal"])(
    "refuses %s by its name",
    async (query) => {
      const { api } = await openStudio();
      expect(await api.get(`/webhook-events?${query}`)).toBeInvalid(query.split("=")[0]!);
    },
  );
});

describe("GET /webhook-events/{id}", () => {
  test("webhook_event_loaded: the bytes as they came, the headers, every attempt", async () => {
    const { api, send } = await openStudio();
    const sent = await send({ note: "ä" });
    await take(new Error("GoHighLevel is away"));
    const [{ id }] = (await list(api)) as [Shown];
    const answer = await api.get(`/webhook-events/${id}`);
    expect(answer).toAnswer("webhook_event_loaded");
    const event = answer.body["webhook_event"] as Shown;
    expect(JSON.parse(event["body"] as string)).toMatchObject({ webhookId: sent, note: "ä" });
    expect(event).toMatchObject({
      body_encoding: "utf8",
      status: "failed",
      outcome: "TAKING_FAILED",
      headers: { "x-ghl-signature": expect.any(String) },
      attempt_log: [{ number: 1, outcome: "failed", error: "Error: GoHighLevel is away" }],
      entries: [],
    });
  });

  test("answers NOT_FOUND for what is not there, and refuses what is no id", async () => {
    const { api } = await openStudio();
    expect(await api.get(`/webhook-events/${randomUUID()}`)).toAnswer("NOT_FOUND");
    expect(await api.get("/webhook-events/maya")).toBeInvalid("id");
  });
});

describe("replaying", () => {
  test("POST /webhook-events/{id}/replay: webhook_events_replayed: a dead delivery is taken again with a new budget", async () => {
    const { api, send, uuid } = await openStudio();
    await send();
    await sql(server.db, "UPDATE webhook_events SET attempts_allowed = 1 WHERE location_id = $1", [uuid]);
    await take(new Error("no"));
    const [{ id }] = (await list(api, "?status=dead")) as [Shown];
    expect(await api.post(`/webhook-events/${id}/replay`, {})).toAnswer("webhook_events_replayed", { replayed: 1 });
    await take(DONE);
    expect(await list(api)).toMatchObject([{ id, status: "done", attempts: 2 }]);
    expect(await eventsOf(server.db, "id = $1", [id])).toMatchObject([{ attempts_allowed: 13 }]);
    const audits = await sql(
      server.db,
      "SELECT action, after FROM audit_events WHERE location_id = $1 AND action = $2",
      [uuid, "replay_webhook_events"],
    );
    expect(audits).toEqual([{ action: "replay_webhook_events", after: { replayed: 1 } }]);
  });

  test("POST /webhook-events/{id}/replay needs no body, and answers NOT_FOUND where there is none of that id", async () => {
    const { api, send, token } = await openStudio();
    await send();
    const [{ id }] = (await list(api)) as [Shown];
    const bare = await fetch(`${server.base_url}/api/v2/webhook-events/${id}/replay`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await bare.json()).toMatchObject({ reason_code: "webhook_events_replayed", replayed: 1 });
    expect(await api.post(`/webhook-events/${randomUUID()}/replay`, {})).toAnswer("NOT_FOUND");
  });

  test("POST /webhook-events/replay: webhook_events_replayed: those of a time that failed, and no others", async () => {
    const { api, send } = await openStudio();
    await send();
    await take(DONE);
    const failed = [await send(), await send()];
    await take(new Error("no"));
    const range = { from: "2026-01-01T00:00:00Z" };
    expect(await api.post("/webhook-events/replay", range)).toAnswer("webhook_events_replayed", { replayed: 2 });
    const due = (await list(api, "?status=received")).map(({ external_event_id }) => external_event_id);
    expect(due.sort()).toEqual(failed.sort());
    const none = { ...range, to: "2026-01-02T00:00:00Z", statuses: ["done"] };
    expect(await api.post("/webhook-events/replay", none)).toAnswer("webhook_events_replayed", { replayed: 0 });
    const done = { ...range, statuses: ["done"], type: "ContactUpdate", provider: "ghl" };
    expect(await api.post("/webhook-events/replay", done)).toAnswer("webhook_events_replayed", { replayed: 1 });
  });

  test("refuses a range without a beginning, and a status that is none", async () => {
    const { api } = await openStudio();
    expect(await api.post("/webhook-events/replay", {})).toBeInvalid("from");
    expect(await api.post("/webhook-events/replay", { from: "2026-01-01T00:00:00Z", statuses: [] })).toBeInvalid(
      "statuses",
    );
    expect(await api.post("/webhook-events/replay", [])).toBeInvalid("from");
  });
});

describe("who may", () => {
  test("a token without the scope manage sees no /webhook-events and replays none", async () => {
    const { api } = await openStudio(["grant", "check", "deduct", "restore", "summary"]);
    for (const answer of [
      await api.get("/webhook-events"),
      await api.get(`/webhook-events/${randomUUID()}`),
      await api.post("/webhook-events/replay", { from: "2026-01-01T00:00:00Z" }),
      await api.post(`/webhook-events/${randomUUID()}/replay`, {}),
    ]) {
      expect(answer).toFail(401, "UNAUTHORIZED");
    }
  });

  test("another location's events are shown and replayed to nobody else, under no name", async () => {
    const mine = await openStudio();
    const theirs = await openStudio();
    const sent = await theirs.send();
    await take(DONE);
    const [{ id }] = (await list(theirs.api)) as [Shown];
    expect(await list(mine.api)).toEqual([]);
    for (const query of [`?search=${sent}`, `?search=${id}`, "?contact=maya"])
      expect(await list(mine.api, query)).toEqual([]);
    expect(await mine.api.get(`/webhook-events/${id}`)).toAnswer("NOT_FOUND");
    expect(await mine.api.post(`/webhook-events/${id}/replay`, {})).toAnswer("NOT_FOUND");
    const range = { from: "2026-01-01T00:00:00Z", statuses: ["done"] };
    expect(await mine.api.post("/webhook-events/replay", range)).toAnswer("webhook_events_replayed", { replayed: 0 });
    expect(await list(theirs.api)).toMatchObject([{ id, status: "done" }]);
    for (const location_id of [theirs.uuid, "x"]) {
      expect(await mine.api.get(`/webhook-events?location_id=${location_id}`)).toFail(401, "UNAUTHORIZED");
    }
  });

  test("works while billing is suspended: ingestion and its log never stop", async () => {
    const { api, send, workspace } = await openStudio();
    await sql(server.db, "UPDATE workspaces SET billing_status = 'suspended' WHERE key = $1", [workspace]);
    await send();
    await take(DONE);
    expect(await list(api)).toMatchObject([{ status: "waiting", outcome: "BILLING_SUSPENDED" }]);
  });
});
