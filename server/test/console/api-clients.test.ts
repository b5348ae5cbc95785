import { describe, expect, test } from "vitest";
import { callerOf, sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { openDesk, type Desk } from "./desk.ts";

const server = useConsole();
const PACK = { key: "pack", type: "package", credits_total: 10, calendars: ["yoga"] };

const check = (token: unknown) =>
  callerOf(server.base_url, String(token)).post("/entitlements/check-eligibility", {
    external_contact_id: "maya",
    calendar_id: "yoga",
  });

async function make(studio: Desk, scopes = ["check"]) {
  const { body } = await studio.admin.at("POST", "/api-clients", { name: "Booking bot", scopes });
  return { id: String(body["id"]), token: String(body["token"]), version: Number(body["version"]) };
}

async function listed(studio: Desk, id: string) {
  const { body } = await studio.viewer.at("GET", "/api-clients");
  return (body["api_clients"] as Record<string, unknown>[]).find((client) => client["id"] === id);
}

describe("An API client", () => {
  test("is made with a token that works, is shown once and kept nowhere", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const { id, token } = await make(studio);
    expect((await check(token)).body.reason_code).toBe("NO_ENTITLEMENT");
    const client = await listed(studio, id);
    expect(client).toMatchObject({ key: "booking-bot", name: "Booking bot", scopes: ["check"], active: true });
    expect(JSON.stringify(client)).not.toContain(token);
    const kept = await sql(server.db, "SELECT before, after FROM audit_events WHERE workspace_id = $1", [
      studio.workspace_id,
    ]);
    expect(JSON.stringify(kept)).not.toContain(token.slice(-36));
  });

  test("tells when it was last used", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const { id, token } = await make(studio);
    expect(await listed(studio, id)).toMatchObject({ last_used_at: null });
    await check(token);
    await expect.poll(async () => (await listed(studio, id))?.["last_used_at"]).toEqual(expect.any(String));
  });

  test("gets a new token, and the old one is refused at once", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const { id, token, version } = await make(studio);
    await check(token);
    const rotated = await studio.admin.at("POST", `/api-clients/${id}/rotate`, { expected_version: version });
    expect((await check(token)).status).toBe(401);
    expect((await check(rotated.body["token"])).status).toBe(200);
  });

  test("is switched off at once, and on again with the token it had", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const { id, token } = await make(studio);
    await check(token);
    await studio.admin.at("POST", `/api-clients/${id}/deactivate`, { expected_version: 1 });
    expect((await check(token)).status).toBe(401);
    await studio.admin.at("POST", `/api-clients/${id}/reactivate`, { expected_version: 2 });
    expect((await check(token)).status).toBe(200);
  });

  test("may do what its scopes say, from the next request on", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const { id, token } = await make(studio);
    const edit = { name: "Reader", scopes: ["summary"], expected_version: 1 };
    await studio.admin.at("PUT", `/api-clients/${id}`, edit);
    expect((await check(token)).status).toBe(401);
    expect((await callerOf(server.base_url, token).get("/contacts/maya")).status).toBe(200);
    const late = await studio.owner.at("PUT", `/api-clients/${id}`, { ...edit, name: "Bot" });
    expect(late.body).toMatchObject({ reason_code: "EDIT_CONFLICT", edits: [{ fields: ["name", "scopes"] }] });
  });

  test("is nothing to somebody of another workspace, and only to be seen by who may only look", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const other = await openDesk(server, { products: [PACK] });
    const { id } = await make(studio);
    const path = `/api-clients/${id}/rotate`;
    expect((await other.owner.at("POST", path, { expected_version: 1 })).body.reason_code).toBe("NOT_FOUND");
    expect((await studio.viewer.at("POST", path, { expected_version: 1 })).status).toBe(403);
  });

  test("without scopes or a name it is refused beside the field", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const { body } = await studio.admin.at("POST", "/api-clients", { name: " ", scopes: [] });
    expect(body["errors"]).toEqual([
      { field: "name", message: "must not be empty" },
      { field: "scopes", message: "must have at least 1 items" },
    ]);
  });
});
