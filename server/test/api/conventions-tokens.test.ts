import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { Database } from "../../src/platform/database.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createService } from "../../src/service.ts";
import { callerOf, createLocation, sql, useServer } from "../support.ts";
import { bodyFor, openStudio, OPERATIONS, PACK, type Studio } from "./studio.ts";

const server = useServer();

const CONTACT_READS = [
  "",
  "/summary",
  "/credits",
  "/entitlements",
  "/ledger",
  "/payments",
  "/appointments/upcoming",
  "/appointments/past",
  "/timeline",
].map((path) => `/contacts/somebody${path}`);

/** Makes a change to the studio's only client as another process would: through the database alone. */
async function changeClient(studio: Studio, change: object): Promise<string | null> {
  const locations = [{ key: studio.key, api_clients: [{ key: "bot", ...change }] }];
  const applied = await applyFile(server.db, parseApplyFile({ workspace: { key: studio.workspace }, locations }));
  return applied.locations[studio.key]?.api_clients["bot"]?.token ?? null;
}

describe("a token", () => {
  test("is ktly_<uuid>_<uuid>: the client's id, then its secret", async () => {
    const studio = await openStudio(server);
    const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    expect(studio.token).toMatch(new RegExp(`^ktly_${uuid}_${uuid}$`));
    const [client] = await sql(server.db, "SELECT key FROM api_clients WHERE id = $1", [studio.token.split("_")[1]]);
    expect(client).toEqual({ key: "bot" });
  });

  test("is not kept: only a SHA-256 of it is", async () => {
    const studio = await openStudio(server);
    const rows = await sql<{ row: string; length: number }>(
      server.db,
      "SELECT a::text AS row, length(token_hash) AS length FROM api_clients a WHERE id = $1",
      [studio.token.split("_")[1]],
    );
    expect(rows[0]?.length).toBe(32);
    expect(rows[0]?.row).not.toContain(studio.token.split("_")[2]);
  });

  test("is shown once: applying the same client again answers null", async () => {
    const studio = await openStudio(server);
    expect(await changeClient(studio, { name: "Another name" })).toBeNull();
  });

  const malformed = (token: string): [string, string | undefined][] => [
    ["no header", undefined],
    ["an empty header", ""],
    ["another scheme", `Basic ${token}`],
    ["no scheme", token],
    ["a scheme alone", "Bearer"],
    ["two tokens", `Bearer ${token} ${token}`],
    ["upper case", `Bearer ${token.toUpperCase()}`],
    ["a token that is cut off", `Bearer ${token.slice(0, -1)}`],
    ["a longer token", `Bearer ${token}0`],
    ["another client's id", `Bearer ktly_${randomUUID()}_${token.split("_")[2] ?? ""}`],
    ["another secret", `Bearer ktly_${token.split("_")[1] ?? ""}_${randomUUID()}`],
  ];

  test("in any other form is UNAUTHORIZED, on every endpoint", async () => {
    const studio = await openStudio(server);
    // The good token is known to the server before the bad ones come.
    expect((await studio.newMember().grant("pack")).status).toBe(200);
    for (const [, authorization] of malformed(studio.token)) {
      for (const { path } of OPERATIONS) {
        const response = await fetch(`${server.base_url}/api/v2${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) },
          body: JSON.stringify(bodyFor(studio.product("pack"))),
        });
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({ ok: false, reason_code: "UNAUTHORIZED" });
      }
    }
  });

  test("is taken with the scheme in any case", async () => {
    const studio = await openStudio(server);
    const body = { external_contact_id: "nobody", calendar_id: "yoga" };
    const headers = { authorization: `bEARER ${studio.token}` };
    expect((await studio.api.post("/entitlements/check-eligibility", body, headers)).status).toBe(200);
  });
});

describe("a scope", () => {
  test.each(OPERATIONS)("$scope opens POST $path and nothing else; the others are UNAUTHORIZED", async ({ scope }) => {
    const studio = await openStudio(server, { scopes: [scope] });
    for (const { path, scope: needed } of OPERATIONS) {
      const response = await studio.api.post(path, bodyFor(studio.product("pack")));
      if (needed === scope) expect(response.status).toBe(200);
      else expect(response).toFail(401, "UNAUTHORIZED");
    }
    for (const path of CONTACT_READS) expect(await studio.api.get(path)).toFail(401, "UNAUTHORIZED");
  });

  test("summary opens every GET /contacts/… and nothing else", async () => {
    const studio = await openStudio(server, { scopes: ["summary"] });
    for (const { path } of OPERATIONS) {
      expect(await studio.api.post(path, bodyFor(studio.product("pack")))).toFail(401, "UNAUTHORIZED");
    }
    for (const path of CONTACT_READS) expect(await studio.api.get(path)).toAnswer("NOT_FOUND");
  });

  test("is asked for before the body is read: UNAUTHORIZED comes before VALIDATION_ERROR", async () => {
    const studio = await openStudio(server, { scopes: ["check"] });
    expect(await studio.api.post("/grants", "{")).toFail(401, "UNAUTHORIZED");
  });
});

describe("a change to a client holds at once, also where another process made it", () => {
  test("inactive: UNAUTHORIZED", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    await changeClient(studio, { active: false });
    expect(await member.deduct({ calendar_id: "yoga" })).toFail(401, "UNAUTHORIZED");
    expect(await member.check({ calendar_id: "yoga" })).toFail(401, "UNAUTHORIZED");
  });

  test("rotated: the old token is UNAUTHORIZED, the new one works", async () => {
    const studio = await openStudio(server);
    await studio.newMember().grant("pack");
    const token = await changeClient(studio, { rotate: true });
    expect(await studio.newMember().grant("pack")).toFail(401, "UNAUTHORIZED");
    const body = bodyFor(studio.product("pack"));
    expect((await callerOf(server.base_url, token ?? "").post("/grants", body)).body.ok).toBe(true);
  });

  test("a scope less: UNAUTHORIZED; a scope more: opened", async () => {
    const studio = await openStudio(server, { scopes: ["grant"] });
    const member = studio.newMember();
    await member.grant("pack");
    await changeClient(studio, { scopes: ["deduct"] });
    expect(await member.grant("pack")).toFail(401, "UNAUTHORIZED");
    expect((await member.deduct({ calendar_id: "yoga" })).body.reason_code).toBe("deducted");
  });

  test("a second server that knew the token refuses it too", async () => {
    const studio = await openStudio(server);
    const db = new Database(server.url, 2);
    const config = { api_rate_limit: 0, ledger_batch: "mixed", public_url: "http://kotally.test" } as const;
    const other = await createService(db, config, createLogger("silent"));
    const there = callerOf(await other.app.listen({ port: 0, host: "127.0.0.1" }), studio.token);
    const ask = { external_contact_id: "nobody", calendar_id: "yoga" };
    expect((await there.post("/entitlements/check-eligibility", ask)).status).toBe(200);
    await changeClient(studio, { active: false });
    expect(await there.post("/entitlements/check-eligibility", ask)).toFail(401, "UNAUTHORIZED");
    await other.close();
    await db.close();
  });

  test("disconnected location: its tokens are UNAUTHORIZED", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    await sql(
      server.db,
      `UPDATE locations SET status = 'disconnected', version = version + 1
       WHERE location_id = (SELECT location_id FROM api_clients WHERE id = $1)`,
      [studio.token.split("_")[1]],
    );
    expect(await member.deduct({ calendar_id: "yoga" })).toFail(401, "UNAUTHORIZED");
  });
});

describe("location_id", () => {
  const ghl = () => `ghl-${randomUUID()}`;

  test.each(OPERATIONS)("of POST $path: the token's own, in its GoHighLevel name, or none", async ({ path }) => {
    const ghl_location_id = ghl();
    const studio = await openStudio(server, { ghl_location_id });
    for (const location_id of [studio.location_id, ` ${studio.location_id} `, ghl_location_id, undefined]) {
      const response = await studio.api.post(path, { ...bodyFor(studio.product("pack")), location_id });
      expect(response.status).toBe(200);
    }
  });

  test.each(OPERATIONS)("of POST $path: another location's is UNAUTHORIZED, existing or not", async ({ path }) => {
    const studio = await openStudio(server);
    const other = await createLocation(server.db, { products: [PACK], ghl_location_id: ghl() });
    const strangers = [other.location_id, studio.location_id.toUpperCase(), "loc_nowhere", "null", ""];
    for (const location_id of strangers) {
      expect(await studio.api.post(path, { ...bodyFor(studio.product("pack")), location_id })).toFail(
        401,
        "UNAUTHORIZED",
      );
    }
  });

  test("another one is UNAUTHORIZED even where other fields are wrong: 401 comes before 400", async () => {
    const studio = await openStudio(server);
    expect(await studio.api.post("/grants", { location_id: "loc_nowhere", request_id: 1 })).toFail(401, "UNAUTHORIZED");
  });

  test("that is no string is a VALIDATION_ERROR", async () => {
    const studio = await openStudio(server);
    for (const location_id of [1, {}, [], null, true]) {
      const answer = await studio.api.post("/grants", { ...bodyFor(studio.product("pack")), location_id });
      expect(answer).toBeInvalid("location_id");
    }
  });

  test("of a location without GoHighLevel is not found by an empty GoHighLevel id", async () => {
    const studio = await openStudio(server);
    expect(await studio.api.post("/grants", { ...bodyFor(studio.product("pack")), location_id: " " })).toFail(
      401,
      "UNAUTHORIZED",
    );
  });
});
