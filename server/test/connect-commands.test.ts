import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeGhl } from "../src/gateways/ghl/fake/fake-ghl.ts";
import { SAMPLES } from "../src/gateways/samples.ts";
import { FakeStripe } from "../src/gateways/stripe/fake/fake-stripe.ts";
import { systemClock } from "../src/platform/clock.ts";
import { locationUuid } from "../src/platform/ids.ts";
import { connectedLocation } from "./api/listening-server.ts";
import { kotally } from "./command-line.ts";
import { cleanUp, newDirectory, newServer, type ServerProcess, type Settings } from "./faults/spawned-server.ts";
import { createLocation, createTestDatabase, sql, type TestDatabase } from "./support.ts";

cleanUp();
const directory = newDirectory();
const ghl = new FakeGhl();
const stripe = new FakeStripe({ clock: systemClock, is_live: true });
let database: TestDatabase;
let server: ServerProcess;
let settings: Settings;

beforeAll(async () => {
  database = await createTestDatabase();
  settings = {
    DATABASE_URL: database.url,
    KOTALLY_DATA_DIR: join(directory, ".kotally"),
    GHL_CLIENT_ID: ghl.app.client_id,
    GHL_CLIENT_SECRET: ghl.app.client_secret,
    GHL_INSTALL_URL: "https://marketplace.test/v2/oauth/chooselocation",
    GHL_API_BASE: await ghl.start(),
    GHL_WEBHOOK_PUBLIC_KEYS: ghl.public_key.replaceAll("\n", String.raw`\n`),
    STRIPE_API_BASE: await stripe.start(),
    STRIPE_SETTLE_SECONDS: "2",
  };
  server = await newServer(settings);
  settings["PUBLIC_URL"] = server.base_url;
  server.settings["PUBLIC_URL"] = server.base_url;
  await server.start();
});

afterAll(async () => {
  await server.kill();
  await ghl.stop();
  await stripe.stop();
  await database.drop();
});

const run = (...args: string[]) => kotally([...args, "--json"], settings, directory);

const reference = ({ workspace, key }: { workspace: string; key: string }) => `${workspace}/${key}`;

describe("kotally connect ghl, installations", { timeout: 60_000 }, () => {
  test("prints a link that leads to GoHighLevel, for a workspace that is there", async () => {
    const { workspace } = await connectedLocation(database.db);
    const { json } = await run("connect", "ghl", workspace);
    const response = await fetch(String(json?.["url"]), { redirect: "manual" });
    expect(response.headers.get("location")).toMatch(/^https:\/\/marketplace\.test\/v2\/oauth\/chooselocation\?state=/);
    expect(await run("connect", "ghl", "nobody")).toMatchObject({
      code: 1,
      stderr: "There is no workspace with the key nobody.\n",
    });
  });

  test("lists what is installed, and claims it for a workspace", async () => {
    const { workspace } = await connectedLocation(database.db);
    const studio = ghl.addLocation({ name: "Claimed Studio", timezone: "Europe/Berlin" });
    const code = ghl.install(studio.location_id);
    await fetch(`${server.base_url}/oauth/ghl/callback?code=${code}`);
    const listed = (await run("installations")).json?.["installations"] as Record<string, unknown>[];
    const mine = listed.find(({ ghl_location_id }) => ghl_location_id === studio.location_id);
    expect(mine).toMatchObject({ status: "unclaimed", workspace_id: null });
    const claimed = await run("installations", "--claim", String(mine?.["id"]), "--workspace", workspace);
    expect(claimed.code).toBe(0);
    const rows = await sql(
      database.db,
      "SELECT name, timezone, status, key FROM locations WHERE ghl_location_id = $1",
      [studio.location_id],
    );
    expect(rows).toEqual([
      { name: "Claimed Studio", timezone: "Europe/Berlin", status: "active", key: "claimed-studio" },
    ]);
    // What the studio's products are mapped by, in a file.
    const named = claimed.json?.["installations"] as Record<string, unknown>[];
    expect(named.find(({ id }) => id === mine?.["id"])).toMatchObject({ location: `${workspace}/claimed-studio` });
  });
});

describe("kotally connect stripe", { timeout: 60_000 }, () => {
  const connectionsOf = (location_id: string) =>
    sql(
      database.db,
      "SELECT mode, is_live, status, restricted_key, webhook_secret FROM stripe_connections WHERE location_id = $1 ORDER BY created_at",
      [location_id],
    );

  test("checks the key, makes its own endpoint, and the account's events arrive; nothing is kept in clear", async () => {
    const location = await connectedLocation(database.db);
    const key = stripe.addKey();
    const { code, json } = await run("connect", "stripe", reference(location), "--key", key);
    expect({ code, json }).toMatchObject({ code: 0, json: { mode: "webhook", is_live: true } });
    const [connection] = await connectionsOf(location.uuid);
    expect(connection).toMatchObject({ mode: "webhook", status: "connected" });
    expect(connection?.["restricted_key"]).toMatch(/^s1\./);
    const customer = stripe.createCustomer({ metadata: { contact_id: "maya" } }).id;
    const price = stripe.createPrice({ product: stripe.createProduct("Pack").id, unit_amount: 5000 }).id;
    stripe.pay({ customer, price });
    const arrived = "SELECT DISTINCT verification FROM webhook_events WHERE location_id = $1 AND provider = 'stripe'";
    await expect
      .poll(() => sql(database.db, arrived, [location.uuid]), { timeout: 10_000 })
      .toEqual([{ verification: "verified" }]);
    const everything = await sql<{ text: string }>(
      database.db,
      "SELECT to_jsonb(c)::text AS text FROM stripe_connections c",
    );
    const text = everything.map((row) => row.text).join("\n") + server.output + server.errors;
    expect(text).not.toContain(key);
    expect(text).not.toContain("whsec_");

    expect((await run("connect", "stripe", reference(location), "--disconnect")).json).toMatchObject({
      disconnected: true,
    });
    expect(await connectionsOf(location.uuid)).toEqual([
      { mode: "webhook", is_live: true, status: "disconnected", restricted_key: null, webhook_secret: null },
    ]);
  });

  test("takes a secret that was made by hand, or polls", async () => {
    const location = await connectedLocation(database.db);
    const key = stripe.addKey();
    await run("connect", "stripe", reference(location), "--key", key, "--webhook-secret", "whsec_by_hand");
    expect((await run("connect", "stripe", reference(location), "--key", key, "--poll")).json).toMatchObject({
      mode: "poll",
    });
    expect(await connectionsOf(location.uuid)).toMatchObject([
      { mode: "webhook", status: "disconnected" },
      { mode: "poll", status: "connected", webhook_secret: null },
    ]);
  });

  test.each([
    ["sk_live_1234567890", /secret key \(sk_\), which could move money/],
    ["pk_live_1234567890", /publishable key/],
    ["whatever", /no restricted key/],
    ["rk_live_nobodyknowsthis", /Stripe does not know that key/],
  ])("refuses %s with a sentence that does not repeat it", async (key, sentence) => {
    const location = await connectedLocation(database.db);
    const { code, stderr } = await run("connect", "stripe", reference(location), "--key", key);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain(key);
    expect(await connectionsOf(location.uuid)).toEqual([]);
  });

  test("says that Stripe does not answer, and keeps nothing", async () => {
    const location = await connectedLocation(database.db);
    stripe.setWeather({ api_failing: 1 });
    const { code, stderr } = await run("connect", "stripe", reference(location), "--key", stripe.addKey(), "--poll");
    stripe.setWeather({});
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The key could not be checked \(Stripe: unavailable\): try again when Stripe answers\.\n$/);
    expect(await connectionsOf(location.uuid)).toEqual([]);
  });

  test("names what a key may not read, and opens no live account to a sandbox", async () => {
    const location = await connectedLocation(database.db);
    const narrow = stripe.addKey(["charges", "events"]);
    expect((await run("connect", "stripe", reference(location), "--key", narrow)).stderr).toMatch(
      /may not read: .*refunds/,
    );
    const sandbox = await connectedLocation(database.db, { sandbox: true });
    const { stderr } = await run("connect", "stripe", reference(sandbox), "--key", stripe.addKey(), "--poll");
    expect(stderr).toMatch(/A sandbox listens to no live account/);
  });
});

describe("kotally send", { timeout: 60_000 }, () => {
  test("ghl EVENT: a signed sample of the sandbox's own, with what was set", async () => {
    const sandbox = await connectedLocation(database.db, { sandbox: true });
    const wishes = ["--set", "appointment.status=cancelled", "appointment.calendarId=cal_yoga"];
    const { code, json } = await run(
      "send",
      "ghl",
      "AppointmentCreate",
      "--location",
      reference(sandbox),
      "--contact",
      "maya",
      ...wishes,
    );
    expect({ code, json }).toMatchObject({
      code: 0,
      json: { status: 200, answer: { reason_code: "webhook_received" } },
    });
    expect(json?.["sent"]).toMatchObject({
      locationId: sandbox.ghl_location_id,
      appointment: { contactId: "maya", appointmentStatus: "cancelled", calendarId: "cal_yoga" },
    });
    const kept = await sql(database.db, "SELECT type, verification FROM webhook_events WHERE location_id = $1", [
      sandbox.uuid,
    ]);
    expect(kept).toEqual([{ type: "AppointmentCreate", verification: "sandbox" }]);
  });

  test("stripe EVENT: signed with a connection that is made for the sandbox", async () => {
    const sandbox = await connectedLocation(database.db, { sandbox: true });
    for (const event of ["invoice.paid", "refund.created"]) {
      const { code, json } = await run("send", "stripe", event, "--location", reference(sandbox), "--contact", "maya");
      expect({ code, json }).toMatchObject({ code: 0, json: { status: 200, sent: { type: event, livemode: false } } });
    }
    const kept = await sql(
      database.db,
      "SELECT count(DISTINCT connection_id)::int AS connections, count(*)::int AS events FROM webhook_events WHERE location_id = $1",
      [sandbox.uuid],
    );
    expect(kept).toEqual([{ connections: 1, events: 2 }]);
  });

  test("stripe EVENT: a payment waits for GoHighLevel's as long as it is told to, and then is granted, not a minute later", async () => {
    const product = { key: "monthly", name: "Monthly", type: "membership", monthly_credits: 8, calendars: ["yoga"] };
    const sandbox = await createLocation(database.db, {
      sandbox: true,
      products: [{ ...product, stripe_product_id: "prod_SampleMembership" }],
    });
    const waited = async () => {
      const rows = await sql<{ seconds: number }>(
        database.db,
        `SELECT extract(epoch FROM e.recorded_at - p.recorded_at)::float8 AS seconds
         FROM payment_events p JOIN ledger_entries e ON e.location_id = p.location_id AND e.contact_id = p.contact_id
         WHERE p.location_id = $1 AND p.status = 'recorded'`,
        [locationUuid(sandbox.location_id)],
      );
      return rows.map(({ seconds }) => seconds);
    };
    for (const [i, contact] of ["ann", "ben", "cleo"].entries()) {
      await run("send", "stripe", "invoice.paid", "--location", reference(sandbox), "--contact", contact);
      await expect.poll(waited, { timeout: 10_000 }).toHaveLength(i + 1);
    }
    // Three that came one after the other: the timer of each minute would not suffice.
    for (const seconds of await waited()) {
      expect(seconds).toBeGreaterThan(1.9);
      expect(seconds).toBeLessThan(10);
    }
  });

  test("goes to sandboxes only, and names the samples that there are", async () => {
    const live = await connectedLocation(database.db);
    expect((await run("send", "ghl", "OrderCreate", "--location", reference(live))).stderr).toMatch(/is not a sandbox/);
    const sandbox = await connectedLocation(database.db, { sandbox: true });
    const unknown = await run("send", "ghl", "Nothing", "--location", reference(sandbox));
    expect(unknown.stderr).toMatch(/no sample of Nothing; there are: INSTALL, UNINSTALL, AppointmentCreate/);
  });
});

test.each(SAMPLES.stripe_names())("there is a sample of Stripe's %s", (name) => {
  const sample = SAMPLES.stripe(name, {
    contact_id: "maya",
    now: Date.now(),
    set: [{ path: "data.object.x", value: 1 }],
  });
  expect(JSON.parse(sample ?? "null")).toMatchObject({ type: name, livemode: false, data: { object: { x: 1 } } });
});

test("there are samples of payments, refunds, disputes and subscriptions", () => {
  expect(SAMPLES.stripe_names()).toEqual(
    expect.arrayContaining([
      "checkout.session.completed",
      "payment_intent.succeeded",
      "charge.refunded",
      "refund.created",
      "refund.updated",
      "charge.dispute.created",
      "charge.dispute.closed",
      "invoice.paid",
      "invoice.payment_failed",
      "customer.subscription.created",
      "customer.subscription.updated",
      "customer.subscription.deleted",
    ]),
  );
});
