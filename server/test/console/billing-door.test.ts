import { createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sample_events } from "../../src/gateways/ghl/sample-events.ts";
import { createTakeEvent } from "../../src/jobs/take-event.ts";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import { releaseEvents } from "../../src/operations/events/release-events.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { createLogger } from "../../src/platform/log.ts";
import { DAY, HOUR } from "../../src/rules/time/local-days.ts";
import { deliver, signGhl, stripeHeaders } from "../api/listening-server.ts";
import { sql } from "../support.ts";
import { newPayer, useBilledConsole, WEBHOOK_SECRET, type Payer } from "./billed-console.ts";

const { privateKey: ghl_key } = generateKeyPairSync("ed25519");
const server = useBilledConsole({ ghl_public_keys: [createPublicKey(ghl_key)] });

describe("POST /webhooks/stripe/billing", () => {
  const post = (body: string, headers: Record<string, string>) =>
    deliver(`${server.base_url}/webhooks/stripe/billing`, body, headers);
  const signed = (body: string) => post(body, stripeHeaders(body, WEBHOOK_SECRET));
  const event = (fields: object = {}) =>
    JSON.stringify({
      id: `evt_${randomUUID()}`,
      object: "event",
      type: "invoice.paid",
      created: Math.floor(systemClock.now() / 1000),
      data: { object: { customer: "cus_nobody" } },
      ...fields,
    });
  const kept = (id: string) => sql(server.db, "SELECT type, workspace_id FROM billing_events WHERE id = $1", [id]);

  test("believes nobody but Stripe", async () => {
    const body = event({ id: "evt_forged" });
    const forged = [
      {},
      stripeHeaders(body, "whsec_of_somebody_else"),
      stripeHeaders(event(), WEBHOOK_SECRET),
      stripeHeaders(body, WEBHOOK_SECRET, systemClock.now() - HOUR),
    ];
    for (const headers of forged) {
      expect(await post(body, headers)).toMatchObject({ status: 401, body: { reason_code: "INVALID_SIGNATURE" } });
    }
    expect(await kept("evt_forged")).toEqual([]);
  });

  test("takes an event once, also one of nobody's customer, and one that nothing follows from", async () => {
    const body = event({ id: "evt_twice" });
    for (let i = 0; i < 2; i += 1) {
      expect(await signed(body)).toMatchObject({ status: 200, body: { reason_code: "webhook_received" } });
    }
    expect(await kept("evt_twice")).toEqual([{ type: "invoice.paid", workspace_id: null }]);
    expect(await signed(event({ id: "evt_other", type: "tax.settings.updated" }))).toMatchObject({ status: 200 });
    expect(await kept("evt_other")).toHaveLength(1);
  });

  test("is followed at once, without waiting for the timer", async () => {
    const payer = await newPayer(server);
    await payer.pay();
    await expect.poll(() => payer.get("/standing"), { timeout: 5000 }).toMatchObject({ billing_status: "trialing" });
  });

  test("refuses what is signed and no event, with a 400 that Stripe shows to whoever runs this", async () => {
    for (const body of ["nothing", "{}", event({ object: "v2.core.event" }), event({ created: "yesterday" })]) {
      expect(await signed(body)).toMatchObject({ status: 400, body: { reason_code: "VALIDATION_ERROR" } });
    }
  });

  test("is no place to look at", async () => {
    expect((await fetch(`${server.base_url}/webhooks/stripe/billing`)).status).toBe(405);
  });
});

/** A subscribed workspace whose location is known to GoHighLevel, with what came in and what stands in its books. */
async function openStudio() {
  const payer = await newPayer(server);
  await payer.subscribe();
  const { db } = server;
  const location_id = locationUuid(payer.location_id) ?? "";
  const ghl_location_id = `ghl-${payer.key}`;
  await sql(db, "UPDATE locations SET ghl_location_id = $2, version = version + 1 WHERE location_id = $1", [
    location_id,
    ghl_location_id,
  ]);
  const list = async (what: string, of: string) => {
    const rows = await sql<{ line: string }>(db, `SELECT ${what} AS line FROM ${of}`, [location_id]);
    return rows.map(({ line }) => line);
  };
  return {
    payer,
    ghl_location_id,
    outcomes: () =>
      list("type || ' ' || status || ' ' || reason_code", "webhook_events WHERE location_id = $1 ORDER BY told_at"),
    entries: () => list("type || ' ' || amount", "ledger_entries WHERE location_id = $1 ORDER BY entry_number"),
  };
}

/** GoHighLevel tells of a booking in three days, as it was that many minutes after it was made an hour ago. */
function tellOf({ key }: Payer, location: string, [type, status, minute]: readonly [string, string, number]) {
  const made_at = systemClock.now() - HOUR;
  const iso = (at: number) => new Date(at).toISOString();
  const appointment = {
    ...sample_events.AppointmentCreate.appointment,
    id: `booking-${key}`,
    calendarId: "cal",
    contactId: "maya",
    appointmentStatus: status,
    locationId: location,
    startTime: iso(made_at + 3 * DAY),
    dateAdded: iso(made_at),
    dateUpdated: iso(made_at + minute * 60_000),
  };
  const envelope = { type, timestamp: appointment.dateUpdated, webhookId: randomUUID(), locationId: location };
  const body = JSON.stringify({ ...sample_events.AppointmentCreate, ...envelope, appointment });
  return deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, ghl_key));
}

/** The jobs that take what came in, until nothing is left that they may take. */
async function takeAll(): Promise<void> {
  const { db, service } = server;
  const connections = { ghl: () => Promise.resolve(null), stripe: () => Promise.resolve(null) };
  const log = createLogger("silent");
  const context = { db, ledger: service.ledger, clock: systemClock, log, installations: null, connections };
  await releaseEvents(db, systemClock);
  await new EventTaker(db, systemClock, createTakeEvent(context)).drain();
}

test("Rule 37. While a workspace is suspended what its studio tells is kept, and taken in its order once it is paid", async () => {
  const { payer, ghl_location_id, outcomes, entries } = await openStudio();
  expect(await payer.grant("maya")).toBe("grant_applied");
  const { id } = payer.subscription;
  server.fake.failPayment(id);
  server.fake.giveUp(id, "unpaid");
  await server.told();
  // The cancellation arrives before the booking.
  for (const version of [
    ["AppointmentUpdate", "cancelled", 5] as const,
    ["AppointmentCreate", "confirmed", 1] as const,
  ]) {
    expect(await tellOf(payer, ghl_location_id, version)).toMatchObject({ status: 200 });
  }
  await takeAll();
  await takeAll();
  expect(await outcomes()).toEqual([
    "AppointmentCreate waiting BILLING_SUSPENDED",
    "AppointmentUpdate waiting BILLING_SUSPENDED",
  ]);
  expect(await entries()).toEqual(["grant 10"]);

  server.fake.renew(id);
  await server.told();
  await takeAll();
  expect(await outcomes()).toEqual(["AppointmentCreate done booking_synced", "AppointmentUpdate done booking_synced"]);
  expect(await entries()).toEqual(["grant 10", "hold 1", "release 1"]);
});
