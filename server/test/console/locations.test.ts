import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { locationUuid } from "../../src/platform/ids.ts";
import { postAuth } from "../api/embed-studio.ts";
import { callerOf, sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { openDesk, type Desk, type Seat } from "./desk.ts";

const server = useConsole();
const PACK = { key: "pack", type: "package", credits_total: 10, expiry_days: 30, calendars: ["yoga"] };
const SETTINGS = {
  name: "Lotus Yoga",
  timezone: "Europe/Berlin",
  currency: "EUR",
  cancellation_window_hours: 12,
  make_good_days: 14,
  auto_settle: true,
  no_show_penalty: 1,
  shows_balances: false,
};

async function listed(seat: Seat, location_id: unknown) {
  const { body } = await seat.of("GET", "/locations");
  return (body["locations"] as Record<string, unknown>[]).find((one) => one["location_id"] === location_id);
}

const check = (studio: Desk) =>
  callerOf(server.base_url, studio.token).post("/entitlements/check-eligibility", {
    external_contact_id: "maya",
    calendar_id: "yoga",
  });

const suspend = ({ workspace_id }: Desk) =>
  sql(server.db, "UPDATE workspaces SET billing_status = 'suspended' WHERE id = $1", [workspace_id]);

describe("A location without GoHighLevel", () => {
  test("is opened by name, under a key of its own, and is there at once", async () => {
    const studio = await openDesk(server);
    const wanted = { name: "Main", timezone: "Europe/Berlin" };
    const opened = await studio.admin.of("POST", "/locations", wanted);
    expect(opened.body).toMatchObject({ ok: true, key: "main-2", status: "active" });
    expect(await listed(studio.viewer, opened.body["location_id"])).toMatchObject({
      name: "Main",
      timezone: "Europe/Berlin",
      currency: "USD",
      sandbox: false,
      api_clients: 0,
      ghl: { status: "not_connected", last_webhook_at: null },
      stripe: { status: "not_connected" },
    });
    const path = `/locations/${String(opened.body["location_id"])}/product-configs`;
    expect((await studio.viewer.ask("GET", path)).body).toMatchObject({ ok: true, product_configs: [] });
  });

  test("is pending while billing does not allow it; a sandbox is never billed", async () => {
    const studio = await openDesk(server);
    await suspend(studio);
    const wanted = { name: "Second", timezone: "UTC" };
    expect((await studio.admin.of("POST", "/locations", wanted)).body).toMatchObject({ status: "pending" });
    const sandbox = await studio.admin.of("POST", "/locations", { ...wanted, sandbox: true });
    expect(sandbox.body).toMatchObject({ status: "active", key: "second-2" });
  });

  test.each([
    ["no name", { timezone: "UTC" }, "name", "is required"],
    ["no time zone", { name: "A", timezone: "Mars/Olympus" }, "timezone", /must be an IANA time zone/],
    ["a key that is taken", { name: "A", timezone: "UTC", key: "main" }, "key", "is another location's"],
  ])("with %s is refused beside the field", async (_, wanted, field, message) => {
    const studio = await openDesk(server);
    const { status, body } = await studio.admin.of("POST", "/locations", wanted);
    expect(status).toBe(400);
    expect(body["errors"]).toEqual([{ field, message: expect.stringMatching(message) }]);
  });

  test("is refused where a workspace has as many as it may have", async () => {
    const studio = await openDesk(server);
    await sql(
      server.db,
      `INSERT INTO locations (workspace_id, location_id, key, name, status, timezone, currency)
       SELECT $1, gen_random_uuid(), 'no-' || n, 'No ' || n, 'disconnected', 'UTC', 'USD' FROM generate_series(2, 1000) n`,
      [studio.workspace_id],
    );
    const refused = await studio.admin.of("POST", "/locations", { name: "One more", timezone: "UTC" });
    expect(refused.body).toMatchObject({ ok: false, reason_code: "LIMIT_REACHED", limit: 1000 });
  });

  test("is opened by nobody who may only look, or belongs elsewhere", async () => {
    const studio = await openDesk(server);
    const other = await openDesk(server);
    const wanted = { name: "Second", timezone: "UTC" };
    expect((await studio.viewer.of("POST", "/locations", wanted)).status).toBe(403);
    const path = `/workspaces/${studio.workspace_id}/locations`;
    expect((await other.owner.ask("POST", path, wanted)).status).toBe(404);
    expect((await other.owner.ask("GET", path)).status).toBe(404);
  });
});

describe("The staff embed of a sandbox", () => {
  test("is opened once by the address that its people are given, and told in the audit trail", async () => {
    const studio = await openDesk(server, { sandbox: true });
    const { body } = await studio.admin.at("POST", "/embed-launch");
    const address = new URL(body["path"] as string, server.base_url);
    expect(address.pathname + address.search).toBe(`/embed/dashboard?location_id=${studio.location_id}`);
    const payload = new URLSearchParams(address.hash.slice(1)).get("launch") ?? "";
    expect((await postAuth(server.base_url, { payload })).body).toMatchObject({ reason_code: "embed_opened" });
    expect((await postAuth(server.base_url, { payload })).status).toBe(401);
    const { body: trail } = await studio.owner.of("GET", "/audit-events?action=launch_embed");
    expect(trail["audit_events"]).toMatchObject([{ actor: studio.admin.email }]);
  });

  test("is no way into a live location, and none for whoever may only look", async () => {
    const live = await openDesk(server);
    expect((await live.admin.at("POST", "/embed-launch")).body.reason_code).toBe("NOT_A_SANDBOX");
    const sandbox = await openDesk(server, { sandbox: true });
    expect((await sandbox.viewer.at("POST", "/embed-launch")).status).toBe(403);
  });
});

describe("A workspace's name", () => {
  test("is not changed over the head of whoever changed it meanwhile", async () => {
    const studio = await openDesk(server);
    const { body } = await studio.owner.of("GET", "/settings");
    const rename = (name: string, expected_name?: unknown) =>
      studio.owner.of("PATCH", "/settings", { name, ...(expected_name !== undefined && { expected_name }) });
    expect((await rename("First", body["name"])).body).toMatchObject({ ok: true, name: "First" });
    expect((await rename("Second", body["name"])).body).toMatchObject({
      reason_code: "EDIT_CONFLICT",
      current: { name: "First" },
    });
    expect((await studio.owner.of("GET", "/settings")).body["name"]).toBe("First");
    expect((await rename("Third")).body).toMatchObject({ ok: true, name: "Third" });
  });
});

describe("Settings", () => {
  test("are changed under their version, and hold for the next decision", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const before = await studio.viewer.at("GET", "/settings");
    expect(before.body).toMatchObject({
      version: 1,
      settings: { cancellation_window_hours: 24, shows_balances: true },
    });
    const saved = await studio.admin.at("PUT", "/settings", { ...SETTINGS, expected_version: 1 });
    expect(saved.body).toMatchObject({ ok: true, version: 2 });
    const after = await studio.viewer.at("GET", "/settings");
    expect(after.body).toMatchObject({ version: 2, settings: SETTINGS });
    const late = await studio.owner.at("PUT", "/settings", { ...SETTINGS, name: "Mine", expected_version: 1 });
    expect(late.body).toMatchObject({
      reason_code: "EDIT_CONFLICT",
      current: SETTINGS,
      edits: [{ by: studio.admin.email, fields: expect.arrayContaining(["timezone", "no_show_penalty"]) }],
    });
  });

  test("of a location are not in the way of what is changed of its products meanwhile", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    await studio.admin.at("POST", "/api-clients", { name: "Bot", scopes: ["check"] });
    const saved = await studio.admin.at("PUT", "/settings", { ...SETTINGS, expected_version: 1 });
    expect(saved.body.ok).toBe(true);
  });

  test("that cannot be are told beside their fields, all at once", async () => {
    const studio = await openDesk(server);
    const wrong = {
      ...SETTINGS,
      timezone: "+02:00",
      currency: "euro",
      cancellation_window_hours: -1,
      expected_version: 1,
    };
    const { status, body } = await studio.admin.at("PUT", "/settings", wrong);
    expect(status).toBe(400);
    expect((body["errors"] as { field: string }[]).map(({ field }) => field)).toEqual([
      "timezone",
      "currency",
      "cancellation_window_hours",
    ]);
  });
});

describe("Taken out of use", () => {
  test("a location refuses its tokens at once, keeps its data, and serves again when it is taken into use", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    expect((await check(studio)).status).toBe(200);
    const out = await studio.admin.at("POST", "/disconnect", { reason: "closed for the winter" });
    expect(out.body).toMatchObject({ ok: true, status: "disconnected" });
    expect((await check(studio)).status).toBe(401);
    expect((await studio.admin.at("POST", "/disconnect", { reason: "again" })).body).toMatchObject({
      reason_code: "ALREADY_SO",
    });
    const products = await studio.viewer.at("GET", "/product-configs");
    expect(products.body["product_configs"]).toHaveLength(1);
    expect((await studio.admin.at("POST", "/reconnect")).body).toMatchObject({ ok: true, status: "active" });
    expect((await check(studio)).status).toBe(200);
  });

  test("it comes back pending where billing does not allow it", async () => {
    const studio = await openDesk(server);
    await studio.admin.at("POST", "/disconnect", { reason: "moved" });
    await suspend(studio);
    expect((await studio.admin.at("POST", "/reconnect")).body).toMatchObject({ status: "pending" });
  });
});

describe("A sandbox's clock", () => {
  test("moves forward, and books what falls due on the way", async () => {
    const studio = await openDesk(server, { sandbox: true, products: [PACK] });
    await callerOf(server.base_url, studio.token).post("/grants", {
      request_id: randomUUID(),
      external_payment_id: randomUUID(),
      external_contact_id: "maya",
      product_config_id: studio.products["pack"],
    });
    const moved = await studio.admin.at("POST", "/clock", { advance: "P40D" });
    expect(moved.body).toMatchObject({ ok: true, settled: 1 });
    const [expired] = await sql(
      server.db,
      "SELECT amount FROM ledger_entries WHERE location_id = $1 AND type = 'expire'",
      [locationUuid(studio.location_id)],
    );
    expect(expired).toEqual({ amount: 10 });
    const { body } = await studio.viewer.at("GET", "/health");
    const { now } = body["location"] as { now: string };
    expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(String(moved.body["now"])));
  });

  test("moves neither back nor by what is no time, and a live one not at all", async () => {
    const sandbox = await openDesk(server, { sandbox: true });
    const back = await sandbox.admin.at("POST", "/clock", { to: "2020-01-01T00:00:00Z" });
    expect(back.body["errors"]).toEqual([{ field: "to", message: expect.stringContaining("only moves forward") }]);
    const odd = await sandbox.admin.at("POST", "/clock", { advance: "a while" });
    expect(odd.body["errors"]).toEqual([{ field: "advance", message: expect.stringContaining("ISO 8601 duration") }]);
    const both = await sandbox.admin.at("POST", "/clock", {});
    expect(both.body["errors"]).toEqual([{ field: "advance", message: "is required (or to, and not both)" }]);
    const live = await openDesk(server);
    expect((await live.admin.at("POST", "/clock", { advance: "P1D" })).body.reason_code).toBe("NOT_A_SANDBOX");
  });
});
