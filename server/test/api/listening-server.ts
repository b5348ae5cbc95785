import { generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";
import { Stripe } from "stripe";
import { afterAll, beforeAll } from "vitest";
import type { Listening } from "../../src/listening.ts";
import { stripeSealOf } from "../../src/operations/connections/stripe-listeners.ts";
import type { Database } from "../../src/platform/database.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { createLogger } from "../../src/platform/log.ts";
import { Secrets } from "../../src/platform/secrets.ts";
import { createService, type Service } from "../../src/service.ts";
import { createLocation, createTestDatabase, sql, type TestLocation } from "../support.ts";

export interface Keys {
  ghl: { publicKey: KeyObject; privateKey: KeyObject };
  sandbox: { publicKey: KeyObject; privateKey: KeyObject };
  stranger: { publicKey: KeyObject; privateKey: KeyObject };
}

export interface ListeningServer {
  db: Database;
  url: string;
  base_url: string;
  service: Service;
  keys: Keys;
  secrets: Secrets;
}

export const CONFIG = { api_rate_limit: 0, ledger_batch: "mixed", public_url: "http://kotally.test" } as const;

export function newKeys(): Keys {
  const pair = () => generateKeyPairSync("ed25519");
  return { ghl: pair(), sandbox: pair(), stranger: pair() };
}

function listeningWith(keys: Keys, secrets: Secrets): Listening {
  const off = { ghl_app: null, ghl_install_url: null };
  return { secrets, ghl_public_keys: [keys.ghl.publicKey], sandbox_key: keys.sandbox.privateKey, ...off };
}

/** A server that listens to providers, with keys of its own, for the tests of one file. */
export function useListeningServer(): ListeningServer {
  const server = { keys: newKeys(), secrets: new Secrets("the-secret-of-these-tests") } as ListeningServer;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createTestDatabase();
    drop = database.drop;
    const listening = listeningWith(server.keys, server.secrets);
    const service = await createService(database.db, CONFIG, createLogger("error"), listening);
    const base_url = await service.app.listen({ port: 0, host: "127.0.0.1" });
    Object.assign(server, { db: database.db, url: database.url, service, base_url });
  });
  afterAll(async () => {
    await server.service.close();
    await drop();
  });
  return server;
}

export interface Delivered {
  status: number;
  body: { ok: boolean; reason_code: string; correlation_id: string };
}

export async function deliver(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<Delivered> {
  const response = await fetch(url, { method: "POST", body, headers });
  return { status: response.status, body: (await response.json()) as Delivered["body"] };
}

export function signGhl(body: string | Uint8Array, key: KeyObject): Record<string, string> {
  return { "x-ghl-signature": sign(null, Buffer.from(body), key).toString("base64") };
}

/** A delivery as GoHighLevel makes it, of a contact, unless the fields say otherwise. */
export function ghlBody(fields: Record<string, unknown> = {}): string {
  const contact = { id: randomUUID(), firstName: "Maya", email: "maya@example.test" };
  const envelope = { type: "ContactUpdate", timestamp: new Date().toISOString(), webhookId: randomUUID() };
  return JSON.stringify({ ...envelope, ...contact, ...fields });
}

export function stripeHeaders(body: string, secret: string, at_ms = Date.now()): Record<string, string> {
  const timestamp = Math.floor(at_ms / 1000);
  return { "stripe-signature": Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }) };
}

/** A location that GoHighLevel knows by an id of its own. */
export async function connectedLocation(
  db: Database,
  settings: Record<string, unknown> = {},
): Promise<TestLocation & { uuid: string; ghl_location_id: string; workspace: string }> {
  const location = await createLocation(db, { products: [], ...settings });
  const ghl_location_id = `ghl-${randomUUID()}`;
  const uuid = locationUuid(location.location_id) ?? "";
  await sql(db, "UPDATE locations SET ghl_location_id = $2, version = version + 1 WHERE location_id = $1", [
    uuid,
    ghl_location_id,
  ]);
  return { ...location, uuid, ghl_location_id };
}

/** A Stripe connection whose deliveries are signed with the secret that comes back. */
export async function stripeConnection(
  { db, secrets }: Pick<ListeningServer, "db" | "secrets">,
  location_id: string,
): Promise<{ id: string; url_key: string; secret: string }> {
  const id = randomUUID();
  const url_key = `sk${randomUUID().replaceAll("-", "")}`;
  const secret = `whsec_${randomUUID()}`;
  await sql(
    db,
    `INSERT INTO stripe_connections (location_id, id, url_key, mode, is_live, status, webhook_secret, created_at)
     VALUES ($1, $2, $3, 'webhook', false, 'connected', $4, now())`,
    [location_id, id, url_key, secrets.seal(secret, stripeSealOf({ location_id, id }, "webhook_secret"))],
  );
  return { id, url_key, secret };
}

export interface EventRow extends Record<string, unknown> {
  id: string;
  type: string;
  status: string;
  reason_code: string | null;
  detail: string | null;
  body: Buffer;
  headers: Record<string, string>;
  location_id: string | null;
  verification: string;
  is_late: boolean;
  attempts: number;
  next_attempt_at: number | null;
  told_at: number;
  contacts: string[];
}

export function eventsOf(db: Database, where: string, values: unknown[] = []): Promise<EventRow[]> {
  return sql<EventRow>(db, `SELECT * FROM webhook_events WHERE ${where} ORDER BY received_at, id`, values);
}
