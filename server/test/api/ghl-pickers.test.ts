import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeGhl } from "../../src/gateways/ghl/fake/fake-ghl.ts";
import { pollGhl } from "../../src/jobs/poll-ghl.ts";
import { writeBackBalances } from "../../src/jobs/write-back-balances.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createService, type Service } from "../../src/service.ts";
import { connectStudio, openProviders, type TestProviders } from "../connected-studio.ts";
import { callerOf, createLocation, createTestDatabase, sql, type Caller, type TestDatabase } from "../support.ts";
import { CONFIG } from "./listening-server.ts";

let database: TestDatabase;
let fake: FakeGhl;
let providers: TestProviders;
let service: Service;
let base_url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  fake = new FakeGhl({ sends_by_itself: false });
  fake.onDelivery = () => Promise.resolve(200);
  const api_base = await fake.start();
  providers = openProviders(database.db, fake, api_base);
  const { secrets } = providers;
  const ghl_app = { ...fake.app, api_base };
  const listening = { secrets, ghl_public_keys: [], sandbox_key: null, ghl_app, ghl_install_url: null };
  service = await createService(database.db, CONFIG, createLogger("silent"), listening);
  base_url = await service.app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  await service.close();
  await providers.context.ledger.close();
  await fake.stop();
  await database.drop();
});

const SCOPES = { scopes: ["manage", "grant"] };
const PACK = { key: "pack", name: "Ten classes", type: "package", credits_total: 10, calendars: ["placeholder"] };

/** A connected studio with a product of two prices and a calendar, all of them mapped to one product config. */
async function openStudio() {
  const location = await connectStudio(providers, fake, { products: [PACK], ...SCOPES });
  const { till, desk } = location.studio;
  const product_id = till.addProduct("Classes");
  const mapped = till.addPrice(product_id, { name: "Ten", amount: 120 });
  const other = till.addPrice(product_id, { name: "Monthly", amount: 99, interval: "month" });
  const calendars = { covered: desk.addCalendar("Yoga"), free: desk.addCalendar("Talks") };
  await sql(
    database.db,
    `UPDATE product_configs SET terms = terms || jsonb_build_object('ghl_product_id', $2::text, 'ghl_price_id', $3::text,
       'calendars', jsonb_build_array($4::text)) WHERE location_id = $1`,
    [location.uuid, product_id, mapped, calendars.covered],
  );
  const api: Caller = callerOf(base_url, location.token);
  const config = { id: location.products["pack"], name: "Ten classes", active: true };
  return { ...location, api, product_id, mapped, other, calendars, config };
}

const asked = (path: RegExp) => fake.requests.filter((request) => path.test(request.path)).length;

describe("What a person chooses from", () => {
  test("GET /ghl/products answers ghl_products_loaded: products with prices, each with the product configs that name it", async () => {
    const { api, product_id, mapped, other, config } = await openStudio();
    const { body } = await api.get("/ghl/products");
    expect(body).toMatchObject({
      ok: true,
      reason_code: "ghl_products_loaded",
      products: [
        {
          product_id,
          name: "Classes",
          product_configs: [config],
          prices: [
            { price_id: mapped, amount_cents: 12_000, price_type: "one_time", product_configs: [config] },
            { price_id: other, amount_cents: 9_900, interval: "month", product_configs: [] },
          ],
        },
      ],
    });
  });

  test("GET /ghl/calendars answers ghl_calendars_loaded: which product configs cover each", async () => {
    const { api, calendars, config } = await openStudio();
    const { body } = await api.get("/ghl/calendars");
    expect(body).toMatchObject({
      reason_code: "ghl_calendars_loaded",
      calendars: [
        { calendar_id: calendars.covered, name: "Yoga", product_configs: [config] },
        { calendar_id: calendars.free, name: "Talks", product_configs: [] },
      ],
    });
  });

  test("GET /ghl/contacts answers ghl_contacts_loaded: by part of a name, an address or a number", async () => {
    const { api, studio } = await openStudio();
    const contact_id = studio.desk.createContact({ first_name: "Zora", email: "zora@example.com", phone: "+15550199" });
    studio.desk.createContact({ first_name: "Ben" });
    for (const query of ["zor", "zora@ex", "0199"]) {
      const { body } = await api.get(`/ghl/contacts?query=${encodeURIComponent(query)}`);
      expect(body).toMatchObject({
        reason_code: "ghl_contacts_loaded",
        contacts: [{ contact_id, name: "Zora Moss", email: "zora@example.com", phone: "+15550199" }],
      });
    }
    expect((await api.get("/ghl/contacts")).status).toBe(400);
  });

  test("is asked for once while people look at it, and the mapping is always of now", async () => {
    const { api, uuid } = await openStudio();
    const before = asked(/^\/calendars\/$/);
    await Promise.all([api.get("/ghl/calendars"), api.get("/ghl/calendars")]);
    await sql(database.db, "UPDATE product_configs SET terms = terms - 'calendars' WHERE location_id = $1", [uuid]);
    const { body } = await api.get("/ghl/calendars");
    expect(asked(/^\/calendars\/$/) - before).toBe(1);
    expect(body).toMatchObject({ calendars: [{ product_configs: [] }, { product_configs: [] }] });
  });

  test("of another location is never shown", async () => {
    const mine = await openStudio();
    const theirs = await openStudio();
    const { status } = await mine.api.get(`/ghl/products?location_id=${theirs.location_id}`);
    expect(status).toBe(401);
    const { text } = await mine.api.get("/ghl/products");
    expect(text).toContain(mine.product_id);
    expect(text).not.toContain(theirs.product_id);
  });
});

describe("Without an answer of GoHighLevel", () => {
  test.each(["/ghl/products", "/ghl/calendars", "/ghl/contacts?query=a"])(
    "%s says NOT_CONNECTED where the location was never connected, or its permission has ended",
    async (path) => {
      const { token } = await createLocation(database.db, { products: [], ...SCOPES });
      const never = await callerOf(base_url, token).get(path);
      expect([never.status, never.body.ok, never.body.reason_code]).toEqual([200, false, "NOT_CONNECTED"]);
      const { api, uuid } = await openStudio();
      await sql(database.db, "UPDATE ghl_connections SET status = 'needs_reinstall' WHERE location_id = $1", [uuid]);
      expect((await api.get(path)).body.reason_code).toBe("NOT_CONNECTED");
    },
  );

  test("a picker says GHL_UNAVAILABLE where GoHighLevel refuses, and asks again the next time", async () => {
    const { api, studio } = await openStudio();
    fake.setActive(studio.location_id, false);
    fake.expireAccessTokens();
    const { body } = await api.get("/ghl/calendars");
    expect(body).toMatchObject({
      ok: false,
      reason_code: "GHL_UNAVAILABLE",
      why: expect.stringMatching(/./) as string,
    });
    fake.setActive(studio.location_id, true);
    expect((await api.get("/ghl/calendars")).body.reason_code).toBe("ghl_calendars_loaded");
  });
});

describe("How the connection stands", () => {
  test("GET /ghl/connection answers ghl_connection_loaded: what was read, what failed, whose balance is not shown", async () => {
    const { api, products } = await openStudio();
    await api.post("/grants", {
      request_id: "r1",
      external_payment_id: "p1",
      external_contact_id: "nobody-there",
      product_config_id: products["pack"],
    });
    expect((await api.get("/ghl/connection")).body).toMatchObject({
      connection: { status: "connected", polls: [], balances: { waiting: 1, troubled: [] } },
    });
    await writeBackBalances(providers.context);
    await pollGhl(providers.context);
    const { body } = await api.get("/ghl/connection");
    const { connection } = body as unknown as { connection: { polls: { kind: string; trouble: string | null }[] } };
    expect(connection).toMatchObject({
      balances: { waiting: 0, troubled: [{ external_contact_id: "nobody-there", is_given_up: true }] },
    });
    expect(connection.polls.map(({ kind, trouble }) => [kind, trouble])).toEqual([
      ["bookings", null],
      ["subscriptions", null],
      ["transactions", null],
      ["transactions_sweep", null],
    ]);
  });

  test("GET /ghl/connection of a location that is not connected says not_connected", async () => {
    const { token } = await createLocation(database.db, { products: [], ...SCOPES });
    const { body } = await callerOf(base_url, token).get("/ghl/connection");
    expect(body).toMatchObject({ connection: { status: "not_connected", ghl_location_id: null } });
  });
});
