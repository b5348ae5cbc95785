import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openDesk, type PaymentDesk } from "../api/payments-desk.ts";
import { sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { deliverGhl, SANDBOX_KEY } from "./sample-webhooks.ts";
import { openStaffDesk, type StaffDesk } from "./staff-desk.ts";

const server = useConsole({}, { sandbox_key: SANDBOX_KEY });

type Step = Record<string, unknown> & { step: string; state: string };

async function startOf(staff: StaffDesk): Promise<{ way: string; next: string | null; steps: Map<string, Step> }> {
  const { body } = await staff.get("/getting-started");
  const { way, next, steps } = body["getting_started"] as { way: string; next: string | null; steps: Step[] };
  return { way, next, steps: new Map(steps.map((step) => [step.step, step])) };
}

async function deactivateClients(desk: PaymentDesk): Promise<void> {
  await sql(server.db, "UPDATE api_clients SET active = false WHERE location_id = $1", [desk.uuid]);
}

describe("getting started knows from data how far a location has come", () => {
  test("an empty one has its billing and nothing else", async () => {
    const desk = await openDesk(server, { products: [], sandbox: true });
    const staff = await openStaffDesk(server, desk, "viewer");
    await deactivateClients(desk);
    const { way, next, steps } = await startOf(staff);
    expect([way, next]).toEqual(["undecided", "location"]);
    expect([...steps.values()].map(({ step, state }) => `${step} ${state}`)).toEqual([
      "billing done",
      "location open",
      "product_configs open",
      "api_client open",
      "test_purchase open",
      "test_booking open",
      "members open",
      "live open",
    ]);
  });

  test("one that was opened without GoHighLevel is not asked about it again", async () => {
    const desk = await openDesk(server, { products: [], sandbox: false });
    const staff = await openStaffDesk(server, desk, "viewer");
    await deactivateClients(desk);
    const { way, next, steps } = await startOf(staff);
    expect([way, next]).toEqual(["api", "product_configs"]);
    expect(steps.get("location")).toMatchObject({ state: "done", fact: "api" });
  });

  test("an API client makes it API-only, and each test is known by what came of it", async () => {
    const desk = await openDesk(server, { sandbox: false });
    const staff = await openStaffDesk(server, desk, "viewer");
    expect(await startOf(staff)).toMatchObject({ way: "api", next: "test_purchase" });
    await desk.api.post("/contacts/first/grant", {
      request_id: randomUUID(),
      product_config_id: desk.product("pack"),
      reason: "a sale at the desk tests nothing",
    });
    expect((await startOf(staff)).next).toBe("test_purchase");
    await sql(server.db, "UPDATE payment_events SET paid_at = paid_at + interval '1 hour' WHERE location_id = $1", [
      desk.uuid,
    ]);
    await desk.api.post("/grants", {
      request_id: randomUUID(),
      external_payment_id: randomUUID(),
      external_contact_id: "first",
      product_config_id: desk.product("pack"),
    });
    const bought = await startOf(staff);
    expect(bought.steps.get("test_purchase")).toMatchObject({ state: "done", fact: "automation" });
    expect(bought.next).toBe("test_booking");
    await desk.api.post("/entitlements/deduct", {
      request_id: randomUUID(),
      external_contact_id: "first",
      calendar_id: "yoga",
      external_ref: "first-booking",
    });
    expect((await startOf(staff)).next).toBe("members");
    await desk.newMember().grant("pack");
    const done = await startOf(staff);
    expect(done.next).toBeNull();
    expect(done.steps.get("members")).toMatchObject({ state: "done", count: 2 });
    expect(done.steps.get("live")).toMatchObject({ state: "done", fact: null });
  });

  test("one that is connected to GoHighLevel needs no API client, and says when its last webhook came", async () => {
    const desk = await openDesk(server, { sandbox: true });
    const staff = await openStaffDesk(server, desk, "viewer");
    await deactivateClients(desk);
    await sql(
      server.db,
      `INSERT INTO ghl_connections (id, company_id, ghl_location_id, workspace_id, location_id, user_type, status, installed_at,
         updated_at)
       SELECT gen_random_uuid(), $2, $2, workspace_id, location_id, 'Location', 'connected', now() - interval '1 hour', now()
       FROM locations WHERE location_id = $1`,
      [desk.uuid, randomUUID()],
    );
    const installed = (await startOf(staff)).steps.get("location");
    expect(installed).toMatchObject({ state: "done", fact: "connected" });
    expect(installed?.["seconds_ago"]).toBeGreaterThanOrEqual(3600);
    await deliverGhl(server, "ContactUpdate", { location_id: desk.location_id, contact_id: "hello" });
    const { way, steps } = await startOf(staff);
    expect(way).toBe("ghl");
    expect(steps.get("api_client")).toMatchObject({ state: "not_needed", count: 0 });
    expect(steps.get("location")?.["seconds_ago"]).toBeLessThan(30);
    expect(steps.get("live")).toMatchObject({ state: "open", fact: "sandbox" });
  });

  test("billing that does not allow changes stands in the way", async () => {
    const desk = await openDesk(server);
    const staff = await openStaffDesk(server, desk, "viewer");
    await sql(server.db, "UPDATE workspaces SET billing_status = 'none' WHERE key = $1", [desk.workspace]);
    const { next, steps } = await startOf(staff);
    expect(next).toBe("billing");
    expect(steps.get("live")).toMatchObject({ state: "open", fact: "billing" });
  });
});

describe("verifying the books from the console", () => {
  test("says that they are clean, keeps when that was, and who asked", async () => {
    const desk = await openDesk(server);
    const [viewer, admin] = await Promise.all([
      openStaffDesk(server, desk, "viewer"),
      openStaffDesk(server, desk, "admin"),
    ]);
    await desk.newMember().grant("pack");
    expect((await viewer.send("POST", "/verify")).status).toBe(403);
    const { body } = await admin.send("POST", "/verify");
    expect(body).toMatchObject({
      reason_code: "saved",
      verified: { is_clean: true, contacts: 1, entries: 1, broken: {} },
    });
    const { overview } = (await viewer.get("/overview")).body as unknown as { overview: { health: object } };
    expect(overview.health).toMatchObject({ verified: { is_clean: true, findings: [] } });
    const acts = await sql(
      server.db,
      "SELECT actor, action FROM audit_events WHERE location_id = $1 AND user_id IS NOT NULL",
      [desk.uuid],
    );
    expect(acts).toEqual([{ actor: admin.email, action: "verify_books" }]);
  });

  test("says what is off, and shows it until it is mended", async () => {
    const desk = await openDesk(server);
    const admin = await openStaffDesk(server, desk, "admin");
    await desk.newMember().grant("pack");
    await sql(server.db, "UPDATE entitlements SET available = available - 1 WHERE location_id = $1", [desk.uuid]);
    const { body } = await admin.send("POST", "/verify");
    expect(body).toMatchObject({ verified: { is_clean: false } });
    const { overview } = (await admin.get("/overview")).body as unknown as {
      overview: { health: { verified: object } };
    };
    expect(overview.health.verified).toMatchObject({
      is_clean: false,
      findings: expect.arrayContaining([
        expect.objectContaining({ invariant: expect.any(String) as string }),
      ]) as object[],
    });
  });
});
