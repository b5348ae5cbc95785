import { createPublicKey } from "node:crypto";
import { afterAll, beforeAll, expect } from "vitest";
import { FakeGhl } from "../../src/gateways/ghl/fake/fake-ghl.ts";
import { GhlAccounts } from "../../src/jobs/ghl-accounts.ts";
import { takeInstallation } from "../../src/jobs/take-installation.ts";
import { newConnectToken } from "../../src/operations/connections/oauth-state.ts";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { createLogger } from "../../src/platform/log.ts";
import { Secrets } from "../../src/platform/secrets.ts";
import { createService, type Service } from "../../src/service.ts";
import { createLocation, createTestDatabase, sql, type TestDatabase } from "../support.ts";
import { CONFIG } from "./listening-server.ts";

export const SECRET = "the-secret-of-these-tests";
export const secrets = new Secrets(SECRET);
export const fake = new FakeGhl();
export let database: TestDatabase;
let service: Service;
export let base_url: string;
export let api_base: string;
export let accounts: GhlAccounts;

beforeAll(async () => {
  database = await createTestDatabase();
  api_base = await fake.start();
  const app = { ...fake.app, api_base };
  const listening = {
    secrets,
    ghl_public_keys: [createPublicKey(fake.public_key)],
    sandbox_key: null,
    ghl_app: app,
    embed: { shared_secret: fake.shared_secret, launch_token: null, frame_origins: [] },
    ghl_install_url: "https://marketplace.test/v2/oauth/chooselocation?client_id=fakeapp-client",
  };
  service = await createService(database.db, CONFIG, createLogger("silent"), listening);
  base_url = await service.app.listen({ port: 0, host: "127.0.0.1" });
  fake.webhook_url = `${base_url}/webhooks/ghl`;
  accounts = new GhlAccounts(database.db, secrets, systemClock, app);
});

afterAll(async () => {
  await service.close();
  await fake.stop();
  await database.drop();
});

export async function openWorkspace(): Promise<{ key: string; id: string }> {
  const { workspace: key } = await createLocation(database.db, { products: [] });
  const [row] = await sql<{ id: string }>(database.db, "SELECT id FROM workspaces WHERE key = $1", [key]);
  return { key, id: row?.id ?? "" };
}

/** Follows the printed link as a browser does; answers the state that GoHighLevel would bring back, and the cookie. */
export async function begin(workspace_id: string): Promise<{ state: string; cookie: string; location: URL }> {
  const token = newConnectToken(secrets, systemClock, workspace_id);
  const response = await fetch(`${base_url}/connect/ghl?start=${encodeURIComponent(token)}`, { redirect: "manual" });
  expect(response.status).toBe(302);
  const location = new URL(response.headers.get("location") ?? "");
  const set_cookie = response.headers.get("set-cookie") ?? "";
  expect(set_cookie).toMatch(/HttpOnly; SameSite=Lax/);
  return { state: location.searchParams.get("state") ?? "", cookie: set_cookie.split(";")[0] ?? "", location };
}

export async function comeBack(query: Record<string, string>, cookie = ""): Promise<{ status: number; text: string }> {
  const response = await fetch(`${base_url}/oauth/ghl/callback?${new URLSearchParams(query).toString()}`, {
    headers: { cookie },
  });
  return { status: response.status, text: await response.text() };
}

export interface ConnectionRow extends Record<string, unknown> {
  id: string;
  status: string;
  workspace_id: string | null;
  location_id: string | null;
  access_token: string | null;
  refresh_token: string | null;
  location_status: string | null;
  name: string | null;
  timezone: string | null;
}

export async function connectionOf(
  company_id: string,
  ghl_location_id: string | null,
): Promise<ConnectionRow | undefined> {
  const [row] = await sql<ConnectionRow>(
    database.db,
    `SELECT c.*, l.status AS location_status, l.name, l.timezone FROM ghl_connections c
     LEFT JOIN locations l ON l.location_id = c.location_id
     WHERE c.company_id = $1 AND c.ghl_location_id IS NOT DISTINCT FROM $2`,
    [company_id, ghl_location_id],
  );
  return row;
}

export const context = () => ({ db: database.db, clock: systemClock, installations: accounts });

/** Delivers what GoHighLevel has to tell and takes it. */
export async function tellAndTake(): Promise<void> {
  await fake.drain();
  await new EventTaker(database.db, systemClock, async (event) => {
    const taken = await takeInstallation(context(), event);
    return taken ?? { status: "ignored", reason_code: "EVENT_UNUSED" };
  }).drain();
  await sql(database.db, "UPDATE webhook_events SET next_attempt_at = NULL, status = 'dead' WHERE status = 'failed'");
}

export async function installed(name = "Studio") {
  const workspace = await openWorkspace();
  const studio = fake.addLocation({ name, timezone: "Australia/Lord_Howe" });
  const { state, cookie } = await begin(workspace.id);
  const answer = await comeBack({ code: fake.install(studio.location_id), state }, cookie);
  expect(answer.status).toBe(200);
  expect(answer.text).toContain("Connected");
  const connection = await connectionOf(studio.company_id, studio.location_id);
  if (!connection) throw new Error("the installation was not recorded");
  return { workspace, studio, connection };
}
