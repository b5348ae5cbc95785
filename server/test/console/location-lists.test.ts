import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { openFullStudio, type FullStudio } from "../api/full-studio.ts";
import { lineOf, openDesk, type PaymentDesk } from "../api/payments-desk.ts";
import { sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { SANDBOX_KEY, tellGhl } from "./sample-webhooks.ts";
import { openStaffDesk, type StaffDesk } from "./staff-desk.ts";

const server = useConsole({}, { sandbox_key: SANDBOX_KEY });

type Item = Record<string, unknown> & { id: string };
const DAY = 86_400_000;
const onDay = (days: number) => new Date(Date.now() + days * DAY).toISOString();

async function list(desk: StaffDesk, path: string, name: string, query: Record<string, string | number> = {}) {
  const answer = await desk.get(path, query);
  expect([answer.status, answer.body.reason_code]).toEqual([200, "loaded"]);
  return answer.body[name] as Item[];
}

/** Every page of a list, three at a time. */
async function pages(desk: StaffDesk, path: string, name: string, query: Record<string, string> = {}): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const { body } = await desk.get(path, { ...query, limit: 3, ...(cursor === null ? {} : { cursor }) });
    items.push(...(body[name] as Item[]));
    cursor = body["next_cursor"] as string | null;
  } while (cursor !== null);
  return items;
}

describe("memberships", () => {
  let desk: PaymentDesk;
  let viewer: StaffDesk;
  const members = (query: Record<string, string | number> = {}) => list(viewer, "/memberships", "memberships", query);
  const whose = (items: Item[]) =>
    items.map(({ contact }) => (contact as { external_contact_id: string }).external_contact_id);

  beforeAll(async () => {
    desk = await openDesk(server, {
      sandbox: true,
      products: [
        { key: "small", name: "Small", type: "membership", monthly_credits: 4, calendars: ["yoga"] },
        { key: "large", name: "Large", type: "membership", monthly_credits: 12, calendars: ["yoga"] },
      ],
    });
    viewer = await openStaffDesk(server, desk, "viewer");
    for (const [n, product] of ["small", "large", "small", "large", "small"].entries()) {
      const answer = await desk.api.post("/grants", {
        request_id: randomUUID(),
        external_payment_id: randomUUID(),
        external_contact_id: `m${n}`,
        name: `Member Number${n}`,
        product_config_id: desk.product(product),
      });
      if (!answer.body.ok) throw new Error(answer.text);
      await desk.travelTo(onDay(n + 1));
    }
  });

  test("come with their plan, period and member, the next to renew first", async () => {
    const found = await members();
    expect(whose(found)).toEqual(["m0", "m1", "m2", "m3", "m4"]);
    const { body } = await desk.api.get("/contacts/m0/memberships");
    const [known] = body["memberships"] as Item[];
    expect(found[0]).toMatchObject({
      id: known?.id,
      name: "Small",
      status: "active",
      is_frozen: false,
      period: known?.["period"],
      next_boundary_at: known?.["next_boundary_at"],
      contact: { external_contact_id: "m0", name: "Member Number0" },
    });
  });

  test("are narrowed by product, renewal and search", async () => {
    expect(whose(await members({ product_config_id: desk.product("large") }))).toEqual(["m1", "m3"]);
    expect(whose(await members({ search: "number3" }))).toEqual(["m3"]);
    for (const days of [25, 26, 27, 28, 29]) {
      const until = Date.parse(onDay(5 + days));
      const due = (await members()).filter(({ next_boundary_at: at }) => Date.parse(String(at)) < until);
      expect(whose(await members({ renews_within_days: days }))).toEqual(whose(due));
    }
  });

  test("are paged in that order", async () => {
    expect(whose(await pages(viewer, "/memberships", "memberships"))).toEqual(["m0", "m1", "m2", "m3", "m4"]);
  });

  test("are found by their state", async () => {
    const [, second] = await members();
    await desk.travelTo(new Date(Date.parse(String(second?.["next_boundary_at"])) + 3_600_000).toISOString());
    expect(whose(await members({ state: "past_due" }))).toEqual(["m0", "m1"]);
    expect(whose(await members({ state: "active" }))).toEqual(["m2", "m3", "m4"]);
    expect(await members({ state: "frozen" })).toEqual([]);
  });
});

describe("bookings", () => {
  let desk: PaymentDesk;
  let viewer: StaffDesk;
  const ids = (items: Item[]) => items.map(({ id }) => id);
  const bookings = (query: Record<string, string | number> = {}) => list(viewer, "/bookings", "bookings", query);
  const deduct = (ref: string, days: number, contact = "mia") =>
    desk.api.post("/entitlements/deduct", {
      request_id: randomUUID(),
      external_contact_id: contact,
      calendar_id: "yoga",
      external_ref: ref,
      appointment_time: onDay(days),
    });

  beforeAll(async () => {
    desk = await openDesk(server, { sandbox: true, cancellation_window_hours: 12 });
    viewer = await openStaffDesk(server, desk, "viewer");
    await desk.pay("mia", { provider: "ghl" });
    for (const [ref, days] of [
      ["b3", 3],
      ["b1", 1],
      ["b2", 2],
      ["b5", 5],
    ] as const) {
      await deduct(ref, days);
    }
    const restored = await desk.api.post("/entitlements/restore", {
      request_id: randomUUID(),
      external_contact_id: "mia",
      external_ref: "b5",
    });
    if (!restored.body.ok) throw new Error(restored.text);
  });

  test("to come stand in the order of their time, each with what it cost and to what", async () => {
    const found = await bookings();
    expect(ids(found)).toEqual(["b1", "b2", "b3", "b5"]);
    expect(found[0]).toMatchObject({
      external_contact_id: "mia",
      calendar_id: "yoga",
      standing: "used",
      credits_used: 1,
      products: ["pack"],
      window_hours: 12,
      unfunded: null,
    });
    expect(found[3]).toMatchObject({ standing: "released", status: "cancelled", credits_used: 0 });
  });

  test("that have begun stand the latest first, and only there", async () => {
    await desk.travelTo(onDay(2.5));
    expect(ids(await bookings({ list: "past" }))).toEqual(["b2", "b1"]);
    expect(ids(await bookings())).toEqual(["b3", "b5"]);
    expect(ids(await bookings({ list: "all" }))).toEqual(["b5", "b3", "b2", "b1"]);
  });

  test("are narrowed by calendar, time, search, and whether they are paid for", async () => {
    expect(await bookings({ calendar_id: "sauna" })).toEqual([]);
    expect(ids(await bookings({ list: "past", search: "b1" }))).toEqual(["b1"]);
    expect(ids(await bookings({ list: "past", search: "mi" }))).toEqual(["b2", "b1"]);
    expect(ids(await bookings({ only: "funded" }))).toEqual(["b3"]);
    expect(ids(await bookings({ list: "upcoming", from: onDay(0), to: onDay(1.5) }))).toEqual(["b1"]);
  });

  test("that could not be charged say why", async () => {
    const studio: FullStudio = await openFullStudio(server, ["una"]);
    const staff = await openStaffDesk(server, studio, "viewer");
    const found = await list(staff, "/bookings", "bookings", { only: "unfunded" });
    expect(found.filter(({ id }) => id === studio.members[0]?.unfunded_id)).toEqual([
      expect.objectContaining({
        id: studio.members[0]?.unfunded_id,
        standing: "unfunded",
        unfunded: expect.objectContaining({ reason: expect.any(String) as string }) as object,
        products: [],
      }),
    ]);
  });

  test("are paged in their order, in both directions", async () => {
    expect(ids(await pages(viewer, "/bookings", "bookings", { from: onDay(0) }))).toEqual(["b1", "b2", "b3", "b5"]);
    expect(ids(await pages(viewer, "/bookings", "bookings", { list: "past", to: onDay(9) }))).toEqual([
      "b5",
      "b3",
      "b2",
      "b1",
    ]);
  });
});

describe("payments", () => {
  let desk: PaymentDesk;
  let viewer: StaffDesk;
  const payments = (query: Record<string, string | number> = {}) => list(viewer, "/payment-events", "payments", query);
  const names = (items: Item[]) => items.map(({ external_payment_id }) => external_payment_id);

  beforeAll(async () => {
    desk = await openDesk(server, { sandbox: true });
    viewer = await openStaffDesk(server, desk, "viewer");
    const paid_at = (minutes: number) => Date.now() - minutes * 60_000;
    await desk.pay("pat", { name: "ok_payment_1", provider: "ghl", paid_at: paid_at(60) });
    await desk.pay("pat", { name: "un_payment_2", provider: "ghl", paid_at: paid_at(50), items: [lineOf("what")] });
    await desk.pay("kim", { name: "re_payment_3", provider: "ghl", paid_at: paid_at(40) });
    await desk.refund("re_payment_3", { provider: "ghl", amount_cents: 5000, refund_id: "refund_3" });
    await desk.pay("kim", { name: "pe_payment_4", provider: "ghl", paid_at: paid_at(30), status: "pending" });
    await desk.pay("lou", { name: "set_payment_5", paid_at: paid_at(1) });
  });

  test("stand under each of the ways in which they stand", async () => {
    const all = await payments();
    expect(names(all)).toEqual(["set_payment_5", "pe_payment_4", "re_payment_3", "un_payment_2", "ok_payment_1"]);
    expect(all.map(({ states }) => states)).toEqual([
      ["settling"],
      ["pending"],
      ["refunded", "granted"],
      ["unmatched"],
      ["granted"],
    ]);
    const states = [...new Set(all.flatMap((payment) => payment["states"] as string[]))];
    for (const state of states) {
      const under = all.filter((payment) => (payment["states"] as string[]).includes(state));
      expect(names(await payments({ state }))).toEqual(names(under));
    }
    expect(await payments({ state: "disputed" })).toEqual([]);
  });

  test("are found by their payer, any of their names, and their product", async () => {
    expect(names(await payments({ search: "pa" }))).toEqual(["un_payment_2", "ok_payment_1"]);
    expect(names(await payments({ search: "re_payment_3" }))).toEqual(["re_payment_3"]);
    expect(names(await payments({ product_config_id: desk.product("pack") }))).toContain("ok_payment_1");
    expect(await payments({ product_config_id: "pc_none" })).toEqual([]);
  });

  test("that staff dismissed are ignored, and say who did it and why not", async () => {
    const [unmatched] = await payments({ state: "unmatched" });
    const answer = await viewer.get("/bookings");
    expect(answer.status).toBe(200);
    const resolved = await desk.api.post(`/payments/${unmatched?.id}/resolve`, {
      request_id: randomUUID(),
      external_contact_id: "pat",
      action: "dismiss",
    });
    expect(resolved.body.ok).toBe(true);
    expect(names(await payments({ state: "unmatched" }))).toEqual([]);
    expect(names(await payments({ state: "ignored" }))).toEqual(["un_payment_2"]);
    const { body } = await viewer.get(`/payment-events/${unmatched?.id}`);
    expect((body["payment"] as Item)["decisions"]).toEqual([
      expect.objectContaining({
        action: "resolve_payment",
        actor: expect.objectContaining({ kind: "api_client", name: "bot" }) as object,
      }),
    ]);
  });

  test("one of them tells what became of it in the ledger", async () => {
    const [refunded] = await payments({ state: "refunded" });
    const { body } = await viewer.get(`/payment-events/${refunded?.id}`);
    const { entries, refunds } = body["payment"] as { entries: Item[]; refunds: Item[] };
    expect(entries).toMatchObject([
      { type: "grant", amount: 10, balance_after: 10 },
      { type: "refund", amount: -5, balance_after: 5 },
    ]);
    expect(refunds).toMatchObject([{ refund_id: "refund_3", amount_cents: 5000 }]);
  });

  test("one of them tells of every delivery that names it, and of no other", async () => {
    const told = { location_id: desk.location_id, contact_id: "dela" };
    await tellGhl(server, "OrderStatusUpdate", { ...told, set: { _id: "order-of-dela-1" } });
    await tellGhl(server, "OrderStatusUpdate", { ...told, set: { _id: "order-of-dela-1" }, at: Date.now() + 1000 });
    await tellGhl(server, "OrderStatusUpdate", { ...told, set: { _id: "order-of-dela-2" } });
    await tellGhl(server, "ContactUpdate", { ...told });
    const [paid] = await payments({ search: "order-of-dela-1" });
    const { body } = await viewer.get(`/payment-events/${paid?.id}`);
    const { deliveries } = body["payment"] as { deliveries: Item[] };
    expect(deliveries.map(({ type, status }) => `${String(type)} ${String(status)}`)).toEqual([
      "OrderStatusUpdate done",
      "OrderStatusUpdate done",
    ]);
  });

  test("one that nobody has is not found", async () => {
    const answer = await viewer.get(`/payment-events/${randomUUID()}`);
    expect([answer.status, answer.body.reason_code]).toEqual([200, "NOT_FOUND"]);
  });

  test("are paged in their order", async () => {
    expect(names(await pages(viewer, "/payment-events", "payments"))).toEqual(names(await payments()));
  });
});

describe("finding anything by any id", () => {
  let studio: FullStudio;
  let viewer: StaffDesk;
  const hits = async (search: string) => {
    const found = await list(viewer, "/find", "hits", { search });
    return found.map(({ kind, id }) => `${String(kind)} ${id}`);
  };

  beforeAll(async () => {
    studio = await openFullStudio(server, ["finda"]);
    viewer = await openStaffDesk(server, studio, "viewer");
  });

  test("leads to whatever has it", async () => {
    const [member] = studio.members;
    if (!member) throw new Error("nobody is there");
    expect(await hits(member.payment_id)).toContain(`payment ${member.payment_id}`);
    expect(await hits(`${member.marker}-payment`)).toContain(`payment ${member.payment_id}`);
    expect(await hits(member.membership_id)).toContain(`membership ${member.membership_id}`);
    expect(await hits(member.entitlement_id)).toContain(`entitlement ${member.entitlement_id}`);
    expect(await hits(member.booking_id)).toContain(`booking ${member.booking_id}`);
    expect(await hits(studio.product("sauna"))).toEqual([`product_config ${studio.product("sauna")}`]);
    expect(await hits("sau")).toEqual([`product_config ${studio.product("sauna")}`]);
    expect((await hits("bot"))[0]).toMatch(/^api_client /);
    expect(await hits("finda")).toContain("contact finda");
    const [entry] = await sql<{ contact_id: string; request_id: string }>(
      server.db,
      "SELECT contact_id, request_id FROM ledger_entries WHERE external_ref = $1",
      [member.booking_id],
    );
    expect(await hits(`${entry?.contact_id}-1`)).toContain(`ledger_entry ${entry?.contact_id}-1`);
    expect(await hits(entry?.request_id ?? "")).toContain(`request ${entry?.request_id}`);
    expect(await hits("nothing has this")).toEqual([]);
  });

  test("of a request tells whose credits or membership it was about, and of nobody where it was refused", async () => {
    const asked = async (path: string, body: object) => {
      const request_id = randomUUID();
      await studio.api.post(path, { request_id, ...body });
      const [hit] = await list(viewer, "/find", "hits", { search: request_id });
      return hit?.["external_contact_id"];
    };
    const [member] = studio.members;
    const { id: external_contact_id, payment_id } = member!;
    const one = { external_contact_id, calendar_id: "yoga" };
    expect(await asked("/entitlements/deduct", one)).toBe("finda");
    expect(await asked("/contacts/finda/adjust", { amount: -1, reason: "counted twice" })).toBe("finda");
    expect(await asked(`/memberships/${member!.membership_id}/cancel`, { external_contact_id })).toBe("finda");
    const items = [{ item: 1, product_config_id: studio.product("pack") }];
    const mapped = { external_contact_id, action: "map", items, reason: "known" };
    expect(await asked(`/payments/${payment_id}/resolve`, mapped)).toBe("finda");
    expect(await asked("/entitlements/deduct", { ...one, amount: 999 })).toBeNull();
  });

  test("leads nowhere from another location", async () => {
    const stranger = await openDesk(server);
    const other = await openStaffDesk(server, stranger, "owner");
    const [member] = studio.members;
    for (const search of [
      member?.payment_id,
      member?.membership_id,
      member?.entitlement_id,
      member?.booking_id,
      "finda",
    ]) {
      expect(await list(other, "/find", "hits", { search: search ?? "" })).toEqual([]);
    }
  });
});
