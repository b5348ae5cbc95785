import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { setBillingStatus } from "../../src/operations/billing/set-billing-status.ts";
import { sql, useServer } from "../support.ts";
import { countRows, entriesOf, openStudio, PACK, useStudio } from "./studio.ts";

const server = useServer();
const studio = useStudio(server, {
  products: [PACK, { ...PACK, key: "pilates", credits_total: 4, calendars: ["pilates"] }],
});

const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

async function bookingOf(external_id: string): Promise<Record<string, unknown> | undefined> {
  const [row] = await sql(
    server.db,
    `SELECT c.external_id AS contact, a.calendar_id, a.status, a.starts_at
     FROM appointments a JOIN contacts c ON c.id = a.contact_id WHERE a.external_id = $1`,
    [external_id],
  );
  return row;
}

describe("POST /entitlements/deduct answers deducted", () => {
  test("with ok, reason_code, correlation_id, balance_after, entitlement_id and movements", async () => {
    const member = studio.newMember();
    const { body: granted } = await member.grant("pack");
    const entitlement_id = granted["entitlement_id"];
    const { status, body } = await member.deduct({ calendar_id: "yoga", amount: 3 });
    expect(status).toBe(200);
    expect(body).toEqual({
      ok: true,
      reason_code: "deducted",
      correlation_id: body.correlation_id,
      balance_after: 7,
      entitlement_id,
      movements: [{ entitlement_id, amount: 3 }],
    });
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10", "deduct 3→7"]);
  });

  test("with entitlement_id the first that was drawn on, and movements listing all of them (rule 9)", async () => {
    const member = studio.newMember();
    const lots: unknown[] = [];
    for (let i = 0; i < 3; i += 1) lots.push((await member.grant("pack")).body["entitlement_id"]);
    const answer = await member.deduct({ calendar_id: "yoga", amount: 24 });
    const movements = lots.map((entitlement_id, i) => ({ entitlement_id, amount: i === 2 ? 4 : 10 }));
    expect(answer).toAnswer("deducted", { balance_after: 6, entitlement_id: lots[0], movements });
    expect((await entriesOf(server.db, member.id)).slice(3)).toEqual(["deduct 10→0", "deduct 10→0", "deduct 4→6"]);
  });

  test("with an entry that says who, why and for what (rule 2)", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    const booking = { request_id: randomUUID(), external_ref: randomUUID() };
    const { body } = await member.deduct({ calendar_id: "yoga", appointment_time: "2031-01-02T03:00:00Z", ...booking });
    const [entry] = await sql(
      server.db,
      `SELECT type, debit, credit, amount, source, actor_id, reason, request_id, external_ref, correlation_id, service_on
       FROM ledger_entries WHERE request_id = $1`,
      [booking.request_id],
    );
    expect(entry).toEqual({
      type: "deduct",
      debit: "available",
      credit: "used",
      amount: 1,
      source: "api",
      actor_id: studio.token.split("_")[1],
      reason: "deducted",
      ...booking,
      correlation_id: body.correlation_id,
      service_on: "2031-01-01",
    });
  });
});

describe("all or nothing, never below zero", () => {
  test("INSUFFICIENT_CREDITS takes nothing, also where a part would be there", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await member.grant("pack");
    const before = await countRows(server.db);
    expect(await member.deduct({ calendar_id: "yoga", amount: 21 })).toAnswer("INSUFFICIENT_CREDITS", {
      balance: 20,
      detail: null,
    });
    expect(await countRows(server.db)).toEqual({ ...before, requests: before.requests + 1 });
    expect(await member.deduct({ calendar_id: "yoga", amount: 20 })).toAnswer("deducted", { balance_after: 0 });
    expect(await member.deduct({ calendar_id: "yoga" })).toAnswer("INSUFFICIENT_CREDITS", { balance: 0 });
  });

  test("twenty at once for a pack of ten: ten are deducted, ten are INSUFFICIENT_CREDITS", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    const answers = await Promise.all(Array.from({ length: 20 }, () => member.deduct({ calendar_id: "yoga" })));
    const balances = answers.filter(({ body }) => body.ok).map(({ body }) => Number(body["balance_after"]));
    expect(balances.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(answers.filter(({ body }) => body.reason_code === "INSUFFICIENT_CREDITS")).toHaveLength(10);
  });

  test("an amount for one product is not made up from another (rule 10)", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await member.grant("pilates");
    const asked = { product_config_id: studio.product("pilates"), amount: 5 };
    expect(await member.deduct(asked)).toAnswer("INSUFFICIENT_CREDITS", { balance: 4 });
  });
});

describe("the fields of POST /entitlements/deduct", () => {
  test("product_config_id, calendar_id: one is required; with both, both must match", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    const pack = studio.product("pack");
    expect(await member.deduct({ product_config_id: pack })).toAnswer("deducted");
    expect(await member.deduct({ product_config_id: pack, calendar_id: "yoga" })).toAnswer("deducted", {
      balance_after: 8,
    });
    expect(await member.deduct({ product_config_id: pack, calendar_id: "pilates" })).toAnswer("NO_ENTITLEMENT");
  });

  test("appointment_time: what is usable on that date, default now", async () => {
    const other = await openStudio(server, { products: [{ ...PACK, expiry_days: 30 }] });
    const member = other.newMember();
    await member.grant("pack");
    const on = (days: number) => member.deduct({ calendar_id: "yoga", appointment_time: inDays(days) });
    expect(await on(29)).toAnswer("deducted", { balance_after: 9 });
    expect(await on(32)).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
    expect(await on(-1)).toAnswer("NO_ENTITLEMENT", { detail: "NOT_YET_ACTIVE" });
  });

  test("external_ref: records the appointment of that id, its start the appointment_time (clarification 14)", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    const external_ref = randomUUID();
    await member.deduct({ calendar_id: "yoga", external_ref, appointment_time: "2031-01-02T03:00:00Z" });
    const starts_at = Date.parse("2031-01-02T03:00:00Z");
    expect(await bookingOf(external_ref)).toEqual({
      contact: member.id,
      calendar_id: "yoga",
      status: "confirmed",
      starts_at,
    });
    await member.deduct({ product_config_id: studio.product("pack"), external_ref });
    expect(await bookingOf(external_ref)).toMatchObject({ calendar_id: "yoga", starts_at });
  });

  test("external_ref: without one no appointment is recorded, nor with a refusal", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    const before = await countRows(server.db);
    await member.deduct({ calendar_id: "yoga", appointment_time: inDays(3) });
    await member.deduct({ calendar_id: "yoga", amount: 50, external_ref: randomUUID() });
    expect((await countRows(server.db)).appointments).toBe(before.appointments);
  });
});

describe("POST /entitlements/deduct refuses", () => {
  test("NO_ENTITLEMENT with its detail, and remembers the contact of nobody", async () => {
    const before = await countRows(server.db);
    const member = studio.newMember();
    const refused = await member.deduct({ calendar_id: "yoga" });
    expect(refused).toAnswer("NO_ENTITLEMENT", { detail: "UNKNOWN_CONTACT", message: expect.any(String) });
    expect(await countRows(server.db)).toEqual({ ...before, requests: before.requests + 1 });
  });

  test("BILLING_SUSPENDED before NO_ENTITLEMENT and INSUFFICIENT_CREDITS, and works again when billing is back", async () => {
    const other = await openStudio(server);
    const member = other.newMember();
    await member.grant("pack");
    await setBillingStatus(server.db, other.workspace, "suspended");
    expect(await member.deduct({ calendar_id: "yoga" })).toAnswer("BILLING_SUSPENDED", { message: expect.any(String) });
    expect(await member.deduct({ calendar_id: "yoga", amount: 99 })).toAnswer("BILLING_SUSPENDED");
    expect(await other.newMember().deduct({ calendar_id: "yoga" })).toAnswer("BILLING_SUSPENDED");
    await setBillingStatus(server.db, other.workspace, "active");
    expect(await member.deduct({ calendar_id: "yoga" })).toAnswer("deducted", { balance_after: 9 });
  });

  test("keeps with the refusal why: each lot with its reason (rule 13)", async () => {
    const member = studio.newMember();
    const { body } = await member.grant("pilates");
    const request_id = randomUUID();
    await member.deduct({ calendar_id: "yoga", request_id });
    const [row] = await sql(server.db, "SELECT explanation FROM requests WHERE request_id = $1", [request_id]);
    const lot = { entitlement_id: body["entitlement_id"], product_config_id: studio.product("pilates") };
    expect(row?.["explanation"]).toEqual({ chosen: [], rejected: [{ ...lot, reason: "SERVICE_FAMILY_MISMATCH" }] });
  });
});

describe("?explain=true of POST /entitlements/deduct", () => {
  test("tells the lots chosen and rejected", async () => {
    const member = studio.newMember();
    const { body: granted } = await member.grant("pack");
    const entitlement_id = granted["entitlement_id"];
    const { body } = await member.deduct({ calendar_id: "yoga" }, "?explain=true");
    const chosen = [{ entitlement_id, product_config_id: studio.product("pack"), amount: 1 }];
    expect(body["explanation"]).toEqual({ chosen, rejected: [] });
    expect((await member.deduct({ calendar_id: "yoga" })).body).not.toHaveProperty("explanation");
  });
});
