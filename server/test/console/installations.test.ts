import { createPublicKey } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { FakeGhl } from "../../src/gateways/ghl/fake/fake-ghl.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { sql } from "../support.ts";
import { PUBLIC_URL, useConsole } from "./console-server.ts";
import { openDesk, type Desk, type Seat } from "./desk.ts";

const fake = new FakeGhl();
const api_base = await fake.start();
const server = useConsole(
  {},
  {
    ghl_app: { ...fake.app, api_base },
    ghl_install_url: "https://marketplace.test/v2/oauth/chooselocation",
    ghl_public_keys: [createPublicKey(fake.public_key)],
  },
);
const off = useConsole();

afterAll(() => fake.stop());

/** Follows the console's link in the browser of whoever asked for it, and installs. */
async function install(seat: Seat, ghl_location_id: string) {
  const { body } = await seat.of("POST", "/ghl/connect-link");
  const link = String(body["url"]).replace(PUBLIC_URL, "");
  const begun = await seat.visitor.get(link);
  const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? "";
  const query = new URLSearchParams({ code: fake.install(ghl_location_id), state });
  return seat.visitor.get(`/oauth/ghl/callback?${query.toString()}`);
}

async function locationOf(studio: Desk, name: string) {
  const { body } = await studio.viewer.of("GET", "/locations");
  return (body["locations"] as Record<string, unknown>[]).find((one) => one["name"] === name);
}

/** What somebody is left with who installs from GoHighLevel's own marketplace. */
async function installFromMarketplace(name: string) {
  const studio = fake.addLocation({ name, timezone: "Europe/Berlin" });
  const { text } = await server.visitor().get(`/oauth/ghl/callback?code=${fake.install(studio.location_id)}`);
  const token = /admin\/claim#([\w.-]+)/.exec(text)?.[1] ?? "";
  return { studio, token, text };
}

describe("From the console", () => {
  test("the app is installed, and the browser comes back to the workspace's locations", async () => {
    const studio = await openDesk(server);
    const ghl = fake.addLocation({ name: "Lotus Yoga", timezone: "Australia/Lord_Howe" });
    const back = await install(studio.admin, ghl.location_id);
    expect(back.status).toBe(302);
    expect(back.headers.get("location")).toBe(`${PUBLIC_URL}/admin/workspaces/${studio.workspace_id}/locations`);
    expect(await locationOf(studio, "Lotus Yoga")).toMatchObject({
      status: "active",
      timezone: "Australia/Lord_Howe",
      ghl: { status: "connected", ghl_location_id: ghl.location_id },
    });
  });

  test("the link is good only for somebody who may connect in that workspace", async () => {
    const studio = await openDesk(server);
    const other = await openDesk(server);
    const { body } = await studio.admin.of("POST", "/ghl/connect-link");
    const link = String(body["url"]).replace(PUBLIC_URL, "");
    expect((await other.owner.visitor.get(link)).status).toBe(400);
    expect((await studio.viewer.visitor.get(link)).status).toBe(400);
    expect((await server.visitor().get(link)).status).toBe(400);
    expect((await studio.owner.visitor.get(link)).status).toBe(302);
    expect((await studio.viewer.of("POST", "/ghl/connect-link")).status).toBe(403);
  });

  test("there is no link where GoHighLevel is off", async () => {
    const studio = await openDesk(off);
    expect((await studio.admin.of("POST", "/ghl/connect-link")).body.reason_code).toBe("GHL_OFF");
  });

  test("a connected location that is taken out of use loses its tokens, and is installed anew to come back", async () => {
    const studio = await openDesk(server);
    const ghl = fake.addLocation({ name: "Winter Studio" });
    await install(studio.admin, ghl.location_id);
    const { location_id } = (await locationOf(studio, "Winter Studio")) as { location_id: string };
    const at = `/locations/${location_id}`;
    await studio.admin.ask("POST", `${at}/disconnect`, { reason: "closed" });
    const tokens = "SELECT status, access_token, refresh_token FROM ghl_connections WHERE location_id = $1";
    expect(await sql(server.db, tokens, [locationUuid(location_id)])).toEqual([
      { status: "disconnected", access_token: null, refresh_token: null },
    ]);
    expect((await install(studio.admin, ghl.location_id)).status).toBe(302);
    expect(await locationOf(studio, "Winter Studio")).toMatchObject({
      location_id,
      status: "active",
      ghl: { status: "connected" },
    });
  });
});

describe("From GoHighLevel's marketplace", () => {
  test("only the browser that installed it can say whose it is: it becomes a location there, once", async () => {
    const studio = await openDesk(server);
    const { token, text } = await installFromMarketplace("Market Studio");
    expect(text).toContain("Choose the workspace");
    const look = await studio.admin.ask("POST", "/installations/unclaimed", { token });
    expect(look.body).toMatchObject({ ok: true, installation: { status: "unclaimed" } });
    const claimed = await studio.admin.of("POST", "/installations/claim", { token });
    expect(claimed.body).toMatchObject({ ok: true, location_id: expect.stringMatching(/^loc_/) });
    expect(await locationOf(studio, "Market Studio")).toMatchObject({ timezone: "Europe/Berlin", status: "active" });
    const [line] = await sql(
      server.db,
      "SELECT actor FROM audit_events WHERE workspace_id = $1 AND action = 'claim_installation'",
      [studio.workspace_id],
    );
    expect(line).toEqual({ actor: studio.admin.email });
    const other = await openDesk(server);
    const again = await other.owner.of("POST", "/installations/claim", { token });
    expect(again.body.reason_code).toBe("NOT_CLAIMABLE");
  });

  test("a claim that is made up, or of who may only look, takes nothing", async () => {
    const studio = await openDesk(server);
    const { token } = await installFromMarketplace("Nobody's Studio");
    const forged = await studio.admin.of("POST", "/installations/claim", { token: `${token.slice(0, -2)}xx` });
    expect(forged.body.reason_code).toBe("NOT_CLAIMABLE");
    expect((await studio.viewer.of("POST", "/installations/claim", { token })).status).toBe(403);
    expect(await locationOf(studio, "Nobody's Studio")).toBeUndefined();
  });
});

describe("The field that shows balances", () => {
  test("is chosen from those that can show a number, and all balances are written again", async () => {
    const studio = await openDesk(server);
    const ghl = fake.addLocation({ name: "Field Studio" });
    await install(studio.admin, ghl.location_id);
    const { location_id } = (await locationOf(studio, "Field Studio")) as { location_id: string };
    const at = `/locations/${location_id}`;
    const fields = await studio.viewer.ask("GET", `${at}/ghl/custom-fields`);
    expect(fields.body).toMatchObject({ ok: true, custom_fields: expect.any(Array) });
    const chosen = await studio.admin.ask("PUT", `${at}/ghl/balance-field`, { field_id: "field-1" });
    expect(chosen.body).toMatchObject({ ok: true, field_id: "field-1" });
    const settings = await studio.viewer.ask("GET", `${at}/settings`);
    expect(settings.body).toMatchObject({ balance_field_id: "field-1" });
  });

  test("is none where GoHighLevel is not connected", async () => {
    const studio = await openDesk(server);
    const chosen = await studio.admin.at("PUT", "/ghl/balance-field", { field_id: "field-1" });
    expect(chosen.body.reason_code).toBe("NOT_CONNECTED");
  });
});
