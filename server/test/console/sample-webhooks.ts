import { generateKeyPairSync, sign } from "node:crypto";
import { sampleDelivery } from "../../src/gateways/ghl/sample-delivery.ts";
import { ProviderConnections } from "../../src/jobs/events/connections.ts";
import { createTakeEvent } from "../../src/jobs/take-event.ts";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { createLogger } from "../../src/platform/log.ts";
import type { ConsoleServer } from "./console-server.ts";

/** Signs the sandboxes' samples of a test file: give its private half to the server as `sandbox_key`. */
export const SANDBOX_KEY = generateKeyPairSync("ed25519").privateKey;

export interface Sample {
  location_id: string;
  contact_id: string;
  /** What it says otherwise, by path. */
  set?: Record<string, unknown>;
  at?: number;
}

/** Delivers a sample of GoHighLevel to a sandbox over HTTP, and lets the server take all that came. */
export async function tellGhl(server: ConsoleServer, type: string, sample: Sample): Promise<void> {
  await deliverGhl(server, type, sample);
  await takeAll(server);
}

export async function deliverGhl(
  server: ConsoleServer,
  type: string,
  { location_id, contact_id, set = {}, at = systemClock.now() }: Sample,
): Promise<void> {
  const wishes = Object.entries(set).map(([path, value]) => ({ path, value }));
  const body = sampleDelivery(type, { location_id, contact_id, now: at, set: wishes });
  if (body === null) throw new Error(`there is no sample of ${type}`);
  const answer = await fetch(`${server.base_url}/webhooks/ghl`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-ghl-signature": sign(null, Buffer.from(body), SANDBOX_KEY).toString("base64"),
    },
  });
  if (!answer.ok) throw new Error(`the sample was not accepted: ${await answer.text()}`);
}

export async function takeAll({ db, service, secrets }: ConsoleServer): Promise<void> {
  const take = createTakeEvent({
    db,
    ledger: service.ledger,
    clock: systemClock,
    log: createLogger("silent"),
    installations: null,
    connections: new ProviderConnections(db, { secrets, accounts: null, stripe_api_base: null }),
  });
  await new EventTaker(db, systemClock, take).drain();
}
