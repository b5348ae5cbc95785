import { describe, expect, test } from "vitest";
import { claimInstallation } from "../../src/operations/connections/claim-installation.ts";
import { finishInstallations } from "../../src/operations/connections/finish-installation.ts";
import { newConnectToken } from "../../src/operations/connections/oauth-state.ts";
import { systemClock, type Clock } from "../../src/platform/clock.ts";
import { sql } from "../support.ts";
import {
  accounts,
  base_url,
  begin,
  comeBack,
  connectionOf,
  database,
  fake,
  installed,
  openWorkspace,
  secrets,
  tellAndTake,
} from "./ghl-installations.ts";

describe("installing for one location", () => {
  test("from the printed link: the location is there, named and zoned as GoHighLevel has it", async () => {
    const { workspace, connection } = await installed("Lotus Yoga");
    expect(connection).toMatchObject({
      status: "connected",
      workspace_id: workspace.id,
      location_status: "active",
      name: "Lotus Yoga",
      timezone: "Australia/Lord_Howe",
    });
  });

  test("keeps no token in clear, anywhere in the database", async () => {
    const { connection } = await installed();
    const access = await accounts.tokens.accessToken(connection.id);
    expect(access.length).toBeGreaterThan(5);
    const rows = await sql(database.db, "SELECT to_jsonb(c)::text AS text FROM ghl_connections c");
    expect(rows.map(({ text }) => text).join()).not.toContain(access);
    expect(connection.refresh_token).toMatch(/^s1\./);
  });

  test("the webhook and the redirect come in either order, and make one location", async () => {
    const { studio, connection } = await installed();
    await tellAndTake();
    expect(await connectionOf(studio.company_id, studio.location_id)).toMatchObject({
      location_id: connection.location_id,
    });

    const other = fake.addLocation({ name: "Webhook first" });
    const workspace = await openWorkspace();
    const code = fake.install(other.location_id);
    await tellAndTake();
    expect(await connectionOf(other.company_id, other.location_id)).toMatchObject({
      status: "unclaimed",
      location_id: null,
    });
    const { state, cookie } = await begin(workspace.id);
    await comeBack({ code, state }, cookie);
    expect(await connectionOf(other.company_id, other.location_id)).toMatchObject({
      status: "connected",
      name: "Webhook first",
    });
    const rows = await sql(database.db, "SELECT 1 FROM locations WHERE ghl_location_id = $1", [other.location_id]);
    expect(rows).toHaveLength(1);
  });

  test("takes what had waited for the location", async () => {
    const studio = fake.addLocation();
    const workspace = await openWorkspace();
    studio.desk.createContact({ first_name: "Maya", last_name: "Lopez", email: "maya@example.test" });
    await fake.drain();
    const waiting = "SELECT status FROM webhook_events WHERE external_location_id = $1 AND type = 'ContactCreate'";
    expect(await sql(database.db, waiting, [studio.location_id])).toEqual([{ status: "waiting" }]);
    const { state, cookie } = await begin(workspace.id);
    await comeBack({ code: fake.install(studio.location_id), state }, cookie);
    expect(await sql(database.db, waiting, [studio.location_id])).toEqual([{ status: "received" }]);
  });
});

describe("a state", () => {
  test("is good once", async () => {
    const workspace = await openWorkspace();
    const { state, cookie } = await begin(workspace.id);
    const studio = fake.addLocation();
    expect((await comeBack({ code: fake.install(studio.location_id), state }, cookie)).status).toBe(200);
    const again = fake.addLocation();
    expect((await comeBack({ code: fake.install(again.location_id), state }, cookie)).status).toBe(400);
    expect(await connectionOf(again.company_id, again.location_id)).toBeUndefined();
  });

  test.each([
    ["in another browser", (state: string) => [state, ""]],
    ["with another browser's cookie", (state: string) => [state, "kotally_ghl_install=AAAA"]],
    ["changed", (state: string, cookie: string) => [state.replace(/^./, (c) => (c === "0" ? "1" : "0")), cookie]],
    ["of nobody", (_: string, cookie: string) => ["x.y.z.w.v", cookie]],
  ])("is refused %s, and the code stays unused", async (_, change) => {
    const workspace = await openWorkspace();
    const { state, cookie } = await begin(workspace.id);
    const studio = fake.addLocation();
    const code = fake.install(studio.location_id);
    const [changed = "", other = ""] = change(state, cookie);
    expect((await comeBack({ code, state: changed }, other)).status).toBe(400);
    expect((await comeBack({ code, state }, cookie)).status).toBe(200);
  });

  test("of a link that is too old, changed, or for another purpose leads nowhere", async () => {
    const workspace = await openWorkspace();
    const past: Clock = { now: () => Date.now() - 25 * 3_600_000 };
    const { state } = await begin(workspace.id);
    const token = newConnectToken(secrets, systemClock, workspace.id);
    for (const start of [newConnectToken(secrets, past, workspace.id), `${token}x`, state, ""]) {
      const response = await fetch(`${base_url}/connect/ghl?start=${encodeURIComponent(start)}`, {
        redirect: "manual",
      });
      expect(response.status).toBe(400);
    }
  });
});

describe("an installation that nobody started here", () => {
  test("is kept unclaimed, whoever's browser brings it, until a workspace claims it", async () => {
    const studio = fake.addLocation({ name: "From the marketplace" });
    const answer = await comeBack({ code: fake.install(studio.location_id) });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining("waits to be claimed") });
    const connection = (await connectionOf(studio.company_id, studio.location_id))!;
    expect(connection).toMatchObject({ status: "unclaimed", workspace_id: null, location_id: null });
    const workspace = await openWorkspace();
    const profile = await accounts.profileOf({ id: connection.id, ghl_location_id: studio.location_id });
    const claim = { connection_id: connection.id, workspace_id: workspace.id, profile, actor: "test" };
    const { location_id } = await claimInstallation(database.db, systemClock, claim);
    expect(await connectionOf(studio.company_id, studio.location_id)).toMatchObject({
      status: "connected",
      location_id,
      name: "From the marketplace",
    });
    const other = await openWorkspace();
    await expect(claimInstallation(database.db, systemClock, { ...claim, workspace_id: other.id })).rejects.toThrow(
      /Another workspace has this/,
    );
  });

  test("with a code that is void is told so, and nothing is kept", async () => {
    expect((await comeBack({ code: "no-code" })).status).toBe(502);
    expect((await comeBack({})).status).toBe(400);
  });
});

describe("installing for an agency", () => {
  test("gives all its locations to the workspace, and those that follow", async () => {
    const workspace = await openWorkspace();
    const company_id = fake.addCompany({ name: "Big Agency" });
    const studios = ["North", "South"].map((name) => fake.addLocation({ company_id, name }));
    const { state, cookie } = await begin(workspace.id);
    const code = fake.installForAgency(
      company_id,
      studios.map(({ location_id }) => location_id),
    );
    expect((await comeBack({ code, state }, cookie)).status).toBe(200);
    await finishInstallations(database.db, systemClock, accounts, () => {});
    for (const [i, name] of ["North", "South"].entries()) {
      expect(await connectionOf(company_id, studios[i]!.location_id)).toMatchObject({
        status: "connected",
        workspace_id: workspace.id,
        name,
        location_status: "active",
      });
    }
    const later = fake.addLocation({ company_id, name: "East" });
    fake.install(later.location_id);
    await tellAndTake();
    const east = await connectionOf(company_id, later.location_id);
    expect(east).toMatchObject({ name: "East", workspace_id: workspace.id });
    expect(await accounts.tokens.accessToken(east!.id)).toEqual(expect.any(String));
  });
});
