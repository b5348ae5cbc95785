import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sql, useServer, type Response } from "../support.ts";
import { contactRow, inDays, openMember, readAll } from "./reads-studio.ts";
import { openStudio } from "./studio.ts";

const server = useServer();

const summaryOf = ({ body }: Response) => body["summary"] as Record<string, unknown> & { entitlements: unknown[] };

describe("GET /contacts/{id}", () => {
  test("tells who the contact is, by its external id", async () => {
    const {
      member: { id },
      granted,
      read,
    } = await openMember(server);
    const answer = await read();
    expect(answer).toAnswer("contact_loaded");
    expect(answer.body["contact"]).toEqual({
      id: granted["contact_id"],
      external_contact_id: id,
      ghl_contact_id: id,
      email: "m@a.test",
      name: "Maya",
    });
  });

  test("takes the contact's own UUID too, in either case", async () => {
    const { studio, granted } = await openMember(server);
    const own = String(granted["contact_id"]);
    for (const id of [own, own.toUpperCase()]) {
      expect(await studio.api.get(`/contacts/${id}`)).toAnswer("contact_loaded", {
        contact: expect.objectContaining({ id: own }),
      });
    }
  });

  test("lets the external id win where one contact's is another's own id", async () => {
    const { studio, granted } = await openMember(server);
    const own = String(granted["contact_id"]);
    await studio.newMember().grant("pack", { external_contact_id: own });
    const answer = await studio.api.get(`/contacts/${own}`);
    expect(answer.body["contact"]).toMatchObject({ external_contact_id: own });
    expect((answer.body["contact"] as { id: string }).id).not.toBe(own);
  });

  test("finds ids that must be escaped in a path", async () => {
    const studio = await openStudio(server);
    const id = `a/b ?#%ü-${randomUUID()}`;
    await studio.newMember().grant("pack", { external_contact_id: id });
    expect(await studio.api.get(`/contacts/${encodeURIComponent(id)}/summary`)).toAnswer("summary_loaded");
  });
});

describe("an unknown contact", () => {
  const paths = ["", "/summary", "/credits", "/entitlements", "/ledger", "/payments", "/timeline"];
  test.each([...paths, "/appointments/upcoming", "/appointments/past"])(
    "is NOT_FOUND with HTTP 200: %s",
    async (path) => {
      const studio = await openStudio(server);
      for (const id of ["nobody", randomUUID()]) {
        const answer = await studio.api.get(`/contacts/${id}${path}`);
        expect(answer).toAnswer("NOT_FOUND");
        expect(answer.body).toEqual({
          ok: false,
          reason_code: "NOT_FOUND",
          correlation_id: expect.any(String),
          message: expect.any(String),
        });
        expect(answer.headers.get("x-correlation-id")).toBe(answer.body.correlation_id);
      }
    },
  );
});

describe("GET /contacts/{id}/summary", () => {
  test("tells balance, money and the latest of everything", async () => {
    const { granted, booking, read } = await openMember(server);
    const answer = await read("/summary");
    expect(answer).toAnswer("summary_loaded", { contact: expect.objectContaining({ name: "Maya" }) });
    expect(summaryOf(answer)).toMatchObject({
      credits_available: 9,
      unlimited: false,
      last_paid_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      lifetime_value_cents: 12_000,
      currency: "USD",
      payment_events_count: 1,
      entitlements: [{ id: granted["entitlement_id"], status: "active", credits_remaining: 9 }],
      recent_ledger: [{ type: "deduct" }, { type: "grant" }],
      recent_appointments: [{ id: booking }],
      recent_payments: [{ amount_cents: 12_000 }],
    });
  });

  test("counts payments in the location's currency, said or not, and no others", async () => {
    const { member: maya, read } = await openMember(server);
    await maya.grant("pack", { amount_cents: 500 });
    await maya.grant("pack", { amount_cents: 70_000, currency: "EUR" });
    await maya.grant("pack");
    expect(summaryOf(await read("/summary"))).toMatchObject({ lifetime_value_cents: 12_500, payment_events_count: 4 });
  });

  test("tells when the contact last paid, not who told last", async () => {
    const { member: maya, read } = await openMember(server);
    const before = summaryOf(await read("/summary"))["last_paid_at"];
    await maya.grant("pack", { paid_at: inDays(-9) });
    expect(summaryOf(await read("/summary"))["last_paid_at"]).toBe(before);
  });

  test("is empty, not absent, for a contact without anything", async () => {
    const { studio } = await openMember(server);
    const [{ location_id } = { location_id: "" }] = await sql<{ location_id: string }>(
      server.db,
      "SELECT location_id FROM locations l JOIN workspaces w ON w.id = l.workspace_id WHERE w.key = $1",
      [studio.workspace],
    );
    await sql(
      server.db,
      "INSERT INTO contacts (location_id, id, external_id, created_at) VALUES ($1, $2, 'bare', now())",
      [location_id, randomUUID()],
    );
    expect(summaryOf(await studio.api.get("/contacts/bare/summary"))).toEqual({
      credits_available: 0,
      unlimited: false,
      last_paid_at: null,
      lifetime_value_cents: 0,
      currency: "USD",
      payment_events_count: 0,
      entitlements: [],
      recent_ledger: [],
      recent_appointments: [],
      recent_payments: [],
    });
  });

  test("holds the latest 20 of each kind", async () => {
    const { studio, member: maya, read } = await openMember(server);
    for (let i = 0; i < 21; i += 1) {
      const external_ref = `b-${i}-${randomUUID()}`;
      await maya.grant("pack", { external_payment_id: `p-${i}-${randomUUID()}` });
      await maya.deduct({ calendar_id: "yoga", external_ref, appointment_time: inDays(i / 24) });
    }
    const summary = summaryOf(await read("/summary"));
    for (const list of ["recent_ledger", "recent_appointments", "recent_payments"]) {
      expect(summary[list]).toHaveLength(20);
    }
    expect(summary.entitlements).toHaveLength(22);
    expect(summary["credits_available"]).toBe(198);
    const { items } = await readAll(studio.api, `/contacts/${maya.id}/ledger`, 7);
    expect(items.slice(0, 20)).toEqual(summary["recent_ledger"]);
  });

  test("names at most 100 live entitlements, usable ones first, and still counts all", async () => {
    const { member: maya, read } = await openMember(server);
    const { location_id, id } = await contactRow(server, maya);
    await sql(
      server.db,
      `INSERT INTO entitlements (location_id, id, contact_id, product_config_id, origin, state, unlimited, live, granted,
         available, held, effective_at, expires_at, created_at)
       SELECT location_id, gen_random_uuid(), contact_id, product_config_id, 'adjustment',
         CASE WHEN i <= 110 THEN 'open' ELSE 'paused' END, false, true, 1, 1, 0, effective_at, NULL,
         date_trunc('milliseconds', now()) FROM entitlements, generate_series(1, 120) i
       WHERE location_id = $1 AND contact_id = $2`,
      [location_id, id],
    );
    const summary = summaryOf(await read("/summary"));
    expect(summary.entitlements).toHaveLength(100);
    expect(summary["credits_available"]).toBe(119);
    expect(new Set(summary.entitlements.map((lot) => (lot as { status: string }).status))).toEqual(new Set(["active"]));
  });
});

test("a read changes nothing and locks nothing", async () => {
  const { member: maya, read } = await openMember(server);
  const before = await sql(
    server.db,
    "SELECT pg_current_xact_id_if_assigned(), xmin, * FROM contacts WHERE external_id = $1",
    [maya.id],
  );
  const { location_id, id } = await contactRow(server, maya);
  await server.db.transaction([location_id], async (tx) => {
    await tx.query({ name: "", text: "SELECT 1 FROM contacts WHERE id = $1 FOR UPDATE" }, [id]);
    expect(await read("/summary")).toAnswer("summary_loaded");
    expect(await read("/timeline")).toAnswer("timeline_loaded");
  });
  expect(
    await sql(server.db, "SELECT pg_current_xact_id_if_assigned(), xmin, * FROM contacts WHERE external_id = $1", [
      maya.id,
    ]),
  ).toEqual(before);
});

test("reads work while billing is suspended", async () => {
  const { studio, read } = await openMember(server);
  await sql(server.db, "UPDATE workspaces SET billing_status = 'suspended' WHERE key = $1", [studio.workspace]);
  expect(await read("/summary")).toAnswer("summary_loaded");
});
