import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createTakeEvent } from "../../src/jobs/take-event.ts";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { createLogger } from "../../src/platform/log.ts";
import { callerOf } from "../support.ts";
import { connectedLocation, deliver, ghlBody, signGhl, useListeningServer } from "./listening-server.ts";

const server = useListeningServer();
const PACK = { key: "pack", type: "package", credits_total: 10 };

/** A member with one grant, of a location that GoHighLevel tells of. */
async function openMember() {
  const location = await connectedLocation(server.db, { products: [PACK] });
  const api = callerOf(server.base_url, location.token);
  const contact = `contact-${randomUUID()}`;
  await api.post("/grants", {
    request_id: randomUUID(),
    external_payment_id: randomUUID(),
    external_contact_id: contact,
    product_config_id: location.products["pack"],
  });
  return { ...location, api, contact };
}

async function tell(ghl_location_id: string, contactId: string, fields: Record<string, unknown>): Promise<void> {
  const body = ghlBody({ type: "OpportunityStatusUpdate", locationId: ghl_location_id, contactId, ...fields });
  await deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, server.keys.ghl.privateKey));
}

async function takeAll(): Promise<void> {
  const nobody = { ghl: () => Promise.resolve(null), stripe: () => Promise.resolve(null) };
  const { ledger } = server.service;
  const log = createLogger("silent");
  const context = { db: server.db, ledger, clock: systemClock, log, installations: null, connections: nobody };
  await new EventTaker(server.db, systemClock, createTakeEvent(context)).drain();
}

interface Shown {
  kind: string;
  at: string;
  title: string;
  opportunity?: Record<string, unknown>;
}

test("GET /contacts/{id}/timeline tells the contact's opportunities, each once over all pages, and no one else's", async () => {
  const { api, contact, ghl_location_id } = await openMember();
  const tellings = ["open", "won", "lost", "open", "won"].map((status, hour) => ({
    id: "opp-1",
    name: "Gold upsell",
    status,
    monetaryValue: 120.5,
    timestamp: `2026-05-01T0${hour}:00:00.000Z`,
  }));
  for (const telling of tellings) await tell(ghl_location_id, contact, telling);
  await tell(ghl_location_id, "somebody-else", { id: "opp-2", name: "Secret", status: "open" });
  const stranger = await openMember();
  await tell(stranger.ghl_location_id, contact, { id: "opp-3", name: "Of another location", status: "open" });
  await takeAll();

  const seen: Shown[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const path: string = `/contacts/${contact}/timeline?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
    const { body } = await api.get(path);
    seen.push(...(body["events"] as Shown[]));
    cursor = body["next_cursor"] as string | null;
  }
  const opportunities = seen.filter(({ kind }) => kind === "opportunity");
  expect(opportunities.map(({ at, title }) => [at, title])).toEqual(
    tellings.toReversed().map(({ timestamp, status }) => [timestamp, `Opportunity Gold upsell, ${status}`]),
  );
  expect(opportunities[0]?.opportunity).toEqual({
    id: "opp-1",
    event_type: "OpportunityStatusUpdate",
    name: "Gold upsell",
    status: "won",
    monetary_value: 120.5,
  });
  expect(seen.map(({ kind }) => kind)).toContain("ledger");
});

test("an opportunity that says little, or says it in odd types, still stands on the timeline", async () => {
  const { api, contact, ghl_location_id } = await openMember();
  await tell(ghl_location_id, contact, { id: "opp-1", name: 7, status: null, monetaryValue: "much" });
  await takeAll();
  const { body } = await api.get(`/contacts/${contact}/timeline`);
  const told = (body["events"] as Shown[]).find(({ kind }) => kind === "opportunity");
  expect(told).toMatchObject({ title: "Opportunity", opportunity: { name: null, status: null, monetary_value: null } });
});
