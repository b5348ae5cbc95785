import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { openDesk, type PaymentDesk } from "../api/payments-desk.ts";
import { sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { openStaffDesk, type StaffDesk } from "./staff-desk.ts";

const server = useConsole();
let desk: PaymentDesk;
let viewer: StaffDesk;

const MONTHLY = { key: "monthly", name: "Monthly 8", type: "membership", monthly_credits: 8, calendars: ["yoga"] };
const OPEN = { key: "open", name: "Unlimited", type: "membership", monthly_credits: "unlimited", calendars: ["yoga"] };
const PACK = { key: "pack", name: "Ten visits", type: "package", credits_total: 10, calendars: ["yoga"] };
const SOON = { key: "soon", name: "Week pass", type: "package", credits_total: 3, expiry_days: 7, calendars: ["yoga"] };

async function join(id: string, product: string, fields: object = {}): Promise<Record<string, unknown>> {
  const answer = await desk.api.post("/grants", {
    request_id: randomUUID(),
    external_payment_id: `pay-${id}-${product}`,
    external_contact_id: id,
    product_config_id: desk.product(product),
    ...fields,
  });
  expect(answer.body.reason_code).toBe("grant_applied");
  return answer.body;
}

type Found = Record<string, unknown> & { external_contact_id: string };

async function find(query: Record<string, string | number>): Promise<string[]> {
  const answer = await viewer.get("/contact-search", query);
  expect(answer.body.reason_code).toBe("loaded");
  return (answer.body["contacts"] as Found[]).map(({ external_contact_id }) => external_contact_id);
}

beforeAll(async () => {
  desk = await openDesk(server, { sandbox: true, products: [PACK, MONTHLY, OPEN, SOON] });
  viewer = await openStaffDesk(server, desk, "viewer");
  await join("c-maya", "pack", { name: "Maya Del Río", email: "Maya@Studio.test" });
  await join("c-ben", "soon", { name: "Ben  Stone", email: "ben.stone@studio.test" });
  await join("c-zoe", "open", { name: "Zoë Stone" });
  await join("c-anna", "monthly", { name: "anna Ngata" });
  await desk.pay("c-karl", { items: [], name: "pi_karl_unmatched" });
  await sql(
    server.db,
    "UPDATE contacts SET phone = '+1 (555) 010-4477', name = 'Karl Ott' WHERE external_id = 'c-karl'",
  );
});

describe("a contact is found by the beginning of what it is called by", () => {
  test.each([
    ["its first name", "may", ["c-maya"]],
    ["without its accents", "zoe", ["c-zoe"]],
    ["a surname, whose bearers come in one order", "stone", ["c-ben", "c-zoe"]],
    ["surname first", "stone, zoe", ["c-zoe"]],
    ["a later word of the name", "río", ["c-maya"]],
    ["an e-mail address in any case", "MAYA@stu", ["c-maya"]],
    ["a phone number as it was typed", "+1 555 010 4477", ["c-karl"]],
    ["a phone number without its country", "5550104477", ["c-karl"]],
    ["its last seven digits", "010-4477", ["c-karl"]],
    ["its external id", "c-ann", ["c-anna"]],
    ["nothing that is in the middle", "tone", []],
    ["no pattern", "%", []],
  ])("%s", async (_, search, ids) => {
    expect(await find({ search })).toEqual(ids);
  });

  test("without a search everybody comes, in the order of their names", async () => {
    expect(await find({})).toEqual(["c-anna", "c-ben", "c-karl", "c-maya", "c-zoe"]);
  });
});

describe("any id of what a contact has leads to it", () => {
  test.each(["own", "entitlement", "payment", "payment name", "membership", "booking"])("%s", async (kind) => {
    const granted = await join("c-named", "monthly", { external_payment_id: `pi-named-${kind}` });
    const { body } = await desk.api.post("/entitlements/deduct", {
      request_id: randomUUID(),
      external_contact_id: "c-named",
      calendar_id: "yoga",
      external_ref: `booking-${kind}`,
    });
    expect(body.ok).toBe(true);
    const [row] = await sql<{ membership_id: string; payment_event_id: string; contact_id: string }>(
      server.db,
      "SELECT membership_id, payment_event_id, contact_id FROM entitlements WHERE id = $1",
      [granted["entitlement_id"]],
    );
    const ids: Record<string, string | undefined> = {
      own: row?.contact_id,
      entitlement: String(granted["entitlement_id"]),
      payment: row?.payment_event_id,
      "payment name": `pi-named-${kind}`,
      membership: row?.membership_id,
      booking: `booking-${kind}`,
    };
    expect(await find({ search: ids[kind] ?? "" })).toEqual(["c-named"]);
  });
});

describe("each contact comes with what it holds", () => {
  const held = async (search: string) => {
    const answer = await viewer.get("/contact-search", { search });
    return (answer.body["contacts"] as Found[])[0];
  };

  test("credits by product and when the first of them expire", async () => {
    const ben = await held("c-ben");
    expect(ben).toMatchObject({
      name: "Ben  Stone",
      credits_available: 3,
      unlimited: false,
      products: [
        { product_config_id: desk.product("soon"), name: "Week pass", credits_available: 3, unlimited: false },
      ],
      membership: null,
    });
    const { body } = await desk.api.get("/contacts/c-ben/credits");
    const { entitlements } = body["credits"] as { entitlements: { expires_at: string }[] };
    expect(ben?.["next_expiry_at"]).toBe(entitlements[0]?.expires_at);
  });

  test("unlimited memberships", async () => {
    expect(await held("c-zoe")).toMatchObject({
      unlimited: true,
      products: [{ name: "Unlimited", unlimited: true, credits_available: 0 }],
      membership: "active",
    });
  });

  test("the same balance as everywhere else", async () => {
    for (const id of ["c-maya", "c-ben", "c-zoe", "c-anna", "c-karl"]) {
      const { body } = await desk.api.get(`/contacts/${id}/credits`);
      const { credits_available } = body["credits"] as { credits_available: number };
      expect((await held(id))?.["credits_available"]).toBe(credits_available);
    }
  });
});

describe("filters", () => {
  test("has_credits leaves out who has none", async () => {
    expect(await find({ filters: "has_credits" })).not.toContain("c-karl");
    expect(await find({ filters: "has_credits" })).toEqual(expect.arrayContaining(["c-maya", "c-zoe"]));
  });

  test("expiring names whose credits go within two weeks", async () => {
    expect(await find({ filters: "expiring" })).toEqual(["c-ben"]);
  });

  test("frozen and past_due name whom they say, from the day it holds", async () => {
    const studio = await openDesk(server, { sandbox: true, products: [MONTHLY] });
    const other = await openStaffDesk(server, studio, "viewer");
    const names = async (filters: string) => {
      const { body } = await other.get("/contact-search", { filters });
      return (body["contacts"] as Found[]).map(({ external_contact_id, membership }) => [
        external_contact_id,
        membership,
      ]);
    };
    for (const id of ["frost", "late"]) {
      await studio.api.post("/grants", {
        request_id: id,
        external_payment_id: id,
        external_contact_id: id,
        product_config_id: studio.product("monthly"),
      });
    }
    const { body } = await studio.api.get("/contacts/frost/memberships");
    const [{ id }] = body["memberships"] as [{ id: string }];
    const frozen = await studio.api.post(`/memberships/${id}/freeze`, {
      request_id: "freeze",
      external_contact_id: "frost",
      from_on: new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10),
      to_on: new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10),
      reason: "travels",
    });
    expect(frozen.body.ok).toBe(true);
    expect(await names("frozen")).toEqual([]);
    await studio.travelTo(new Date(Date.now() + 34 * 86_400_000).toISOString());
    expect(await names("frozen")).toEqual([["frost", "frozen"]]);
    expect(await names("past_due")).toEqual([["late", "past_due"]]);
  });
});

test("pages follow each other without a gap or a repetition, whoever is found first", async () => {
  const studio = await openDesk(server);
  const other = await openStaffDesk(server, studio, "viewer");
  for (let n = 0; n < 25; n += 1) {
    await studio.newMember().grant("pack", { name: `Same Name`, external_contact_id: `same-${n % 23}` });
  }
  for (const search of ["same", "same-7", ""]) {
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await other.get("/contact-search", { search, limit: 4, ...(cursor === "" ? {} : { cursor }) });
      seen.push(...(body["contacts"] as Found[]).map(({ external_contact_id }) => external_contact_id));
      cursor = (body["next_cursor"] as string | null) ?? "";
    } while (cursor !== "");
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(search === "same-7" ? 1 : 23);
  }
});

describe("bad input names its field", () => {
  test.each([
    ["limit", { limit: 0 }],
    ["limit", { limit: "many" }],
    ["cursor", { cursor: "nonsense" }],
    ["filters.0", { filters: "rich" }],
    ["search", { search: "a\u0000b" }],
    ["search", { search: "x".repeat(256) }],
  ])("%s", async (field, query) => {
    const answer = await viewer.get("/contact-search", query);
    expect(answer.status).toBe(400);
    expect(answer.body["errors"]).toEqual([expect.objectContaining({ field })]);
  });
});

test("nobody of another location is found by anything", async () => {
  const stranger = await openDesk(server);
  const other = await openStaffDesk(server, stranger, "owner");
  for (const search of ["maya", "c-maya", "maya@studio.test", "pay-c-maya-pack"]) {
    const { body } = await other.get("/contact-search", { search });
    expect(body["contacts"]).toEqual([]);
  }
});
