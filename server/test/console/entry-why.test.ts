import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { openDesk, type PaymentDesk } from "../api/payments-desk.ts";
import { useConsole } from "./console-server.ts";
import { SANDBOX_KEY, tellGhl } from "./sample-webhooks.ts";
import { openStaffDesk, type StaffDesk } from "./staff-desk.ts";

const server = useConsole({}, { sandbox_key: SANDBOX_KEY });
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

type Entry = Record<string, unknown> & { id: string; type: string };
type Why = Record<string, unknown> & {
  entry: Entry;
  reason: { code: string; meaning: string; rule: number | null };
  actor: { kind: string; id: string | null; name: string };
  together: Entry[];
  given_back_by: Entry[];
  decisions: { actor: { name: string }; reason: string }[];
};

let desk: PaymentDesk;
let viewer: StaffDesk;
let admin: StaffDesk;

const PACK = { key: "pack", name: "Ten visits", type: "package", credits_total: 10, calendars: ["yoga"] };
const MAPPED = { ...PACK, ghl_product_id: "ghl_pack", expiry_days: 30 };
const MONTHLY = {
  key: "monthly",
  name: "Monthly 8",
  type: "membership",
  monthly_credits: 8,
  rollover: { cap: 4 },
  calendars: ["pool"],
};

/** Entries of a contact, the latest first. */
async function ledgerOf(contact: string): Promise<Entry[]> {
  const { body } = await viewer.get(`/contacts/${contact}/ledger`, { limit: 100 });
  return body["entries"] as Entry[];
}

async function whyOf(contact: string, type: string): Promise<Why> {
  const entry = (await ledgerOf(contact)).find((one) => one.type === type);
  const { body } = await viewer.get(`/ledger/${entry?.id}/why`);
  expect(body.reason_code).toBe("loaded");
  return body["why"] as Why;
}

function grant(contact: string, product: string, fields: object = {}) {
  return desk.api.post("/grants", {
    request_id: randomUUID(),
    external_payment_id: randomUUID(),
    external_contact_id: contact,
    product_config_id: desk.product(product),
    ...fields,
  });
}

beforeAll(async () => {
  desk = await openDesk(server, { sandbox: true, products: [MAPPED, MONTHLY] });
  viewer = await openStaffDesk(server, desk, "viewer");
  admin = await openStaffDesk(server, desk, "admin");
});

describe("an entry of the ledger explains itself", () => {
  test("a purchase by its payment, the request and the program that sent it", async () => {
    await grant("buyer", "pack", { request_id: "grant-buyer", external_payment_id: "payment-buyer" });
    const why = await whyOf("buyer", "grant");
    expect(why).toMatchObject({
      title: "10 credits granted",
      balance_before: 0,
      entry: { amount: 10, balance_after: 10 },
      reason: { code: "purchase", rule: 33 },
      actor: { kind: "api_client", name: "bot" },
      entitlement: { name: "Ten visits", credits_remaining: 10 },
      payment: { external_payment_id: "payment-buyer", product_name: "Ten visits" },
      request: { request_id: "grant-buyer", operation: "grant_credits", reason_code: "grant_applied" },
      booking: null,
      membership: null,
      reverses: null,
    });
    expect(why.entry["correlation_id"]).toEqual(expect.any(String));
  });

  test("a deduction over two purchases by what it moved together, and by what gave it back", async () => {
    await grant("split", "pack");
    await grant("split", "pack", { paid_at: new Date(Date.now() - 3_600_000).toISOString() });
    const deduct = { external_contact_id: "split", calendar_id: "yoga", external_ref: "split-booking", amount: 12 };
    const taken = await desk.api.post("/entitlements/deduct", {
      request_id: randomUUID(),
      appointment_time: inDays(3),
      ...deduct,
    });
    expect(taken.body.ok).toBe(true);
    const why = await whyOf("split", "deduct");
    expect(why.reason).toMatchObject({ code: "deducted", rule: 9 });
    expect([Number(why.entry["amount"]), ...why.together.map(({ amount }) => Number(amount))]).toEqual([-2, -10]);
    expect(why).toMatchObject({
      booking: { booking: { id: "split-booking", standing: "used", credits_used: 12, products: ["Ten visits"] } },
    });
    await desk.api.post("/entitlements/restore", { request_id: randomUUID(), ...deduct });
    const again = await whyOf("split", "deduct");
    expect(again.given_back_by).toMatchObject([{ type: "restore", amount: 2 }]);
    const back = await whyOf("split", "restore");
    expect(back).toMatchObject({ reason: { code: "restored", rule: 31 }, reverses: { type: "deduct" } });
  });

  test("an adjustment by the person who made it, in their own words", async () => {
    await grant("dear", "pack");
    const adjusted = await admin.send("POST", "/contacts/dear/adjust", {
      request_id: randomUUID(),
      amount: 2,
      product_config_id: desk.product("pack"),
      reason: "expired while we were closed",
    });
    expect(adjusted.body.ok).toBe(true);
    const why = await whyOf("dear", "adjust");
    expect(why.reason).toEqual({
      code: "expired while we were closed",
      meaning: expect.stringContaining("staff") as string,
      rule: null,
    });
    expect(why.actor).toMatchObject({ kind: "person", name: admin.email });
    expect(why.decisions).toMatchObject([{ action: "adjust_credits", reason: "expired while we were closed" }]);
  });

  test("what time did by time, and what a booking did by all that its calendar said", async () => {
    const at = (days: number) => Date.now() + days * DAY;
    await grant("visitor", "pack");
    const told = { location_id: desk.location_id, contact_id: "visitor" };
    const set = {
      "appointment.id": "visitor-booking",
      "appointment.calendarId": "yoga",
      "appointment.startTime": new Date(at(2)).toISOString(),
      "appointment.endTime": new Date(at(2) + 3_600_000).toISOString(),
    };
    await tellGhl(server, "AppointmentCreate", { ...told, set });
    const held = await whyOf("visitor", "hold");
    expect(held).toMatchObject({
      reason: { code: "booked", rule: 27 },
      actor: { kind: "delivery", name: "ghl AppointmentCreate" },
      booking: {
        booking: { id: "visitor-booking", standing: "held", window_hours: 24 },
        versions: [{ status: "confirmed", calendar_id: "yoga", external_contact_id: "visitor" }],
        entries: [{ type: "hold" }],
      },
    });
    await desk.travelTo(inDays(40));
    expect(await whyOf("visitor", "settle")).toMatchObject({
      reason: { code: "no_final_status", rule: 27 },
      actor: { kind: "time" },
      request: null,
    });
    const gone = await whyOf("visitor", "expire");
    expect(gone).toMatchObject({
      reason: { code: "expired", rule: 15 },
      actor: { kind: "time" },
      entitlement: { status: "expired" },
      entry: { amount: -9 },
      balance_before: 9,
    });
  });

  test("a rollover from both sides, each with the other", async () => {
    await grant("roller", "monthly");
    const { body } = await desk.api.get("/contacts/roller/memberships");
    const [{ next_boundary_at }] = body["memberships"] as [{ next_boundary_at: string }];
    await desk.travelTo(new Date(Date.parse(next_boundary_at) + 3_600_000).toISOString());
    await grant("roller", "monthly");
    const lines = (await ledgerOf("roller")).filter(({ type }) => type === "rollover");
    expect(lines.map(({ amount }) => amount)).toEqual([4, -4]);
    const sides = await Promise.all(
      lines.map(async ({ id }) => (await viewer.get(`/ledger/${id}/why`)).body["why"] as Why),
    );
    expect(sides).toMatchObject([
      { entry: { amount: 4 }, entitlement: { origin: "rollover" }, other_entitlement: { origin: "period" } },
      { entry: { amount: -4 }, entitlement: { origin: "period" }, other_entitlement: { origin: "rollover" } },
    ]);
    expect(sides[0]).toMatchObject({ reason: { code: "rolled_over", rule: 22 } });
    expect(sides[1]).toMatchObject({ membership: { name: "Monthly 8", status: "active" } });
  });

  test("what does not exist, or is another location's, is not found; what is no entry is refused", async () => {
    const [entry] = await ledgerOf("buyer");
    const contact = entry?.id.replace(/-\d+$/, "") ?? "";
    expect((await viewer.get(`/ledger/${contact}-999/why`)).body.reason_code).toBe("NOT_FOUND");
    expect((await viewer.get(`/ledger/${randomUUID()}-1/why`)).body.reason_code).toBe("NOT_FOUND");
    const stranger = await openStaffDesk(server, await openDesk(server), "owner");
    expect((await stranger.get(`/ledger/${entry?.id}/why`)).body.reason_code).toBe("NOT_FOUND");
    const wrong = await viewer.get("/ledger/nonsense/why");
    expect([wrong.status, wrong.body["errors"]]).toEqual([400, [expect.objectContaining({ field: "entry_id" })]]);
  });
});

describe("everything about a contact stands in one order of time", () => {
  type Event = Record<string, unknown> & { kind: string; id: string; at: string };

  async function historyOf(
    contact: string,
    limit: number,
  ): Promise<{ events: Event[]; actors: Record<string, unknown> }> {
    const events: Event[] = [];
    let actors: Record<string, unknown> = {};
    let cursor: string | null = null;
    do {
      const { body } = await viewer.get(`/contacts/${contact}/history`, {
        limit,
        ...(cursor === null ? {} : { cursor }),
      });
      events.push(...(body["events"] as Event[]));
      actors = { ...actors, ...(body["actors"] as object) };
      cursor = body["next_cursor"] as string | null;
    } while (cursor !== null);
    return { events, actors };
  }

  test("what staff decided stands beside what moved, with who did it", async () => {
    const studio = await openDesk(server, { sandbox: true, products: [MAPPED] });
    const [staff, reader] = await Promise.all([
      openStaffDesk(server, studio, "admin"),
      openStaffDesk(server, studio, "viewer"),
    ]);
    await studio.pay("hist", { provider: "ghl", name: "history-1", items: [] });
    const { body } = await reader.get("/payment-events", { state: "unmatched" });
    const [payment] = body["payments"] as { id: string }[];
    await staff.send("POST", `/payments/${payment?.id}/resolve`, {
      request_id: randomUUID(),
      external_contact_id: "hist",
      action: "dismiss",
    });
    await studio.pay("hist", { provider: "ghl", name: "history-2" });
    await staff.send("POST", "/contacts/hist/adjust", {
      request_id: randomUUID(),
      amount: -1,
      reason: "used without a booking",
    });
    const answer = await reader.get("/contacts/hist/history", { limit: 50 });
    const events = answer.body["events"] as Event[];
    expect(events.map(({ kind, title }) => `${kind}: ${String(title)}`).toSorted()).toEqual(
      [
        "act: Credits adjusted by hand",
        "ledger: 1 credit removed by adjustment",
        "payment: Payment of USD 100.00 for Ten visits",
        "ledger: 10 credits granted",
        "act: Payment settled by staff",
        "payment: Payment of USD 100.00",
      ].toSorted(),
    );
    const acts = events.filter(({ kind }) => kind === "act") as unknown as { act: { actor: object } }[];
    for (const { act } of acts) expect(act.actor).toMatchObject({ kind: "person", name: staff.email });
  });

  test("pages of any size tell the same, newest first", async () => {
    for (const contact of ["visitor", "roller", "dear"]) {
      const whole = await historyOf(contact, 100);
      const paged = await historyOf(contact, 2);
      expect(paged.events.map(({ id, kind }) => `${kind} ${id}`)).toEqual(
        whole.events.map(({ id, kind }) => `${kind} ${id}`),
      );
      const times = whole.events.map(({ at }) => at);
      expect(times).toEqual(times.toSorted().reverse());
    }
    const { actors, events } = await historyOf("dear", 100);
    const granted = events.find(({ kind, title }) => kind === "ledger" && String(title).includes("granted"));
    expect(actors[granted?.id ?? ""]).toMatchObject({ kind: "api_client", name: "bot" });
  });
});

test("a booking explains itself", async () => {
  const { body } = await viewer.get("/contacts/visitor/bookings/visitor-booking/why");
  expect(body["why"]).toMatchObject({
    booking: { id: "visitor-booking", standing: "used" },
    versions: [{ status: "confirmed" }],
    entries: [{ type: "settle" }, { type: "hold" }],
    decisions: [],
  });
  const unknown = await viewer.get("/contacts/visitor/bookings/none/why");
  expect(unknown.body.reason_code).toBe("NOT_FOUND");
});
