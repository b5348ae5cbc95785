import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { verifyBooks } from "../../src/operations/credits/verify-books.ts";
import { addDays, localDate } from "../../src/rules/time/local-days.ts";
import { lineOf, openDesk, type PaymentDesk } from "../api/payments-desk.ts";
import { sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { deliverGhl, SANDBOX_KEY, takeAll, tellGhl } from "./sample-webhooks.ts";
import { openStaffDesk, type StaffDesk } from "./staff-desk.ts";

const server = useConsole({}, { sandbox_key: SANDBOX_KEY });
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

const HOUR_OF_DAY = new Date().getUTCHours();
/** Where it is noon, so that the day which the bookings are of neither began just now nor ends soon. */
const ZONE = HOUR_OF_DAY < 12 ? `Etc/GMT-${12 - HOUR_OF_DAY}` : `Etc/GMT+${HOUR_OF_DAY - 12}`;
const PRODUCTS = [
  {
    key: "pack",
    name: "Ten visits",
    type: "package",
    credits_total: 10,
    calendars: ["yoga"],
    ghl_product_id: "ghl_pack",
  },
  {
    key: "short",
    name: "Short",
    type: "package",
    credits_total: 6,
    expiry_days: 40,
    calendars: ["yoga"],
    priority: 200,
  },
  { key: "gone", name: "Gone", type: "package", credits_total: 4, expiry_days: 10, calendars: ["pool"] },
  { key: "monthly", name: "Monthly", type: "membership", monthly_credits: 8, grace_days: 14, calendars: ["gym"] },
  { key: "open", name: "Open", type: "membership", monthly_credits: "unlimited", calendars: ["gym"] },
];

interface Overview {
  attention: { kind: string; count: number; first: Record<string, unknown>[] }[];
  today: { on: string; bookings: Record<string, unknown>[]; covered: number; unfunded: number; cancelled: number };
  credits: Record<string, number> & {
    movement: Record<string, number> & { from_on: string; days: Record<string, number | string>[] };
    by_product: { name: string; outstanding: number }[];
  };
  expiring: Record<string, unknown> & { first: Record<string, unknown>[] };
  members: Record<string, unknown> & { next_renewals: Record<string, unknown>[] };
  health: {
    sources: { provider: string; type: string; seconds_ago: number }[];
    queue: { waiting: number; lag_seconds: number };
    verified: object | null;
  };
}

let desk: PaymentDesk;
let viewer: StaffDesk;
let shown: Overview;
let now: number;

async function overviewOf(staff: StaffDesk): Promise<Overview> {
  const { body } = await staff.get("/overview");
  expect(body.reason_code).toBe("loaded");
  return body["overview"] as Overview;
}

async function ask(path: string, fields: object): Promise<Record<string, unknown>> {
  const answer = await desk.api.post(path, { request_id: randomUUID(), ...fields });
  expect([path, answer.body.ok, answer.body.reason_code]).toEqual([path, true, answer.body.reason_code]);
  return answer.body;
}

const grant = (contact: string, product: string, fields: object = {}) =>
  ask("/grants", {
    external_payment_id: randomUUID(),
    external_contact_id: contact,
    product_config_id: desk.product(product),
    ...fields,
  });

const deduct = (contact: string, calendar_id: string, ref: string, appointment_time: string) =>
  ask("/entitlements/deduct", { external_contact_id: contact, calendar_id, external_ref: ref, appointment_time });

const book = (contact_id: string, id: string, at: number, status = "confirmed", calendar = "yoga") =>
  tellGhl(server, status === "confirmed" ? "AppointmentCreate" : "AppointmentUpdate", {
    location_id: desk.location_id,
    contact_id,
    at: now,
    set: {
      "appointment.id": id,
      "appointment.calendarId": calendar,
      "appointment.appointmentStatus": status,
      "appointment.startTime": new Date(at).toISOString(),
      "appointment.endTime": new Date(at + 3_600_000).toISOString(),
      "appointment.dateUpdated": new Date(now + (status === "confirmed" ? 0 : 60_000)).toISOString(),
    },
  });

/** Whoever comes lives through something that the overview must know of; the clock ends 36 days on. */
beforeAll(async () => {
  desk = await openDesk(server, { sandbox: true, timezone: ZONE, products: PRODUCTS });
  viewer = await openStaffDesk(server, desk, "viewer");
  await grant("early", "pack");
  await grant("early", "gone");
  await deduct("early", "yoga", "early-1", inDays(1));
  await grant("frost", "monthly");
  await grant("late", "monthly");
  await desk.travelTo(inDays(10));
  await grant("keen", "monthly", { amount_cents: 9600 });
  await grant("wide", "open");
  await grant("short", "short", { amount_cents: 6000, currency: "USD", paid_at: inDays(0.5) });
  await deduct("short", "yoga", "short-1", inDays(13));
  await ask("/entitlements/restore", { external_contact_id: "short", external_ref: "short-1" });
  await deduct("keen", "gym", "keen-1", inDays(12));
  await deduct("wide", "gym", "wide-1", inDays(12));
  const { body } = await desk.api.get("/contacts/frost/memberships");
  const [{ id, next_boundary_at }] = body["memberships"] as [{ id: string; next_boundary_at: string }];
  await desk.travelTo(new Date(Date.parse(next_boundary_at) - 2 * DAY).toISOString());
  await ask(`/memberships/${id}/freeze`, {
    external_contact_id: "frost",
    from_on: localDate(Date.parse(next_boundary_at) - DAY, ZONE),
    to_on: localDate(Date.parse(next_boundary_at) + 30 * DAY, ZONE),
    reason: "travels",
  });
  now = Date.parse(inDays(36));
  await desk.travelTo(new Date(now).toISOString());
  await ask("/contacts/early/adjust", { amount: -2, reason: "used without a booking" });
  await ask("/contacts/early/adjust", { amount: 3, product_config_id: desk.product("pack"), reason: "goodwill" });
  const paid_at = now - 3_600_000;
  await desk.pay("early", { name: "paid_refunded", provider: "ghl", paid_at, items: [lineOf("ghl_pack")] });
  await desk.refund("paid_refunded", { provider: "ghl", amount_cents: 4000, refund_id: "refund_1", refunded_at: now });
  await desk.pay("early", { name: "paid_unmatched", provider: "ghl", paid_at, items: [lineOf("nothing of ours")] });
  await desk.pay("spender", { name: "paid_spent", provider: "ghl", paid_at });
  await ask("/entitlements/deduct", { external_contact_id: "spender", calendar_id: "yoga", amount: 9 });
  await desk.refund("paid_spent", { provider: "ghl", refund_id: "refund_2", refunded_at: now });
  await desk.pay("frost", { name: "paid_frozen", provider: "ghl", paid_at, items: [lineOf("m")], amount_cents: 9600 });
  await book("early", "today-1", now + 2 * 3_600_000);
  await book("nobody", "today-2", now + 3 * 3_600_000);
  await book("early", "today-3", now + 60_000);
  await book("early", "today-3", now + 60_000, "cancelled");
  await book("early", "next-week", now + 7 * DAY);
  shown = await overviewOf(viewer);
}, 60_000);

/** Balances of the location's accounts as its entries have them: credits less debits. */
async function accounts(condition = "true", values: unknown[] = []): Promise<Record<string, number>> {
  const rows = await sql<{ account: string; balance: number }>(
    server.db,
    `SELECT account::text, sum(amount)::bigint AS balance FROM (
       SELECT credit AS account, amount FROM ledger_entries WHERE location_id = $1 AND ${condition}
       UNION ALL SELECT debit, -amount FROM ledger_entries WHERE location_id = $1 AND ${condition}
     ) moved GROUP BY account`,
    [desk.uuid, ...values],
  );
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
}

describe("outstanding credits tie to the ledger", () => {
  test("what is owed is what the accounts of the members hold, and the books are clean", async () => {
    const verification = await verifyBooks(server.db, { location_id: desk.uuid });
    expect(verification.broken).toEqual({});
    const { available = 0, held = 0 } = await accounts();
    expect(shown.credits).toMatchObject({ available, held, outstanding: available + held });
    const outside = Object.entries(await accounts()).filter(
      ([account]) => account !== "available" && account !== "held",
    );
    expect(shown.credits["outstanding"]).toBe(-outside.reduce((sum, [, balance]) => sum + balance, 0));
    expect(shown.credits.by_product.reduce((sum, { outstanding }) => sum + outstanding, 0)).toBe(available + held);
  });

  test("opening and movements are closing, account by account", async () => {
    const { movement } = shown.credits;
    expect(movement.from_on).toBe(addDays(localDate(now, ZONE), -29));
    const since = "(occurred_at AT TIME ZONE $2)::date >= $3";
    const moved = await accounts(since, [ZONE, movement.from_on]);
    const before = await accounts(`NOT ${since}`, [ZONE, movement.from_on]);
    const sides = Object.fromEntries(
      ["used", "no_show", "late_cancel", "expired", "refunded"].map((account) => [account, owedTo(moved, account)]),
    );
    expect(movement).toMatchObject(sides);
    expect(movement).toMatchObject({
      opening: (before["available"] ?? 0) + (before["held"] ?? 0),
      adjusted: -(moved["adjusted"] ?? 0),
      closing: shown.credits["outstanding"],
    });
    const of = (...names: string[]) => names.reduce((sum, name) => sum + Number(movement[name]), 0);
    const gone = of("used", "no_show", "late_cancel", "expired", "refunded");
    expect(of("opening", "granted", "adjusted") - gone).toBe(movement["closing"]);
    for (const name of ["opening", "granted", "adjusted", "used", "expired", "refunded"]) {
      expect([name, movement[name]]).not.toEqual([name, 0]);
    }
  });

  /** What went to an account from what was owed: unlimited visits and shortfalls came from elsewhere. */
  function owedTo(moved: Record<string, number>, account: string): number {
    const elsewhere = { used: 1, refunded: 9 } as Record<string, number>;
    return (moved[account] ?? 0) - (elsewhere[account] ?? 0);
  }

  test("each day begins where the one before ended, and the last ends at what is owed", async () => {
    const { days, opening } = shown.credits.movement;
    expect(days).toHaveLength(30);
    let outstanding = opening ?? 0;
    for (const day of days) {
      outstanding += Number(day["added"]) - Number(day["removed"]);
      expect(day["outstanding"]).toBe(outstanding);
      const until = "(occurred_at AT TIME ZONE $2)::date <= $3";
      const { available = 0, held = 0 } = await accounts(until, [ZONE, day["on"]]);
      expect([day["on"], day["outstanding"]]).toEqual([day["on"], available + held]);
    }
    expect(outstanding).toBe(shown.credits["outstanding"]);
  });
});

test("what expires within two weeks is told in credits, people and money", async () => {
  const rows = await sql<{ contact_id: string; available: number }>(
    server.db,
    `SELECT contact_id, available FROM entitlements
     WHERE location_id = $1 AND available > 0 AND expires_at > $2 AND expires_at <= $2::timestamptz + interval '14 days'`,
    [desk.uuid, new Date(now).toISOString()],
  );
  expect(shown.expiring).toMatchObject({
    credits: rows.reduce((sum, { available }) => sum + available, 0),
    contacts: new Set(rows.map(({ contact_id }) => contact_id)).size,
    currency: "USD",
  });
  // Short: 6 of 6 at 10.00 each. Keen: 7 of 8 at 12.00 each. Late: 8 in grace, of whose price nobody said a word.
  expect(shown.expiring).toMatchObject({ credits: 21, valued_credits: 13, value_cents: 6000 + 8400 });
  expect(shown.expiring.first).toContainEqual(
    expect.objectContaining({ external_contact_id: "short", product_name: "Short", credits: 6 }),
  );
  const ends = shown.expiring.first.map(({ expires_at }) => expires_at as string);
  expect(ends).toEqual(ends.toSorted());
});

test("members by state are those that the list tells, and so are the renewals", async () => {
  for (const state of ["active", "frozen", "past_due", "suspended"]) {
    const { body } = await viewer.get("/memberships", { state, limit: 100 });
    const listed = (body["memberships"] as { is_frozen: boolean }[]).filter(
      ({ is_frozen }) => state === "frozen" || !is_frozen,
    );
    expect([state, shown.members[state]]).toEqual([state, listed.length]);
  }
  expect(shown.members).toMatchObject({ active: 2, frozen: 1, past_due: 1, suspended: 0, ending: 0 });
  const { body } = await viewer.get("/memberships", { state: "active", renews_within_days: 7 });
  expect(shown.members.next_renewals).toEqual((body["memberships"] as object[]).slice(0, 5));
  expect(shown.members["renewing"]).toBe((body["memberships"] as object[]).length);
  expect(shown.members["renewing"]).toBe(2);
});

test("today's bookings are those of the local day, with how they are covered", () => {
  expect(shown.today).toMatchObject({ on: localDate(now, ZONE) });
  expect(shown.today.bookings.map(({ id, standing }) => `${String(id)} ${String(standing)}`)).toEqual([
    "today-3 late_cancel",
    "today-1 held",
    "today-2 unfunded",
  ]);
  expect(shown.today).toMatchObject({ covered: 1, unfunded: 1, cancelled: 1 });
});

describe("what waits for a person", () => {
  test("is counted by kind as its list counts it, with the latest of each", async () => {
    const kinds = Object.fromEntries(shown.attention.map(({ kind, count }) => [kind, count]));
    expect(kinds).toMatchObject({ unmatched_payment: 2, refund_shortfall: 1, unfunded_booking: 1 });
    const lists = {
      unmatched_payment: ["/payment-events", { state: "unmatched" }, "payments"],
      refund_shortfall: ["/payment-events", { state: "shortfall" }, "payments"],
      unfunded_booking: ["/bookings/unfunded", {}, "bookings"],
    } as const;
    for (const { kind, count, first } of shown.attention) {
      const [path, query, name] = lists[kind as keyof typeof lists];
      const { body } = await viewer.get(path, query);
      const items = body[name] as { id: string }[];
      expect(count).toBe(items.length);
      expect(first.map(({ id }) => id)).toEqual(items.slice(0, 5).map(({ id }) => id));
    }
  });

  test("is told with whose it is and why it waits", () => {
    const of_kind = (kind: string) => shown.attention.find((one) => one.kind === kind)?.first ?? [];
    expect(of_kind("unmatched_payment")).toContainEqual(
      expect.objectContaining({ external_contact_id: "early", reason: "NO_PRODUCT_CONFIG", amount_cents: 10_000 }),
    );
    expect(of_kind("unfunded_booking")).toMatchObject([
      { id: "today-2", title: "yoga", external_contact_id: "nobody", reason: "NO_ENTITLEMENT" },
    ]);
  });

  test("a delivery that failed for good stands first, a broken connection before it", async () => {
    const studio = await openDesk(server, { sandbox: true });
    const staff = await openStaffDesk(server, studio, "viewer");
    await deliverGhl(server, "ContactUpdate", { location_id: studio.location_id, contact_id: "dead" });
    await takeAll(server);
    await sql(server.db, "UPDATE webhook_events SET status = 'dead' WHERE location_id = $1", [studio.uuid]);
    await sql(
      server.db,
      `INSERT INTO stripe_connections (location_id, id, url_key, mode, is_live, status, trouble, created_at)
       VALUES ($1, gen_random_uuid(), $2, 'poll', false, 'connected', 'The key was revoked.', now())`,
      [studio.uuid, randomUUID().replaceAll("-", "")],
    );
    const { attention } = await overviewOf(staff);
    expect(attention).toMatchObject([
      { kind: "disconnected", count: 1, first: [{ id: "stripe", reason: "The key was revoked." }] },
      { kind: "failed_webhook", count: 1, first: [{ title: "ghl ContactUpdate" }] },
    ]);
  });
});

describe("whether everything runs", () => {
  test("says what each provider delivered last", () => {
    expect(shown.health.sources).toMatchObject([{ provider: "ghl" }]);
    expect(shown.health.sources[0]?.seconds_ago).toBeLessThan(60);
  });

  test("says what came in and was not taken yet", async () => {
    const studio = await openDesk(server, { sandbox: true });
    const staff = await openStaffDesk(server, studio, "viewer");
    expect((await overviewOf(staff)).health.queue).toMatchObject({ waiting: 0, lag_seconds: 0, oldest_at: null });
    await deliverGhl(server, "ContactUpdate", { location_id: studio.location_id, contact_id: "slow" });
    await sql(
      server.db,
      "UPDATE webhook_events SET received_at = now() - interval '90 seconds', next_attempt_at = now() WHERE location_id = $1",
      [studio.uuid],
    );
    const { queue } = (await overviewOf(staff)).health;
    expect(queue.waiting).toBe(1);
    expect(queue.lag_seconds).toBeGreaterThanOrEqual(90);
    await takeAll(server);
    expect((await overviewOf(staff)).health.queue).toMatchObject({ waiting: 0 });
  });
});

test("a location in which nothing happened yet has an empty overview, not a broken one", async () => {
  const empty = await overviewOf(await openStaffDesk(server, await openDesk(server), "viewer"));
  expect(empty).toMatchObject({
    attention: [],
    today: { bookings: [], covered: 0, unfunded: 0 },
    credits: { outstanding: 0, movement: { opening: 0, granted: 0, closing: 0 } },
    expiring: { credits: 0, contacts: 0, value_cents: 0, first: [] },
    members: { active: 0, frozen: 0, next_renewals: [] },
    health: { sources: [], queue: { waiting: 0 }, verified: null },
  });
});
