import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeGhl, type FakeStudio } from "../../src/gateways/ghl/fake/fake-ghl.ts";
import { pollGhl } from "../../src/jobs/poll-ghl.ts";
import { pollStripe } from "../../src/jobs/poll-stripe.ts";
import { writeBackBalances } from "../../src/jobs/write-back-balances.ts";
import { newConnectToken } from "../../src/operations/connections/oauth-state.ts";
import { systemClock } from "../../src/platform/clock.ts";
import {
  connectStripe,
  connectStudio,
  openProviders,
  type ConnectedStudio,
  type TestProviders,
} from "../connected-studio.ts";
import { cleanUp, newServer, type ServerProcess } from "../faults/spawned-server.ts";
import { callerOf, sql, useServer, type Response } from "../support.ts";
import { startAngryProvider, type AngryProvider } from "./angry-provider.ts";
import { openFullStudio, type FullStudio } from "./full-studio.ts";
import { ghlBody, stripeConnection, stripeHeaders } from "./listening-server.ts";
import { requestsOf } from "./route-requests.ts";

const server = useServer();
cleanUp();

/** The one that `openProviders` seals with. */
const KOTALLY_SECRET = "the-secret-of-these-tests";
const canary = (name: string): string => `${name}canary${randomUUID().replaceAll("-", "").slice(0, 16)}`;
const EMAIL = `${canary("mail")}@acme.test`;
const PHONE = `+1212555${String(Math.floor(Math.random() * 10_000)).padStart(4, "0")}`;
const PERSON = canary("Maya");
const PASSWORD = canary("password");
const CLIENT_SECRET = canary("client");
const CODE = canary("code");
const RESTRICTED_KEY = `rk_test_${canary("key")}`;

const fake = new FakeGhl({ sends_by_itself: false });
fake.app.client_secret = CLIENT_SECRET;
let angry: AngryProvider;
let running: ServerProcess;
let studio: FullStudio;
let connected: ConnectedStudio;
let stripe: Awaited<ReturnType<typeof stripeConnection>>;
/** Everything secret or personal, by its name. */
const canaries = new Map<string, string>(
  Object.entries({ EMAIL, PHONE, PERSON, PASSWORD, CLIENT_SECRET, CODE, RESTRICTED_KEY, KOTALLY_SECRET }),
);
const answers: Response[] = [];
const pages: string[] = [];
const job_lines: string[] = [];

/** All that the server has written, and what its jobs have. */
const output = (): string => running.output + running.errors + job_lines.join("");

beforeAll(async () => {
  angry = await startAngryProvider(await fake.start(), [EMAIL, PHONE]);
  const providers = openProviders(server.db, fake, angry.base_url, { stripe_api_base: angry.base_url });
  studio = await openFullStudio(server, ["maya", "somebody"]);
  connected = await connectStudio(providers, fake, { scopes: ["manage", "grant", "summary"] });
  stripe = await stripeConnection({ db: server.db, secrets: providers.secrets }, studio.uuid);
  await connectStripe(providers, connected.uuid, RESTRICTED_KEY, "poll");
  running = await newServer({
    DATABASE_URL: server.url,
    LOG_LEVEL: "trace",
    KOTALLY_SECRET,
    GHL_CLIENT_ID: fake.app.client_id,
    GHL_CLIENT_SECRET: CLIENT_SECRET,
    GHL_INSTALL_URL: "https://marketplace.test/v2/oauth/chooselocation?client_id=fakeapp-client",
    GHL_API_BASE: angry.base_url,
    GHL_WEBHOOK_PUBLIC_KEYS: fake.public_key,
    STRIPE_API_BASE: angry.base_url,
    STRIPE_SETTLE_SECONDS: "0",
  });
  await running.start();
  fake.webhook_url = `${running.base_url}/webhooks/ghl`;
  canaries.set("token", studio.token.split("_")[2] ?? "");
  canaries.set("token of the connected", connected.token.split("_")[2] ?? "");
  canaries.set("whsec", stripe.secret);
  await askEverything();
  await installEverything(providers.secrets, connected.studio);
  await deliverEverything(connected.studio);
  await breakEverything();
  await pollEverything(providers);
  running.signal("SIGTERM");
  await running.ended;
  for (const [i, token] of [...angry.tokens].entries()) canaries.set(`token ${i} of GoHighLevel`, token);
}, 60_000);

afterAll(async () => {
  await angry.stop();
  await fake.stop();
});

/** Every route of the API with a canary wherever a client could put one. */
async function askEverything(): Promise<void> {
  const { token } = studio;
  const strange = {
    token,
    password: PASSWORD,
    email: EMAIL,
    phone: PHONE,
    reason: PERSON,
    nested: { secret: PASSWORD },
  };
  const query = new URLSearchParams({ token, contact: EMAIL, search: PHONE, type: PERSON, query: EMAIL }).toString();
  for (const { path, body } of Object.values(requestsOf(studio, studio.members[0]!, randomUUID()))) {
    const odd = path.replace(/[^/]+$/, encodeURIComponent(`${PASSWORD} ${EMAIL}`));
    for (const whose of [token, connected.token]) {
      const outside = callerOf(running.base_url, whose);
      if (body === null) {
        const more = `${path.includes("?") ? "&" : "?"}${query}`;
        answers.push(await outside.get(path), await outside.get(`${path}${more}`), await outside.get(odd));
        answers.push(await outside.get(`${path}${more}&cursor=${token}&limit=${PASSWORD}`));
      } else {
        answers.push(await outside.post(path, { ...body, ...strange, request_id: randomUUID() }));
        answers.push(
          await outside.post(`${path}?${query}`, { ...strange, items: PASSWORD, amount: EMAIL, from: PHONE }),
        );
        answers.push(await outside.post(path, `{"reason":"${PASSWORD}","email":"${EMAIL}"`));
        answers.push(await outside.post(odd, body));
      }
    }
    answers.push(await callerOf(running.base_url, PASSWORD).get(`${path}?${query}`));
  }
}

/** The link, the way to GoHighLevel and the way back: as it should be, with a code that is void, and refused with words. */
async function installEverything(
  secrets: Parameters<typeof newConnectToken>[0],
  { company_id }: FakeStudio,
): Promise<void> {
  const [workspace] = await sql<{ workspace_id: string }>(
    server.db,
    "SELECT workspace_id FROM locations WHERE location_id = $1",
    [connected.uuid],
  );
  const start = newConnectToken(secrets, systemClock, workspace?.workspace_id ?? "");
  canaries.set("link", start.split(".").at(-1) ?? "");
  const visit = async (path: string, cookie = "") => {
    const answer = await fetch(`${running.base_url}${path}`, { headers: { cookie }, redirect: "manual" });
    pages.push(await answer.text());
    return answer;
  };
  for (const mood of [null, 400, 401, 500]) {
    const begun = await visit(`/connect/ghl?start=${encodeURIComponent(start)}`);
    const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? "";
    const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
    canaries.set(`state ${mood}`, state.split(".").at(-1) ?? "").set(`nonce ${mood}`, cookie.split("=")[1] ?? "");
    const code = mood === null ? fake.install(fake.addLocation({ company_id }).location_id) : CODE;
    canaries.set(`code ${mood}`, code);
    angry.mood = mood;
    const back = `/oauth/ghl/callback?${new URLSearchParams({ code, state, email: EMAIL }).toString()}`;
    expect((await visit(back, cookie)).status).toBe(mood === null ? 200 : 502);
    expect((await visit(back, cookie)).status).toBe(400);
    angry.mood = null;
  }
  await visit(`/connect/ghl?start=${PASSWORD}`);
  await visit(`/oauth/ghl/callback?code=${CODE}&code=${CODE}&state=${PASSWORD}`, `kotally_ghl_install=${PASSWORD}`);
}

/** Webhooks with personal data: taken well, and taken while GoHighLevel refuses everything with words. */
async function deliverEverything({ desk, till }: FakeStudio): Promise<void> {
  const person = { first_name: PERSON, last_name: PERSON, email: EMAIL, phone: PHONE };
  const contact_id = desk.createContact(person);
  const calendar_id = desk.addCalendar("Yoga");
  const price_id = till.addPrice(till.addProduct(PERSON), { amount: 100 });
  await fake.drain();
  for (const mood of [null, 500, 401]) {
    angry.mood = mood;
    desk.book({ calendar_id, contact_id, starts_at: Date.now() + 86_400_000 });
    desk.createContact({ ...person, email: `${canary("mail")}${EMAIL}` });
    fake.expireAccessTokens();
    await fake.drain();
    for (const path of ["products", "calendars", `contacts?query=${encodeURIComponent(PHONE)}`])
      answers.push(await callerOf(running.base_url, connected.token).get(`/ghl/${path}`));
    const asked = encodeURIComponent(`${PHONE} ${EMAIL} ${mood}`);
    answers.push(await callerOf(running.base_url, connected.token).get(`/ghl/contacts?query=${asked}`));
    till.sell(contact_id, [{ price_id, quantity: 1 }]);
    await untilTaken();
  }
  angry.mood = null;
  const post = async (path: string, body: string, headers: Record<string, string>) => {
    const answer = await fetch(`${running.base_url}${path}`, { method: "POST", body, headers });
    pages.push(await answer.text());
    return answer.status;
  };
  const forged = ghlBody({ email: EMAIL, phone: PHONE, firstName: PERSON, token: PASSWORD });
  expect(await post("/webhooks/ghl", forged, { "x-ghl-signature": PASSWORD })).toBe(401);
  const event = { id: `evt_${randomUUID()}`, object: "event", created: Math.floor(Date.now() / 1000) };
  const customer = { id: "cus_1", object: "customer", email: EMAIL, phone: PHONE, name: PERSON };
  const body = JSON.stringify({
    ...event,
    type: "charge.succeeded",
    data: { object: { ...customer, receipt_email: EMAIL } },
  });
  const url = `/webhooks/stripe/${stripe.url_key}`;
  expect(await post(url, body, stripeHeaders(body, stripe.secret))).toBe(200);
  expect(await post(url, body, stripeHeaders(body, PASSWORD))).toBe(401);
  expect(await post(`/webhooks/stripe/${PASSWORD}`, body, stripeHeaders(body, stripe.secret))).toBe(404);
  await untilTaken();
}

/** The jobs that ask providers by themselves, while those refuse with words. */
async function pollEverything({ context }: TestProviders): Promise<void> {
  const log = pino({ level: "trace" }, { write: (line: string) => void job_lines.push(line) });
  for (const status of [400, 401, 500]) {
    angry.mood = status;
    await sql(server.db, "UPDATE ghl_polls SET next_at = now()");
    await sql(server.db, "UPDATE stripe_connections SET polled_at = now() - interval '1 day'");
    await pollGhl({ ...context, log });
    await pollStripe({ ...context, log });
    await writeBackBalances({ ...context, log });
  }
  angry.mood = null;
}

/** Faults of the database whose report holds the whole row, on each way into it. */
async function breakEverything(): Promise<void> {
  await sql(
    server.db,
    `CREATE FUNCTION report_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'fault with ${EMAIL}' USING DETAIL = NEW::text, HINT = '${PHONE}', ERRCODE = '23514';
     END $$`,
  );
  for (const table of ["ledger_entries", "contacts", "webhook_events"]) {
    await sql(server.db, `CREATE TRIGGER fault BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION report_row()`);
    const api = callerOf(running.base_url, studio.token);
    const adjusted = { request_id: randomUUID(), amount: -1, reason: `${PERSON} ${EMAIL}`, phone: PHONE };
    answers.push(await api.post("/contacts/somebody/adjust", adjusted));
    const bought = { product_config_id: studio.product("pack"), external_payment_id: randomUUID() };
    const person = { external_contact_id: EMAIL, email: EMAIL, phone: PHONE, name: PERSON };
    answers.push(await api.post("/grants", { request_id: randomUUID(), ...bought, ...person }));
    connected.studio.desk.createContact({ first_name: PERSON, last_name: PERSON, email: EMAIL });
    await fake.sendDue();
    await sleep(300);
    await sql(server.db, `DROP TRIGGER fault ON ${table}`);
  }
}

/** Waits until nothing that came is left untouched. */
async function untilTaken(): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    const [row] = await sql<{ count: number }>(
      server.db,
      "SELECT count(*)::int AS count FROM webhook_events WHERE status = 'received'",
    );
    if (row?.count === 0) return;
    await sleep(50);
  }
}

describe("secrets and personal data through every new door", () => {
  test("were really sent: requests were answered, refused, failed, and the providers spoke", async () => {
    const codes = new Set(answers.map(({ status }) => status));
    for (const status of [200, 400, 401, 404, 500]) expect(codes).toContain(status);
    expect(angry.refused).toBeGreaterThan(5);
    expect(angry.tokens.size).toBeGreaterThan(2);
    for (const line of [
      "a command failed",
      "a GoHighLevel installation failed",
      "deliveries could not be stored",
      "Stripe could not be read",
      "GoHighLevel could not be read",
    ])
      expect(output()).toContain(line);
    const kept = await sql(server.db, "SELECT 1 FROM webhook_events WHERE convert_from(body, 'UTF8') LIKE $1", [
      `%${EMAIL}%`,
    ]);
    expect(kept.length).toBeGreaterThan(2);
    for (const [name, value] of canaries) expect({ name, length: value.length > 8 }).toEqual({ name, length: true });
  });

  test("never appear in the log, in whatever line and case", () => {
    const lines = output().toLowerCase().split("\n");
    for (const [name, value] of canaries) {
      const found = lines.filter((line) => line.includes(value.toLowerCase()));
      expect({ name, found }).toEqual({ name, found: [] });
    }
  });

  test("never appear in a refusal or an error", () => {
    const refusals = [...answers.filter(({ body }) => !body.ok).map(({ text }) => text), ...pages];
    for (const [name, value] of canaries) {
      const found = refusals.filter((text) => text.toLowerCase().includes(value.toLowerCase()));
      expect({ name, found }).toEqual({ name, found: [] });
    }
  });

  test("secrets lie nowhere in the database in clear, and nothing personal in the words of a failure", async () => {
    const personal = new Set(["EMAIL", "PHONE", "PERSON"]);
    const tables = ["ghl_connections", "stripe_connections", "webhook_attempts", "ghl_polls", "audit_events"];
    for (const table of [...tables, "oauth_states", "api_clients", "balance_write_backs"]) {
      const rows = await sql<{ row: string }>(server.db, `SELECT t::text AS row FROM ${table} t`);
      for (const [name, value] of canaries) {
        const is_kept = personal.has(name) && table === "audit_events";
        const found = is_kept ? [] : rows.filter(({ row }) => row.includes(value));
        expect({ table, name, found }).toEqual({ table, name, found: [] });
      }
    }
  });
});
