import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { sealUserContext, type GhlUserContext } from "../../src/gateways/ghl/user-context.ts";
import type { EmbedSettings } from "../../src/listening.ts";
import { syncBooking } from "../../src/operations/bookings/sync-booking.ts";
import { submitOwn } from "../../src/operations/credits/submit-own.ts";
import type { Database } from "../../src/platform/database.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { createLogger } from "../../src/platform/log.ts";
import { Secrets } from "../../src/platform/secrets.ts";
import type { BookingVersion } from "../../src/rules/bookings/booking-version.ts";
import { DAY, HOUR } from "../../src/rules/time/local-days.ts";
import { createService, type Service } from "../../src/service.ts";
import { createTestDatabase, sql, type Response } from "../support.ts";
import { CONFIG, connectedLocation, newKeys } from "./listening-server.ts";
import { openStudio } from "./studio.ts";

export const SHARED_SECRET = "the-shared-secret-of-the-app";
export const LAUNCH_TOKEN = "the-token-of-the-launcher";
export const secrets = new Secrets("the-secret-of-these-tests");

export interface EmbedServer {
  db: Database;
  base_url: string;
  service: Service;
}

/** A server that GoHighLevel's users come to, for the tests of one file. */
export function useEmbedServer(settings: Partial<EmbedSettings> | (() => Partial<EmbedSettings>) = {}): EmbedServer {
  const server = {} as EmbedServer;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createTestDatabase();
    drop = database.drop;
    const { publicKey } = newKeys().ghl;
    const embed = typeof settings === "function" ? settings() : settings;
    const service = await createService(database.db, CONFIG, createLogger("silent"), {
      secrets,
      ghl_public_keys: [publicKey],
      sandbox_key: null,
      ghl_app: null,
      ghl_install_url: null,
      embed: {
        shared_secret: SHARED_SECRET,
        launch_token: LAUNCH_TOKEN,
        frame_origins: ["https://crm.test"],
        door_per_second: 1000,
        ...embed,
      },
    });
    const base_url = await service.app.listen({ port: 0, host: "127.0.0.1" });
    Object.assign(server, { db: database.db, service, base_url });
  });
  afterAll(async () => {
    await server.service.close();
    await drop();
  });
  return server;
}

export type Installed = Awaited<ReturnType<typeof install>>;

/** A location that an agency has installed the app in. */
export async function install(db: Database, settings: Record<string, unknown> = {}) {
  const location = await connectedLocation(db, settings);
  const company_id = `agency-${randomUUID()}`;
  await connect(db, { ...location, company_id });
  return { ...location, company_id };
}

export async function connect(
  db: Database,
  { uuid, company_id, ghl_location_id }: { uuid: string; company_id: string; ghl_location_id: string | null },
  fields: { whitelabel_domain?: string | null } = {},
): Promise<void> {
  await sql(
    db,
    `INSERT INTO ghl_connections (id, company_id, ghl_location_id, workspace_id, location_id, user_type, status, whitelabel_domain,
       installed_at, updated_at)
     SELECT $1, $2, $3, workspace_id, CASE WHEN $3::text IS NULL THEN NULL ELSE location_id END,
       CASE WHEN $3::text IS NULL THEN 'Company' ELSE 'Location' END, 'connected', $5, now(), now()
     FROM locations WHERE location_id = $4`,
    [randomUUID(), company_id, ghl_location_id, uuid, fields.whitelabel_domain ?? null],
  );
}

/** What GoHighLevel says of somebody at the front desk of that location. */
export function contextOf(
  { company_id, ghl_location_id }: { company_id: string; ghl_location_id: string },
  fields: Partial<GhlUserContext> = {},
): GhlUserContext {
  return {
    user_id: "zoe-at-the-desk",
    company_id,
    ghl_location_id,
    role: "user",
    type: "location",
    user_name: "Zoë Lindqvist",
    email: "zoe@studio.test",
    ...fields,
  };
}

export async function postAuth(
  base_url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(`${base_url}/embed/auth`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return read(response);
}

/** Comes as GoHighLevel's page does, and answers with the token. */
export async function comeIn(
  base_url: string,
  place: { company_id: string; ghl_location_id: string },
  fields: Partial<GhlUserContext> = {},
): Promise<string> {
  const { body } = await postAuth(base_url, { payload: sealUserContext(contextOf(place, fields), SHARED_SECRET) });
  if (typeof body["token"] !== "string") throw new Error(`nobody was let in: ${JSON.stringify(body)}`);
  return body["token"];
}

export async function look(base_url: string, token: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(`${base_url}/api/embed${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
  });
  return read(response);
}

async function read(response: globalThis.Response): Promise<Response> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Response["body"] };
}

/** A studio with a token of its own, in which that agency has installed the app. */
export async function openInstalled(server: EmbedServer, settings: Parameters<typeof openStudio>[1] = {}) {
  const studio = await openStudio({ ...server, url: "" }, settings);
  const uuid = locationUuid(studio.location_id) ?? "";
  const place = { uuid, company_id: `agency-${randomUUID()}`, ghl_location_id: `ghl-${randomUUID()}` };
  const named = "UPDATE locations SET ghl_location_id = $2, version = version + 1 WHERE location_id = $1";
  await sql(server.db, named, [uuid, place.ghl_location_id]);
  await connect(server.db, place);
  return { ...studio, ...place };
}

/** A booking as GoHighLevel tells of it. */
export async function book(
  server: EmbedServer,
  { uuid }: { uuid: string },
  member: { id: string },
  told: Partial<BookingVersion> & { starts_at: number },
): Promise<string> {
  const version: BookingVersion = {
    external_id: `booking-${randomUUID()}`,
    contact_external_id: member.id,
    calendar_id: "yoga",
    status: "confirmed",
    ends_at: told.starts_at + HOUR,
    added_at: Date.now() - DAY,
    updated_at: Date.now() - DAY,
    payload_hash: randomUUID(),
    ...told,
  };
  const cause = { source: "ghl", urgency: "interactive", is_level: true } as const;
  const input = { contact_external_id: member.id, version };
  const answer = await submitOwn(server.service.ledger, syncBooking, uuid, input, cause);
  if (answer.kind !== "answered") throw new Error(JSON.stringify(answer));
  return version.external_id;
}
