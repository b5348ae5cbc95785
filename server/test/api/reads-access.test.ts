import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { callerOf, createLocation, sql, useServer } from "../support.ts";
import { openMember } from "./reads-studio.ts";
import { openStudio, PACK } from "./studio.ts";

const server = useServer();
const paths = ["", "/summary", "/credits", "/entitlements", "/ledger", "/payments", "/timeline"];
const READS = [...paths, "/appointments/upcoming", "/appointments/past"];

describe.each(READS)("GET /contacts/{id}%s", (path) => {
  test("needs the scope summary", async () => {
    const { member } = await openMember(server);
    const scopes = ["grant", "check", "deduct", "restore"];
    const other = await createLocation(server.db, { products: [PACK], scopes });
    const answer = await callerOf(server.base_url, other.token).get(`/contacts/${member.id}${path}`);
    expect(answer).toFail(401, "UNAUTHORIZED");
    expect(answer.body["message"]).toContain("summary");
  });

  test("shows another location's contact to nobody else, by no id", async () => {
    const { member, granted } = await openMember(server);
    const stranger = await openStudio(server);
    expect(await stranger.api.get(`/contacts/${member.id}${path}`)).toAnswer("NOT_FOUND");
    expect(await stranger.api.get(`/contacts/${String(granted["contact_id"])}${path}`)).toAnswer("NOT_FOUND");
  });

  test("takes its own location_id in each form, and no other", async () => {
    const { studio, read } = await openMember(server);
    const [row] = await sql<{ location_id: string }>(
      server.db,
      `UPDATE locations l SET ghl_location_id = 'ghl-' || l.location_id, version = version + 1
       FROM workspaces w WHERE w.id = l.workspace_id AND w.key = $1 RETURNING l.location_id`,
      [studio.workspace],
    );
    const uuid = row?.location_id ?? "";
    // A new GoHighLevel id is known once the token has been looked up again.
    await read();
    for (const id of [studio.location_id, uuid, `ghl-${uuid}`]) {
      expect((await read(`${path}?location_id=${id}`)).status).toBe(200);
    }
    const stranger = await openStudio(server);
    for (const id of [stranger.location_id, randomUUID(), "x", ""]) {
      expect(await read(`${path}?location_id=${id}`)).toFail(401, "UNAUTHORIZED");
    }
    expect(await read(`${path}?location_id=${studio.location_id}&location_id=x`)).toBeInvalid("location_id");
  });

  test("answers 405 to every other method, and says which there is", async () => {
    const { member } = await openMember(server);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await fetch(`${server.base_url}/api/v2/contacts/${member.id}${path}`, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe("GET");
    }
  });

  test.each(["%00", "a%1Fb", "%20", "x".repeat(256)])("refuses the id %j by name", async (id) => {
    const { studio } = await openMember(server);
    expect(await studio.api.get(`/contacts/${id}${path}`)).toBeInvalid("id");
  });
});

describe("a location that changed since the caller was known", () => {
  const change = (workspace: string, text: string) =>
    sql(
      server.db,
      `WITH moved AS (
         UPDATE locations l SET version = version + 1 FROM workspaces w WHERE w.id = l.workspace_id AND w.key = $1
         RETURNING l.location_id
       ) UPDATE api_clients SET ${text} WHERE location_id IN (SELECT location_id FROM moved)`,
      [workspace],
    );

  test("is asked about again, and answered", async () => {
    const { studio, read } = await openMember(server);
    await change(studio.workspace, "name = 'renamed'");
    expect(await read("/summary")).toAnswer("summary_loaded");
  });

  test.each([
    ["deactivated", "active = false"],
    ["rotated", "token_hash = sha256('another')"],
    ["left without the scope", "scopes = ARRAY['grant']"],
  ])("refuses a client that was %s at once", async (_, text) => {
    const { studio, read } = await openMember(server);
    expect(await read("/summary")).toAnswer("summary_loaded");
    await change(studio.workspace, text);
    expect(await read("/summary")).toFail(401, "UNAUTHORIZED");
  });
});
