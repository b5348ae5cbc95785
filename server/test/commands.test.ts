import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { Database } from "../src/platform/database.ts";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import { kotally, type Printed } from "./command-line.ts";
import { cleanUp, newDirectory, newServer, postmasterPid, type ServerProcess } from "./faults/spawned-server.ts";
import { callerOf, sql } from "./support.ts";

cleanUp();
const directory = newDirectory();
const settings = { KOTALLY_DATA_DIR: join(directory, ".kotally") };
let server: ServerProcess;
let db: Database;

beforeAll(async () => {
  server = await newServer(settings);
  await server.start();
  const { url } = await startEmbeddedPostgres({ data_dir: settings.KOTALLY_DATA_DIR });
  db = new Database(url, 2);
});
afterAll(() => db.close());

const run = (...args: string[]) => kotally(args, settings, directory);

const client = { key: "bot", name: "Bot", scopes: ["grant", "check", "deduct"] };
const product = {
  key: "pack10",
  name: "Pack",
  type: "package",
  credits_total: 10,
  expiry_days: 30,
  calendars: ["cal_yoga"],
};
const studio = {
  workspace: { key: "acme", name: "Acme", owner: { email: "owner@acme.test", password: "a-long-password" } },
  locations: [{ key: "main", timezone: "America/New_York", sandbox: true, products: [product], api_clients: [client] }],
};

/** The file of the studio, with what this test changes in its one location. */
function fileOf(changes: object = {}, location: object = {}): string {
  const path = join(directory, "studio.yaml");
  writeFileSync(path, stringify({ ...studio, ...changes, locations: [{ ...studio.locations[0], ...location }] }));
  return path;
}

interface Applied {
  locations: {
    main: {
      location_id: string;
      products: { pack10: string };
      api_clients: { bot: { id: string; token: string | null } };
    };
  };
  changes: { action: string; subject: string; fields: string[] }[];
}
const applied = (printed: Printed) => printed.json as unknown as Applied;

/** Everything that apply may write, to be compared. */
async function rows(): Promise<unknown> {
  return sql(
    db,
    `SELECT (SELECT json_agg(w) FROM workspaces w) AS workspaces, (SELECT json_agg(l) FROM locations l) AS locations,
       (SELECT json_agg(p) FROM product_configs p) AS products, (SELECT json_agg(json_build_array(a.id, a.token_hash, a.scopes)) FROM api_clients a) AS clients,
       (SELECT count(*) FROM audit_events) AS audits, (SELECT count(*) FROM users) AS users`,
  );
}

describe("beside a running server", { timeout: 60_000 }, () => {
  let token = "";
  let first: Applied;

  test("apply makes what is not there, and the token works at once", async () => {
    const dry = await run("apply", fileOf(), "--dry-run", "--json");
    expect(dry).toMatchObject({ code: 0, stderr: "", json: { dry_run: true } });
    expect(await sql(db, "SELECT id FROM workspaces")).toEqual([]);

    const printed = await run("apply", fileOf(), "--json");
    expect(printed).toMatchObject({ code: 0, stderr: "", json: { workspace_id: expect.any(String) } });
    first = applied(printed);
    expect(first.locations.main.location_id).toMatch(/^loc_/u);
    expect(first.locations.main.products.pack10).toMatch(/^pc_/u);
    token = first.locations.main.api_clients.bot.token ?? "";
    const granted = await callerOf(server.base_url, token).post("/grants", {
      request_id: "g1",
      external_payment_id: "p1",
      external_contact_id: "maya",
      product_config_id: first.locations.main.products.pack10,
    });
    expect(granted.body).toMatchObject({ reason_code: "grant_applied", balance_after: 10 });
  });

  test("apply twice changes nothing, and shows no token again", async () => {
    const before = await rows();
    const again = applied(await run("apply", fileOf(), "--json"));
    expect(again.changes).toEqual([]);
    expect(again.locations.main).toEqual({
      ...first.locations.main,
      api_clients: { bot: { ...first.locations.main.api_clients.bot, token: null } },
    });
    expect(await rows()).toEqual(before);
    expect((await run("apply", fileOf())).stdout).toContain("Nothing to change.");
  });

  test("apply names an unknown field, and writes everything or nothing", async () => {
    const before = await rows();
    const unknown = await run("apply", fileOf({}, { products: [{ ...product, colour: "red" }] }), "--json");
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toMatch(
      /^The file is not valid: locations\.0\.products\.0\.colour is not a known field\.\n$/u,
    );

    const empty = join(directory, "empty.yaml");
    writeFileSync(empty, "");
    expect((await run("apply", empty)).stderr).toMatch(/^The file is not valid: it must begin with a workspace/u);

    // The workspace is renamed before the second location turns out to be wrong.
    const half = {
      ...studio,
      workspace: { key: "acme", name: "Renamed" },
      locations: [studio.locations[0], studio.locations[0]],
    };
    writeFileSync(join(directory, "half.yaml"), stringify(half));
    const refused = await run("apply", join(directory, "half.yaml"));
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^[^\n]*main appears twice\.\n$/u) });
    expect(await run("apply", join(directory, "none.yaml"))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("could not be read"),
    });
    expect(await rows()).toEqual(before);
  });

  test("apply rotates a token when told, and the old one ends", async () => {
    const path = fileOf({}, { api_clients: [{ ...client, rotate: true }] });
    const rotated = applied(await run("apply", path, "--json")).locations.main.api_clients.bot;
    expect(rotated.token).toMatch(/^ktly_/u);
    const ask = { external_contact_id: "maya", calendar_id: "cal_yoga" };
    expect((await callerOf(server.base_url, token).post("/entitlements/check-eligibility", ask)).status).toBe(401);
    token = rotated.token ?? "";
    expect((await callerOf(server.base_url, token).post("/entitlements/check-eligibility", ask)).status).toBe(200);
  });

  test("apply clears with null, and leaves alone what the file omits", async () => {
    const terms = () => sql<{ terms: Record<string, unknown> }>(db, "SELECT terms FROM product_configs");
    const { expiry_days: _, ...omitted } = product;
    expect(applied(await run("apply", fileOf({}, { products: [omitted] }), "--json")).changes).toEqual([]);
    expect((await terms())[0]?.terms["expiry_days"]).toBe(30);
    const cleared = await run("apply", fileOf({}, { products: [{ ...product, expiry_days: null }] }), "--json");
    expect(applied(cleared).changes).toMatchObject([
      { subject: expect.stringContaining("pack10"), fields: ["expiry_days"] },
    ]);
    expect((await terms())[0]?.terms["expiry_days"] ?? null).toBe(null);
  });

  test("clock moves a sandbox, and runs what falls due on the way", async () => {
    const moved = await run("clock", "acme/main", "--advance", "P31D", "--json");
    expect(moved).toMatchObject({ code: 0, json: { location_id: first.locations.main.location_id, settled: 1 } });
    const ask = { external_contact_id: "maya", calendar_id: "cal_yoga" };
    const { body } = await callerOf(server.base_url, token).post("/entitlements/check-eligibility", ask);
    expect(body).toMatchObject({ reason_code: "NO_ENTITLEMENT", detail: "ENTITLEMENT_EXPIRED" });
    const id = first.locations.main.location_id;
    expect(await run("clock", id, "--set", "2020-01-01T00:00:00Z")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("only moves forward"),
    });
    expect(await run("clock", "acme/none", "--advance", "P1D")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no location acme/none"),
    });
    expect(await run("clock", id)).toMatchObject({ code: 1, stderr: "Give either --advance or --set.\n" });
  });

  test("support makes a user support, and no longer, and says when there is none", async () => {
    expect(await run("support", "Owner@acme.test", "--json")).toMatchObject({ code: 0, json: { is_support: true } });
    expect(await run("support", "owner@acme.test", "--remove")).toMatchObject({
      code: 0,
      stdout: "owner@acme.test is no support any more, and looks at nothing.\n",
    });
    expect(await run("support", "nobody@acme.test")).toMatchObject({
      code: 1,
      stderr: "No user has the address nobody@acme.test: they sign up first.\n",
    });
  });

  test("billing suspends and brings back", async () => {
    const suspended = await run("billing", "acme", "--status", "suspended", "--json");
    expect(suspended).toMatchObject({ code: 0, json: { before: "active", status: "suspended" } });
    const deduct = { request_id: "d1", external_contact_id: "maya", calendar_id: "cal_yoga" };
    const { body } = await callerOf(server.base_url, token).post("/entitlements/deduct", deduct);
    expect(body.reason_code).toBe("BILLING_SUSPENDED");
    expect(await run("billing", "acme", "--status", "active")).toMatchObject({ code: 0 });
    expect(await run("billing", "acme", "--status", "rich")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--status must be one of"),
    });
    expect(await run("billing", "nobody", "--status", "active")).toMatchObject({ code: 1 });
  });

  test("where Stripe says how a workspace stands, billing is refused, and a new workspace waits for its subscription", async () => {
    const billed = { ...settings, STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRET: "whsec_1" };
    const refused = await kotally(["billing", "acme", "--status", "active"], billed, directory);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("Billing follows Stripe here") });
    const file = fileOf({ workspace: { key: "paying", name: "Paying" } }, { sandbox: false, api_clients: [] });
    expect(await kotally(["apply", file], billed, directory)).toMatchObject({ code: 0 });
    const made = await sql(
      db,
      "SELECT w.billing_status, l.status FROM locations l JOIN workspaces w ON w.id = l.workspace_id WHERE w.key = 'paying'",
    );
    expect(made).toEqual([{ billing_status: "none", status: "pending" }]);
    const { STRIPE_WEBHOOK_SECRET: _, ...half } = billed;
    expect(await kotally(["verify"], half, directory)).toMatchObject({
      code: 1,
      stderr:
        "Billing through Stripe takes STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET: set STRIPE_WEBHOOK_SECRET too, or none.\n",
    });
  });

  test("migrate and verify beside it; the server keeps its database", async () => {
    expect(await run("migrate", "--json")).toMatchObject({ code: 0, json: { applied: [] } });
    expect(await run("verify", "--json")).toMatchObject({ code: 0, stderr: "" });
    expect((await fetch(`${server.base_url}/readyz`)).status).toBe(200);
  });

  test("without a server every command starts the database, and ends it", async () => {
    server.signal("SIGTERM");
    await server.ended;
    expect(applied(await run("apply", fileOf(), "--json")).locations.main.products).toEqual(
      first.locations.main.products,
    );
    expect(postmasterPid(settings.KOTALLY_DATA_DIR)).toBe(null);
    expect(await run("clock", "acme/main", "--advance", "PT1H", "--json")).toMatchObject({
      code: 0,
      json: { settled: 0 },
    });
    expect(await run("billing", "acme", "--status", "past_due", "--json")).toMatchObject({
      code: 0,
      json: { before: "active" },
    });
    const fresh = { KOTALLY_DATA_DIR: newDirectory() };
    const migrated = await kotally(["migrate", "--json"], fresh, directory);
    expect(migrated.json?.["applied"]).toContain("0001_tenants.sql");
    expect(postmasterPid(fresh.KOTALLY_DATA_DIR)).toBe(null);
  });
});
