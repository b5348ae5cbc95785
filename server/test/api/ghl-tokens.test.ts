import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { GhlAccounts } from "../../src/jobs/ghl-accounts.ts";
import { takeInstallation } from "../../src/jobs/take-installation.ts";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { type Clock } from "../../src/platform/clock.ts";
import { Secrets } from "../../src/platform/secrets.ts";
import { callerOf, sql } from "../support.ts";
import {
  accounts,
  api_base,
  base_url,
  begin,
  comeBack,
  connectionOf,
  context,
  database,
  fake,
  installed,
  openWorkspace,
  secrets,
  SECRET,
  tellAndTake,
} from "./ghl-installations.ts";

describe("tokens", () => {
  const refreshes = () =>
    fake.requests.filter(({ method, path }) => method === "POST" && path === "/oauth/token").length;

  /** A clock that is past four fifths of a token's day. */
  const evening: Clock = { now: () => Date.now() + 20 * 3_600_000 };

  function processOf(clock: Clock): GhlAccounts {
    return new GhlAccounts(database.db, new Secrets(SECRET), clock, { ...fake.app, api_base });
  }

  test("are refreshed once, whichever processes want them at the same time", async () => {
    const { connection } = await installed();
    const before = refreshes();
    const processes = [processOf(evening), processOf(evening)];
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, i) => processes[i % 2]!.tokens.accessToken(connection.id)),
    );
    expect(refreshes() - before).toBe(1);
    const [row] = await sql<{ access_token: string }>(
      database.db,
      "SELECT access_token FROM ghl_connections WHERE id = $1",
      [connection.id],
    );
    expect(row!.access_token).not.toBe(connection.access_token);
    expect(new Set(tokens).size).toBeLessThanOrEqual(2);
  });

  test("that are refused before their time are refreshed, and the call succeeds", async () => {
    const { connection, studio } = await installed("Still here");
    fake.expireAccessTokens();
    const profile = await accounts.profileOf({ id: connection.id, ghl_location_id: studio.location_id });
    expect(profile).toMatchObject({ name: "Still here" });
  });

  test("of a paused location are kept, and work again later", async () => {
    const { connection, studio } = await installed();
    fake.setActive(studio.location_id, false);
    await expect(processOf(evening).tokens.accessToken(connection.id)).rejects.toMatchObject({ kind: "inactive" });
    expect(await connectionOf(studio.company_id, studio.location_id)).toMatchObject({
      status: "connected",
      refresh_token: connection.refresh_token,
    });
    fake.setActive(studio.location_id, true);
    expect(await processOf(evening).tokens.accessToken(connection.id)).toEqual(expect.any(String));
  });

  test("whose permission has ended ask for a new install, and that helps", async () => {
    const { connection, studio, workspace } = await installed();
    await sql(database.db, "UPDATE ghl_connections SET refresh_token = $2 WHERE id = $1", [
      connection.id,
      secrets.seal("void", `ghl/${studio.company_id}/${studio.location_id}/refresh_token`),
    ]);
    await expect(processOf(evening).tokens.accessToken(connection.id)).rejects.toMatchObject({
      kind: "needs_reinstall",
    });
    expect(await connectionOf(studio.company_id, studio.location_id)).toMatchObject({ status: "needs_reinstall" });
    const { state, cookie } = await begin(workspace.id);
    await comeBack({ code: fake.install(studio.location_id), state }, cookie);
    expect(await connectionOf(studio.company_id, studio.location_id)).toMatchObject({
      status: "connected",
      location_id: connection.location_id,
    });
  });
});

/** Takes a delivery about this studio, told at this time. */
function takeTold(
  { company_id, location_id }: { company_id: string; location_id: string },
  facts: { type: string; appId?: string },
  told_at: number,
) {
  const timestamp = new Date(told_at).toISOString();
  return takeInstallation(context(), {
    id: randomUUID(),
    provider: "ghl",
    connection_id: null,
    type: facts.type,
    location_id: null,
    external_location_id: location_id,
    company_id,
    headers: {},
    body: Buffer.from(JSON.stringify({ ...facts, companyId: company_id, locationId: location_id, timestamp })),
    verification: "verified",
    told_at,
    received_at: Date.now(),
    correlation_id: randomUUID(),
    attempt: 1,
    as_of: null,
  });
}

describe("uninstalling", () => {
  test("disconnects the location, destroys its tokens, refuses its API tokens, keeps its data; a new install revives it", async () => {
    const { connection, studio, workspace } = await installed();
    await tellAndTake();
    const key = await sql<{ key: string }>(database.db, "SELECT key FROM locations WHERE location_id = $1", [
      connection.location_id,
    ]);
    const applied = await applyFile(
      database.db,
      parseApplyFile({
        workspace: { key: workspace.key },
        locations: [{ key: key[0]!.key, products: [], api_clients: [{ key: "bot", scopes: ["manage"] }] }],
      }),
    );
    const api = callerOf(base_url, applied.locations[key[0]!.key]!.api_clients["bot"]!.token!);
    expect((await api.get("/webhook-events")).status).toBe(200);

    fake.uninstall(studio.location_id);
    await tellAndTake();
    expect(await connectionOf(studio.company_id, studio.location_id)).toMatchObject({
      status: "disconnected",
      access_token: null,
      refresh_token: null,
      location_status: "disconnected",
    });
    expect((await api.get("/webhook-events")).status).toBe(401);
    await expect(accounts.tokens.accessToken(connection.id)).rejects.toMatchObject({ kind: "disconnected" });

    const { state, cookie } = await begin(workspace.id);
    await comeBack({ code: fake.install(studio.location_id), state }, cookie);
    expect(await connectionOf(studio.company_id, studio.location_id)).toMatchObject({
      status: "connected",
      location_id: connection.location_id,
      location_status: "active",
    });
    expect((await api.get("/webhook-events")).status).toBe(200);
  });

  test("told late, after a new install, ends nothing; an install told late, after an uninstall, revives nothing", async () => {
    const { connection, studio } = await installed();
    const take = (type: string, told_at: number) => takeTold(studio, { type }, told_at);
    const status = async () => (await connectionOf(studio.company_id, studio.location_id))!.status;
    await take("UNINSTALL", Date.now() - 60_000);
    expect(await status()).toBe("connected");
    await take("UNINSTALL", Date.now() + 1000);
    expect(await status()).toBe("disconnected");
    await take("INSTALL", Date.now() - 30_000);
    expect(await status()).toBe("disconnected");
    expect(connection.location_status).toBe("active");
  });

  test("of another app, which GoHighLevel signs with the same key, ends nothing; nor does its install begin anything", async () => {
    const { studio } = await installed();
    const take = (type: string, appId: string) => takeTold(studio, { type, appId }, Date.now() + 1000);
    const status = async () => (await connectionOf(studio.company_id, studio.location_id))!.status;
    expect(await take("UNINSTALL", "another")).toMatchObject({ status: "ignored", detail: "it tells of another app" });
    expect(await status()).toBe("connected");
    await take("UNINSTALL", fake.app_id);
    await take("INSTALL", "another");
    expect(await status()).toBe("disconnected");
  });

  test("of an agency ends all its locations", async () => {
    const workspace = await openWorkspace();
    const company_id = fake.addCompany();
    const studios = [1, 2].map(() => fake.addLocation({ company_id }));
    const { state, cookie } = await begin(workspace.id);
    await comeBack(
      {
        code: fake.installForAgency(
          company_id,
          studios.map(({ location_id }) => location_id),
        ),
        state,
      },
      cookie,
    );
    await tellAndTake();
    fake.uninstallForAgency(company_id);
    await tellAndTake();
    for (const ghl_location_id of [null, ...studios.map(({ location_id }) => location_id)]) {
      expect((await connectionOf(company_id, ghl_location_id))!.status).toBe("disconnected");
    }
  });
});
