import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { syncBooking } from "../../src/operations/bookings/sync-booking.ts";
import { submitOwn } from "../../src/operations/credits/submit-own.ts";
import type { LedgerOperation } from "../../src/operations/gate.ts";
import { recordPayment } from "../../src/operations/payments/record-payment.ts";
import { recordRefund } from "../../src/operations/payments/record-refund.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { lineOf } from "../api/payments-desk.ts";
import { sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { openDesk, type Desk } from "./desk.ts";

const server = useConsole();
const PACK = { key: "pack", type: "package", credits_total: 10, calendars: ["yoga"], ghl_product_id: "known" };
const MONTHLY = { key: "monthly", type: "membership", monthly_credits: 8, calendars: ["yoga"], ghl_product_id: "gold" };
const products = [PACK, MONTHLY];
const HOUR = 3_600_000;

async function tell<I>(studio: Desk, operation: LedgerOperation<I>, input: object): Promise<Record<string, unknown>> {
  const cause = { source: "ghl", urgency: "interactive", is_level: true } as const;
  const location_id = locationUuid(studio.location_id) ?? "";
  const answer = await submitOwn(server.service.ledger, operation, location_id, input as I, cause);
  if (answer.kind !== "answered") throw new Error(`the ledger answered ${answer.kind}`);
  return JSON.parse(answer.body) as Record<string, unknown>;
}

/** Paid an hour ago, as GoHighLevel tells of it; answers the payment's own id. */
async function pay(studio: Desk, contact: string, product_id: string, name: string = randomUUID()): Promise<string> {
  const payment = {
    provider: "ghl",
    keys: [{ provider: "ghl", key: name }],
    status: "paid",
    is_live: true,
    contact: { external_id: contact, email: null, phone: null, name: null },
    items: [lineOf(product_id)],
    amount_cents: 10_000,
    currency: "USD",
    paid_at: Date.now() - HOUR,
    period: null,
    subscription_id: null,
    refunded_cents: null,
  };
  const told = await tell(studio, recordPayment, { contact_external_id: contact, payment, told_by: "test" });
  return String(told["payment_event_id"]);
}

async function refund(studio: Desk, contact: string, name: string, amount_cents: number) {
  const told = {
    provider: "ghl",
    keys: [{ provider: "ghl", key: name }],
    refund_id: randomUUID(),
    amount_cents,
    status: "succeeded",
    is_live: true,
    refunded_at: Date.now(),
  };
  await tell(studio, recordRefund, { contact_external_id: contact, refund: told });
}

async function book(studio: Desk, contact: string, calendar_id = "yoga"): Promise<string> {
  const external_id = randomUUID();
  const now = Date.now();
  const version = {
    external_id,
    contact_external_id: contact,
    calendar_id,
    status: "confirmed",
    starts_at: now + 48 * HOUR,
    ends_at: now + 49 * HOUR,
    added_at: now - HOUR,
    updated_at: now - HOUR,
    payload_hash: external_id,
  };
  await tell(studio, syncBooking, { contact_external_id: contact, version });
  return external_id;
}

const attention = async (studio: Desk, kind: string) => {
  const { body } = await studio.viewer.at("GET", `/payments?attention=${kind}`);
  return (body["payments"] as { id: string }[]).map(({ id }) => id);
};

const unfunded = async (studio: Desk) => {
  const { body } = await studio.viewer.at("GET", "/bookings/unfunded");
  return (body["bookings"] as { id: string }[]).map(({ id }) => id);
};

const balance = async (studio: Desk, contact: string) => {
  const { body } = await studio.viewer.at("GET", `/contacts/${contact}/credits`);
  return (body["credits"] as { credits_available: number }).credits_available;
};

const resolve = (studio: Desk, payment_id: string, contact: string, fields: object) =>
  studio.admin.at("POST", `/payments/${payment_id}/resolve`, {
    request_id: randomUUID(),
    external_contact_id: contact,
    ...fields,
  });

async function whole(studio: Desk, id: unknown) {
  const work = async () => {
    const { body } = await studio.viewer.at("GET", `/bulk-work/${String(id)}`);
    return body["bulk_job"] as Record<string, unknown>;
  };
  await expect.poll(async () => (await work())["status"], { timeout: 10_000 }).toBe("done");
  return work();
}

async function doWork(studio: Desk, work: object) {
  const previewed = await studio.admin.at("POST", "/bulk-work/preview", { work });
  const told = await whole(studio, previewed.body["id"]);
  const run = await studio.admin.at("POST", `/bulk-work/${String(told["id"])}/run`);
  return { told, done: await whole(studio, run.body["id"]) };
}

/** What an administrator gave as the reasons for what they did. */
async function reasonsOf(studio: Desk, action: string): Promise<unknown[]> {
  const lines = await sql<{ reason: string }>(
    server.db,
    "SELECT after ->> 'reason' AS reason FROM audit_events WHERE workspace_id = $1 AND action = $2 AND actor = $3",
    [studio.workspace_id, action, studio.admin.email],
  );
  return lines.map(({ reason }) => reason);
}

describe("Payments of a product that nobody had mapped", () => {
  test("are mapped and granted all at once, with their dates; first it is told what each would get", async () => {
    const studio = await openDesk(server, { products });
    const first = await pay(studio, "ana", "prod_new");
    const second = await pay(studio, "ben", "prod_new");
    const other = await pay(studio, "ben", "prod_else");
    expect((await attention(studio, "unmatched")).toSorted()).toEqual([first, second, other].toSorted());
    const work = {
      kind: "backfill",
      provider: "ghl",
      product_id: "prod_new",
      product_config_id: studio.products["pack"],
      reason: "sold since Monday",
    };
    const { told, done } = await doWork(studio, work);
    expect(told["summary"]).toMatchObject({
      payments: 2,
      items: 2,
      credits: 20,
      "entries.grant": 2,
      "credits.grant": 20,
    });
    expect(done).toMatchObject({ kind: "backfill", done: 2, refused: 0 });
    expect(await attention(studio, "unmatched")).toEqual([other]);
    expect(await balance(studio, "ana")).toBe(10);
    expect(await reasonsOf(studio, "resolve_payment")).toEqual(Array(2).fill("sold since Monday"));
    const { body } = await studio.viewer.at("GET", "/contacts/ana/ledger");
    const [entry] = body["entries"] as { occurred_at: string }[];
    expect(Date.now() - Date.parse(entry?.occurred_at ?? "")).toBeGreaterThanOrEqual(HOUR);
  });

  test("are let go with a reason that stands in the audit trail", async () => {
    const studio = await openDesk(server, { products });
    const id = await pay(studio, "ana", "prod_new");
    expect((await resolve(studio, id, "ana", { action: "dismiss", reason: "a gift card" })).body.ok).toBe(true);
    expect(await attention(studio, "unmatched")).toEqual([]);
    const [line] = await sql(
      server.db,
      "SELECT actor, ip, after FROM audit_events WHERE workspace_id = $1 AND action = 'resolve_payment'",
      [studio.workspace_id],
    );
    expect(line).toMatchObject({
      actor: studio.admin.email,
      ip: studio.admin.visitor.ip,
      after: { action: "dismiss", reason: "a gift card" },
    });
  });
});

describe("A refund of what is spent already", () => {
  test("is acknowledged, and reminds of itself again when it grows", async () => {
    const studio = await openDesk(server, { products });
    const id = await pay(studio, "ana", "known", "pay-1");
    await studio.admin.at("POST", "/entitlements/deduct", {
      request_id: "d1",
      external_contact_id: "ana",
      calendar_id: "yoga",
      amount: 8,
    });
    await refund(studio, "ana", "pay-1", 5000);
    expect(await attention(studio, "shortfall")).toEqual([id]);
    await resolve(studio, id, "ana", { action: "acknowledge", flags: ["shortfall"], reason: "she pays in cash" });
    expect(await attention(studio, "shortfall")).toEqual([]);
    expect(await attention(studio, "flagged")).toEqual([]);
    await refund(studio, "ana", "pay-1", 2000);
    expect(await attention(studio, "shortfall")).toEqual([id]);
  });
});

describe("A membership that was charged while it was frozen", () => {
  async function charged() {
    const studio = await openDesk(server, { products });
    await pay(studio, "ana", "gold");
    const { body } = await studio.viewer.at("GET", "/contacts/ana/memberships");
    const [membership] = body["memberships"] as { id: string }[];
    const freeze = { request_id: "f1", external_contact_id: "ana" };
    await studio.admin.at("POST", `/memberships/${membership?.id ?? ""}/freeze`, freeze);
    const payment = await recordNow(studio);
    expect(await attention(studio, "charged_while_frozen")).toEqual([payment]);
    return { studio, payment };
  }
  /** Paid at this moment, inside the freeze. */
  async function recordNow(studio: Desk): Promise<string> {
    const payment = {
      provider: "ghl",
      keys: [{ provider: "ghl", key: "second" }],
      status: "paid",
      is_live: true,
      contact: { external_id: "ana", email: null, phone: null, name: null },
      items: [lineOf("gold")],
      amount_cents: 9000,
      currency: "USD",
      paid_at: Date.now(),
      period: null,
      subscription_id: null,
      refunded_cents: null,
    };
    const told = await tell(studio, recordPayment, { contact_external_id: "ana", payment, told_by: "test" });
    return String(told["payment_event_id"]);
  }

  test("is acknowledged: what it granted waits for the end of the freeze", async () => {
    const { studio, payment } = await charged();
    expect((await resolve(studio, payment, "ana", { action: "acknowledge" })).body.ok).toBe(true);
    expect(await attention(studio, "charged_while_frozen")).toEqual([]);
  });

  test("is given back: told first, then its credits are gone, and it waits for nobody", async () => {
    const { studio, payment } = await charged();
    const dry = await studio.admin.at("POST", `/payments/${payment}/resolve`, {
      dry_run: true,
      external_contact_id: "ana",
      action: "take_back",
    });
    expect(dry.body).toMatchObject({ ok: true, dry_run: true, preview: { entries: [{ type: "refund", amount: -8 }] } });
    await resolve(studio, payment, "ana", { action: "take_back", reason: "charged by mistake" });
    expect(await attention(studio, "charged_while_frozen")).toEqual([]);
    const { body } = await studio.viewer.at("GET", `/payments/${payment}`);
    expect(body["payment"]).toMatchObject({ refunded_cents: 9000, items: [{ credits_taken: 8 }] });
  });
});

describe("Bookings that could not be charged", () => {
  test("are settled all at once for a contact when credits have come, in the order in which they were made", async () => {
    const studio = await openDesk(server, { products: [{ ...PACK, credits_total: 1 }] });
    const first = await book(studio, "ana");
    const second = await book(studio, "ana");
    const foreign = await book(studio, "ben");
    await studio.admin.at("POST", "/grants", {
      request_id: "g1",
      external_payment_id: "p1",
      external_contact_id: "ana",
      product_config_id: studio.products["pack"],
    });
    const { told, done } = await doWork(studio, { kind: "settle", contact: "ana", reason: "paid at the desk" });
    expect(await reasonsOf(studio, "settle_unfunded_bookings")).toEqual(["paid at the desk"]);
    for (const work of [told, done]) expect(work).toMatchObject({ summary: { bookings: 1, left: 1, credits: 1 } });
    expect((await unfunded(studio)).toSorted()).toEqual([second, foreign].toSorted());
    expect(first).not.toBe(second);
  });

  test("are settled, and given back when the studio cancels, each with its reason", async () => {
    const studio = await openDesk(server, { products });
    const id = await book(studio, "ana");
    await pay(studio, "ana", "known");
    const decide = (path: string, reason: string) =>
      studio.admin.at("POST", `/bookings/${id}/${path}`, { request_id: path, external_contact_id: "ana", reason });
    expect((await decide("settle", "paid in cash")).body).toMatchObject({ reason_code: "booking_settled" });
    expect(await reasonsOf(studio, "settle_unfunded_booking")).toEqual(["paid in cash"]);
    expect((await decide("studio-cancelled", "the teacher is ill")).body).toMatchObject({ ok: true });
    expect(await reasonsOf(studio, "booking_cancelled_by_studio")).toEqual(["the teacher is ill"]);
  });

  test("are let go with a reason, and are listed no more", async () => {
    const studio = await openDesk(server, { products });
    const id = await book(studio, "ana");
    expect(await unfunded(studio)).toEqual([id]);
    const waive = { request_id: "w1", external_contact_id: "ana" };
    const without = await studio.admin.at("POST", `/bookings/${id}/waive`, waive);
    expect(without.body["errors"]).toEqual([{ field: "reason", message: "is required" }]);
    const waived = await studio.admin.at("POST", `/bookings/${id}/waive`, { ...waive, reason: "a trial class" });
    expect(waived.body).toMatchObject({ ok: true, reason_code: "booking_waived" });
    expect(await unfunded(studio)).toEqual([]);
    expect(await reasonsOf(studio, "waive_booking")).toEqual(["a trial class"]);
  });
});

describe("More time for one member", () => {
  test("is told first, then given, and asked twice it is given once", async () => {
    const studio = await openDesk(server, { products: [{ ...PACK, expiry_days: 30 }] });
    await pay(studio, "ana", "known");
    const ask = { days: 7, reason: "closed for a week" };
    const told = await studio.admin.at("POST", "/contacts/ana/extend", { ...ask, dry_run: true });
    const [change] = told.body["extended"] as { before: string; after: string }[];
    const expiry = async () => {
      const { body } = await studio.viewer.at("GET", "/contacts/ana/entitlements");
      return (body["entitlements"] as { expires_at: string }[])[0]?.expires_at;
    };
    expect(await expiry()).toBe(change?.before);
    for (let i = 0; i < 2; i += 1) await studio.admin.at("POST", "/contacts/ana/extend", { ...ask, request_id: "e1" });
    expect(await expiry()).toBe(change?.after);
  });
});
