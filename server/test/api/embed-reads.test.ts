import { beforeAll, describe, expect, test } from "vitest";
import { HOUR } from "../../src/rules/time/local-days.ts";
import type { Response } from "../support.ts";
import { book, comeIn, install, look, openInstalled, useEmbedServer } from "./embed-studio.ts";
import { PACK, type Member } from "./studio.ts";

const MONTHLY = {
  key: "monthly",
  type: "membership",
  name: "Monthly 8",
  monthly_credits: 8,
  calendars: ["yoga"],
  priority: 1,
};

const server = useEmbedServer();
let studio: Awaited<ReturnType<typeof openInstalled>>;
let theirs: typeof studio;
let token: string;

beforeAll(async () => {
  const products = [
    { ...PACK, name: "10-class pack" },
    { ...PACK, key: "sauna", name: "Sauna", calendars: ["sauna"], expiry_days: 30 },
    MONTHLY,
  ];
  studio = await openInstalled(server, { products, sandbox: true, timezone: "America/New_York" });
  theirs = await openInstalled(server, { products: [PACK] });
  token = await comeIn(server.base_url, studio);
});

const ask = (path: string, by = token) => look(server.base_url, by, path);
const panelOf = (member: Member) => ask(`/contacts/${member.id}/panel`);
const fact = ({ body }: Response, name: string) => body[name] as Record<string, unknown>[];

describe("the panel", () => {
  test("says what is left of each product, what expires first at the top", async () => {
    const member = studio.newMember();
    await member.grant("sauna");
    await member.grant("pack", { name: "Maya Lopez", email: "maya@studio.test" });
    await member.deduct({ calendar_id: "yoga", amount: 3 });
    const panel = await panelOf(member);
    expect(panel).toAnswer("panel_loaded", {
      contact: expect.objectContaining({ external_contact_id: member.id, email: "maya@studio.test" }),
      currency: "USD",
    });
    expect(fact(panel, "products")).toMatchObject([
      {
        name: "10-class pack",
        credits_available: 7,
        unlimited: false,
        entitlements: [{ credits_remaining: 7, expires_at: null }],
      },
      { name: "Sauna", credits_available: 10, entitlements: [{ credits_remaining: 10, status: "active" }] },
    ]);
    await member.grant("sauna", { paid_at: new Date(Date.now() - 20 * 24 * HOUR).toISOString() });
    const [, sauna] = fact(await panelOf(member), "products");
    const [first, second] = (sauna?.["entitlements"] ?? []) as { expires_at: string }[];
    expect(sauna).toMatchObject({ credits_available: 20 });
    expect(Date.parse(first?.expires_at ?? "")).toBeLessThan(Date.parse(second?.expires_at ?? ""));
  });

  test("keeps naming a product that is used up, behind those with credits", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", amount: 10 });
    await member.grant("sauna");
    expect(fact(await panelOf(member), "products")).toMatchObject([
      { name: "Sauna", credits_available: 10 },
      { name: "10-class pack", credits_available: 0, entitlements: [] },
    ]);
  });

  test("counts what is held apart from what is left", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await book(server, studio, member, { starts_at: Date.now() + 5 * HOUR });
    expect(fact(await panelOf(member), "products")).toMatchObject([
      { credits_available: 9, credits_held: 1, entitlements: [{ credits_remaining: 9, credits_held: 1 }] },
    ]);
  });

  test("shows the next bookings, the nearest first, and the last ones, the latest first", async () => {
    const member = studio.newMember();
    await member.grant("pack", { paid_at: new Date(Date.now() - 72 * HOUR).toISOString() });
    const at = (hours: number, told: object = {}) =>
      book(server, studio, member, { starts_at: Date.now() + hours * HOUR, ...told });
    const far = await at(400);
    const near = await at(3);
    await at(2, { status: "cancelled" });
    const missed = await at(-30, { status: "noshow" });
    const attended = await at(-4, { status: "showed" });
    const { body } = await panelOf(member);
    const { next, last } = body["bookings"] as Record<"next" | "last", Record<string, unknown>[]>;
    expect(next.map(({ id, standing }) => [id, standing])).toEqual([
      [near, "held"],
      [far, "held"],
    ]);
    expect(last.map(({ id, standing }) => [id, standing])).toEqual([
      [attended, "used"],
      [missed, "no_show"],
    ]);
    expect(last[0]).toMatchObject({ calendar_id: "yoga", products: ["10-class pack"] });
  });

  test("says of a booking that no credit covers why", async () => {
    const member = studio.newMember();
    await book(server, studio, member, { starts_at: Date.now() + HOUR });
    const { body } = await panelOf(member);
    const { next } = body["bookings"] as { next: object[] };
    expect(next).toMatchObject([{ standing: "unfunded", unfunded: { reason: "NO_ENTITLEMENT" } }]);
  });

  test("shows the last payments and the latest lines of the ledger with their product", async () => {
    const member = studio.newMember();
    for (const amount_cents of [100, 200, 300, 400]) await member.grant("pack", { amount_cents, currency: "USD" });
    await member.deduct({ calendar_id: "yoga" });
    const panel = await panelOf(member);
    expect(fact(panel, "payments").map((one) => one["amount_cents"])).toEqual([400, 300, 200]);
    expect(fact(panel, "entries")).toHaveLength(5);
    expect(fact(panel, "entries")[0]).toMatchObject({ type: "deduct", amount: -1, product_name: "10-class pack" });
  });

  test("tells how a membership stands, by the location's clock", async () => {
    const place = await openInstalled(server, { products: [MONTHLY], sandbox: true });
    const by = await comeIn(server.base_url, place);
    const member = place.newMember();
    await member.grant("monthly");
    const now = async () => fact(await ask(`/contacts/${member.id}/panel`, by), "memberships");
    expect(await now()).toMatchObject([{ name: "Monthly 8", status: "active", is_frozen: false }]);
    await place.travelTo(new Date(Date.now() + 33 * 24 * HOUR).toISOString());
    expect(await now()).toMatchObject([{ status: "past_due" }]);
  });

  test("of somebody unknown says so", async () => {
    expect(await ask("/contacts/nobody/panel")).toAnswer("NOT_FOUND");
  });
});

describe("the search", () => {
  test("finds by the beginning of a name, an address or an id, with what each holds", async () => {
    const member = studio.newMember();
    await member.grant("pack", { name: "Quentin Zephyr", email: "quentin@zephyr.test" });
    for (const said of ["quent", "zeph", "QUENTIN@", member.id]) {
      const found = await ask(`/contacts?search=${encodeURIComponent(said)}`);
      expect(fact(found, "contacts")).toMatchObject([{ external_contact_id: member.id, credits_available: 10 }]);
    }
  });

  test("leads on page by page", async () => {
    const first = await ask("/contacts?limit=1");
    const second = await ask(`/contacts?limit=1&cursor=${first.body["next_cursor"] as string}`);
    const [one, another] = [first, second].map((page) => fact(page, "contacts")[0]?.["id"]);
    expect(one).not.toBe(another);
  });

  test("names what it cannot take", async () => {
    expect(await ask("/contacts?limit=0")).toBeInvalid("limit");
    expect(await ask("/contacts?cursor=nonsense")).toBeInvalid("cursor");
    expect(await ask(`/contacts?search=${"x".repeat(300)}`)).toBeInvalid("search");
  });
});

describe("today's list", () => {
  test("holds the local day's bookings in the order of their times, whoever's they are", async () => {
    const place = await openInstalled(server, { products: [PACK], timezone: "Pacific/Auckland", sandbox: true });
    const by = await comeIn(server.base_url, place);
    const zone = "Pacific/Auckland";
    const today = Temporal.Now.plainDateISO(zone);
    const at = (days: number, time: string) =>
      today.add({ days }).toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
    const [maya, ben] = [place.newMember(), place.newMember()];
    await maya.grant("pack", { name: "Maya" });
    const late = await book(server, place, maya, { starts_at: at(0, "23:59") });
    const early = await book(server, place, ben, { starts_at: at(0, "00:00") });
    await book(server, place, maya, { starts_at: at(1, "00:00") });
    await book(server, place, maya, { starts_at: at(-1, "23:59") });
    const { body } = await ask("/today", by);
    const bookings = body["bookings"] as Record<string, unknown>[];
    expect(body["date"]).toBe(today.toString());
    expect(bookings.map(({ id, standing, contact_name }) => [id, standing, contact_name])).toEqual([
      [early, "unfunded", null],
      [late, "held", "Maya"],
    ]);
  });
});

describe("calendars", () => {
  test("of a location that GoHighLevel does not answer for have no names, and break nothing", async () => {
    expect(await ask("/calendars")).toAnswer("loaded", { calendars: [] });
  });
});

describe("a token of one location", () => {
  test("shows nothing of another, by any id", async () => {
    const member = theirs.newMember();
    const { body } = await member.grant("pack", { name: "Only Theirs" });
    await book(server, theirs, member, { starts_at: Date.now() + 60_000 });
    const ids = [member.id, body["contact_id"] as string, body["entitlement_id"] as string];
    for (const id of ids) {
      expect(await ask(`/contacts/${encodeURIComponent(id)}/panel`)).toAnswer("NOT_FOUND");
      expect(fact(await ask(`/contacts?search=${encodeURIComponent(id)}`), "contacts")).toEqual([]);
    }
    expect(fact(await ask("/contacts?search=only"), "contacts")).toEqual([]);
    expect(JSON.stringify((await ask("/today")).body)).not.toContain(member.id);
    const named = await ask(`/contacts/${member.id}/panel?location_id=${theirs.location_id}`);
    expect(named).toFail(401, "UNAUTHORIZED");
    const own = await comeIn(server.base_url, theirs);
    expect(await ask(`/contacts/${member.id}/panel`, own)).toAnswer("panel_loaded");
  });

  test("of an agency's other location shows nothing of this one", async () => {
    const sister = await install(server.db, { products: [] });
    const by = await comeIn(server.base_url, sister);
    const member = studio.newMember();
    await member.grant("pack");
    expect(await ask(`/contacts/${member.id}/panel`, by)).toAnswer("NOT_FOUND");
  });

  test("changes nothing: there is nothing to write to", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      for (const path of ["/today", "/contacts", "/calendars", `/contacts/${member.id}/panel`]) {
        const answer = await look(server.base_url, token, path, { method });
        expect(answer).toFail(405, "METHOD_NOT_ALLOWED");
      }
      const adjust = await look(server.base_url, token, `/contacts/${member.id}/adjust`, { method });
      expect(adjust).toFail(404, "NOT_FOUND");
    }
  });
});
