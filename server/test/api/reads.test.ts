import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sql, useServer, type Response } from "../support.ts";
import { contactRow, itemsOf, readAll } from "./reads-studio.ts";
import { inDays, openMember, type Studio } from "./reads-studio.ts";

const server = useServer();
const MEMBERSHIP = { key: "monthly", name: "Monthly 8", type: "membership", monthly_credits: 8, calendars: ["yoga"] };
const UNLIMITED = { key: "open", type: "membership", monthly_credits: "unlimited", calendars: ["yoga"] };
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

/** A member with a pack, a payment, and one booking in three days. */
async function member(settings: Parameters<typeof openStudio>[1] = {}) {
  const studio = await openStudio(server, settings);
  const someone = studio.newMember();
  const granted = await someone.grant("pack", {
    amount_cents: 12_000,
    currency: "USD",
    name: "Maya",
    email: "m@a.test",
  });
  const booking = `booking-${randomUUID()}`;
  const deducted = await someone.deduct({ calendar_id: "yoga", external_ref: booking, appointment_time: inDays(3) });
  const read = (path = "") => studio.api.get(`/contacts/${someone.id}${path}`);
  return { studio, member: someone, granted: granted.body, deducted: deducted.body, booking, read };
}

const summaryOf = ({ body }: Response) => body["summary"] as Record<string, unknown> & { entitlements: unknown[] };

describe("GET /contacts/{id}", () => {
  test("tells who the contact is, by its external id", async () => {
    const {
      member: { id },
      granted,
      read,
    } = await member();
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
    const { studio, granted } = await member();
    const own = String(granted["contact_id"]);
    for (const id of [own, own.toUpperCase()]) {
      expect(await studio.api.get(`/contacts/${id}`)).toAnswer("contact_loaded", {
        contact: expect.objectContaining({ id: own }),
      });
    }
  });

  test("lets the external id win where one contact's is another's own id", async () => {
    const { studio, granted } = await member();
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
    const { granted, booking, read } = await member();
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
    const { member: maya, read } = await member();
    await maya.grant("pack", { amount_cents: 500 });
    await maya.grant("pack", { amount_cents: 70_000, currency: "EUR" });
    await maya.grant("pack");
    expect(summaryOf(await read("/summary"))).toMatchObject({ lifetime_value_cents: 12_500, payment_events_count: 4 });
  });

  test("tells when the contact last paid, not who told last", async () => {
    const { member: maya, read } = await member();
    const before = summaryOf(await read("/summary"))["last_paid_at"];
    await maya.grant("pack", { paid_at: inDays(-9) });
    expect(summaryOf(await read("/summary"))["last_paid_at"]).toBe(before);
  });

  test("is empty, not absent, for a contact without anything", async () => {
    const { studio } = await member();
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
    const { studio, member: maya, read } = await member();
    for (let i = 0; i < 21; i += 1) {
      const external_ref = `b-${i}-${randomUUID()}`;
      await maya.grant("pack", { external_payment_id: `p-${i}-${randomUUID()}` });
      await maya.deduct({ calendar_id: "yoga", external_ref, appointment_time: inDays(i / 24) });
    }
    const summary = summaryOf(await read("/summary"));
    for (const list of ["recent_ledger", "recent_appointments", "recent_payments"]) {
      expect(summary[list], list).toHaveLength(20);
    }
    expect(summary.entitlements).toHaveLength(22);
    expect(summary["credits_available"]).toBe(198);
    const { items } = await readAll(studio.api, `/contacts/${maya.id}/ledger`, 7);
    expect(items.slice(0, 20)).toEqual(summary["recent_ledger"]);
  });

  test("names at most 100 live entitlements, usable ones first, and still counts all", async () => {
    const { member: maya, read } = await member();
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

describe("GET /contacts/{id}/credits", () => {
  test("counts what is usable now: not what is scheduled, paused, expired or revoked", async () => {
    const { member: maya, read } = await member({ products: [PACK, MEMBERSHIP] });
    await maya.grant("monthly");
    await maya.grant("monthly");
    const grants = await Promise.all(["paused", "revoked", "expired"].map(() => maya.grant("pack")));
    const [paused, revoked, expired] = grants.map(({ body }) => body["entitlement_id"]);
    await sql(server.db, "UPDATE entitlements SET state = 'paused' WHERE id = $1", [paused]);
    await sql(server.db, "UPDATE entitlements SET state = 'revoked', live = false WHERE id = $1", [revoked]);
    await sql(server.db, "UPDATE entitlements SET expires_at = date_trunc('second', now()) WHERE id = $1", [expired]);

    const answer = await read("/credits");
    expect(answer).toAnswer("credits_loaded", {
      credits: expect.objectContaining({ credits_available: 9 + 8, credits_held: 0, unlimited: false }),
    });
    const { entitlements } = answer.body["credits"] as { entitlements: { id: string; status: string }[] };
    expect(entitlements.map(({ status }) => status).sort()).toEqual(["active", "active", "paused", "scheduled"]);

    const all = itemsOf(await read("/entitlements"));
    expect(all.find(({ id }) => id === expired)).toMatchObject({ status: "expired", credits_remaining: 0 });
    expect(all.find(({ id }) => id === revoked)).toMatchObject({ status: "revoked" });
  });

  test("tells what is held for bookings apart", async () => {
    const { granted, read } = await member();
    await sql(server.db, "UPDATE entitlements SET available = 7, held = 2 WHERE id = $1", [granted["entitlement_id"]]);
    expect(await read("/credits")).toAnswer("credits_loaded", {
      credits: expect.objectContaining({ credits_available: 7, credits_held: 2 }),
    });
  });

  test("sets unlimited beside the finite balance", async () => {
    const { member: maya, read } = await member({ products: [PACK, UNLIMITED] });
    await maya.grant("open");
    const answer = await read("/credits");
    expect(answer).toAnswer("credits_loaded", {
      credits: expect.objectContaining({ credits_available: 9, unlimited: true }),
    });
    const [lot] = itemsOf(await read("/entitlements"));
    expect(lot).toMatchObject({ unlimited: true, credits_remaining: null, credits_granted: null, status: "active" });
  });

  test("follows a sandbox's own clock, late job or not", async () => {
    const products = [{ ...PACK, expiry_days: 30 }];
    const { read, studio } = await member({ products, sandbox: true });
    await sql(
      server.db,
      `UPDATE locations SET clock_offset_ms = $2 FROM workspaces w WHERE w.id = workspace_id AND w.key = $1`,
      [studio.workspace, 40 * DAY],
    );
    expect(await read("/credits")).toAnswer("credits_loaded", {
      credits: expect.objectContaining({ credits_available: 0, entitlements: [] }),
    });
    expect(itemsOf(await read("/entitlements"))).toMatchObject([{ status: "expired", credits_remaining: 0 }]);
    expect(itemsOf(await read("/appointments/upcoming"))).toEqual([]);
    expect(itemsOf(await read("/appointments/past"))).toHaveLength(1);
  });
});

describe("GET /contacts/{id}/entitlements", () => {
  test("tells every field of a package's lot", async () => {
    const { granted, studio, read } = await member({ products: [{ ...PACK, name: "Ten classes", expiry_days: 30 }] });
    const answer = await read("/entitlements");
    expect(answer).toAnswer("entitlements_loaded", { next_cursor: null });
    const time = expect.stringMatching(/Z$/);
    expect(itemsOf(answer)).toEqual([
      {
        id: granted["entitlement_id"],
        product_config_id: studio.product("pack"),
        name: "Ten classes",
        origin: "purchase",
        status: "active",
        unlimited: false,
        credits_granted: 10,
        credits_remaining: 9,
        credits_held: 0,
        effective_at: time,
        expires_at: time,
        activated_on: null,
        membership_id: null,
        period: null,
        payment_event_id: expect.any(String),
        parent_id: null,
        created_at: time,
      },
    ]);
  });

  test("tells the period of a membership's lot, the newest first", async () => {
    const { member: maya, read } = await member({ products: [PACK, MEMBERSHIP] });
    await maya.grant("monthly");
    await maya.grant("monthly");
    const [next, current] = itemsOf(await read("/entitlements"));
    expect(next).toMatchObject({ status: "scheduled", origin: "period" });
    expect((next?.["period"] as { start_at: string }).start_at).toBe(
      (current?.["period"] as { end_at: string }).end_at,
    );
    expect(next?.["membership_id"]).toBe(current?.["membership_id"]);
  });

  test("tells when first use started the clock, and that a used up lot is exhausted", async () => {
    const pack = { key: "pack", type: "package", credits_total: 1, calendars: ["yoga"], expiry_days: 30 };
    const { read } = await member({ products: [{ ...pack, activation: "on_first_use" }] });
    expect(itemsOf(await read("/entitlements"))).toMatchObject([
      { status: "exhausted", credits_remaining: 0, activated_on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    ]);
  });
});

describe("GET /contacts/{id}/payments", () => {
  test("tells every field of a payment, and pages newest first", async () => {
    const { member: maya, granted, studio, read } = await member();
    const paid_at = inDays(-2);
    const external_payment_id = `old-${randomUUID()}`;
    await maya.grant("pack", {
      paid_at,
      provider: "stripe",
      external_payment_id,
      event_type: "invoice.paid",
      external_ref: "r-1",
    });
    const answer = await read("/payments");
    expect(answer).toAnswer("payments_loaded", { next_cursor: null });
    const [latest, older] = itemsOf(answer);
    expect(older).toEqual({
      id: expect.any(String),
      provider: "stripe",
      external_payment_id,
      event_type: "invoice.paid",
      amount_cents: null,
      currency: null,
      product_config_id: studio.product("pack"),
      product_name: expect.any(String),
      entitlement_id: expect.any(String),
      external_ref: "r-1",
      paid_at,
      recorded_at: expect.stringMatching(/Z$/),
    });
    expect(latest).toMatchObject({ entitlement_id: granted["entitlement_id"], amount_cents: 12_000, currency: "USD" });
  });
});

describe("GET /contacts/{id}/appointments", () => {
  test("tells what is to come and what has begun apart, each newest first, cancelled ones too", async () => {
    const { member: maya, booking, read } = await member();
    const book = async (days: number | null) => {
      const external_ref = `b-${days}-${randomUUID()}`;
      const appointment_time = days === null ? undefined : inDays(days);
      await maya.deduct({ calendar_id: "yoga", external_ref, appointment_time });
      return { external_ref, appointment_time };
    };
    const [far, yesterday, long_ago, untold] = [await book(9), await book(-1), await book(-9), await book(null)];
    await maya.restore({ external_ref: far.external_ref });

    const upcoming = await read("/appointments/upcoming");
    expect(upcoming).toAnswer("appointments_loaded", { next_cursor: null });
    expect(itemsOf(upcoming)).toEqual([
      {
        id: far.external_ref,
        calendar_id: "yoga",
        status: "cancelled",
        starts_at: far.appointment_time,
        booked_at: expect.stringMatching(/Z$/),
      },
      expect.objectContaining({ id: booking, status: "confirmed" }),
    ]);
    const past = await read("/appointments/past");
    expect(past).toAnswer("appointments_loaded", { next_cursor: null });
    const ids = [untold, yesterday, long_ago].map(({ external_ref }) => external_ref);
    expect(itemsOf(past).map(({ id }) => id)).toEqual(ids);
    expect(itemsOf(past)[0]).toMatchObject({ starts_at: null });
  });
});

test("a read changes nothing and locks nothing", async () => {
  const { member: maya, read } = await member();
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
  const { studio, read } = await member();
  await sql(server.db, "UPDATE workspaces SET billing_status = 'suspended' WHERE key = $1", [studio.workspace]);
  expect(await read("/summary")).toAnswer("summary_loaded");
});
