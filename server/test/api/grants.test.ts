import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { setBillingStatus } from "../../src/operations/billing/set-billing-status.ts";
import { sql, useServer } from "../support.ts";
import { countRows, entriesOf, openStudio, PACK, useStudio } from "./studio.ts";

const server = useServer();
const studio = useStudio(server);

const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

async function paymentsOf(external_id: string): Promise<Record<string, unknown>[]> {
  return sql(
    server.db,
    `SELECT p.provider, p.external_payment_id, p.event_type, p.amount_cents, p.currency, p.paid_at, p.external_ref, p.metadata
     FROM payment_events p JOIN contacts c ON c.id = p.contact_id WHERE c.external_id = $1 ORDER BY p.recorded_at`,
    [external_id],
  );
}

async function contactOf(external_id: string): Promise<Record<string, unknown> | undefined> {
  const [row] = await sql(server.db, "SELECT id, email, name FROM contacts WHERE external_id = $1", [external_id]);
  return row;
}

describe("POST /grants answers grant_applied", () => {
  test("with ok, reason_code, correlation_id, location_id, contact_id, entitlement_id, credits_granted, balance_after", async () => {
    const member = studio.newMember();
    const { status, body } = await member.grant("pack");
    expect(status).toBe(200);
    expect(body).toEqual({
      ok: true,
      reason_code: "grant_applied",
      correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      location_id: studio.location_id,
      contact_id: (await contactOf(member.id))?.["id"],
      entitlement_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      credits_granted: 10,
      balance_after: 10,
    });
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10"]);
  });

  test("with location_id as loc_…, also where the request named another of its names", async () => {
    const other = await openStudio(server, { ghl_location_id: `ghl-${randomUUID()}` });
    const [row] = await sql<{ ghl: string }>(
      server.db,
      "SELECT ghl_location_id AS ghl FROM locations l JOIN api_clients a USING (location_id) WHERE a.id = $1",
      [other.token.split("_")[1]],
    );
    const answer = await other.newMember().grant("pack", { location_id: row?.ghl });
    expect(answer).toAnswer("grant_applied", { location_id: other.location_id });
  });

  test("with balance_after over all active entitlements of that product config, and of no other", async () => {
    const other = await openStudio(server, { products: [PACK, { ...PACK, key: "pack5", credits_total: 5 }] });
    const member = other.newMember();
    await member.grant("pack");
    expect(await member.grant("pack5")).toAnswer("grant_applied", { credits_granted: 5, balance_after: 5 });
    await member.deduct({ product_config_id: other.product("pack"), amount: 4 });
    expect(await member.grant("pack")).toAnswer("grant_applied", { credits_granted: 10, balance_after: 16 });
  });

  test("for the same contact again with the same contact_id and a new entitlement_id", async () => {
    const member = studio.newMember();
    const [first, second] = [await member.grant("pack"), await member.grant("pack")];
    expect(second.body["contact_id"]).toBe(first.body["contact_id"]);
    expect(second.body["entitlement_id"]).not.toBe(first.body["entitlement_id"]);
  });
});

describe("POST /grants takes the field", () => {
  test("external_payment_id: a payment grants once, under whatever request_id: duplicate_payment_event", async () => {
    const member = studio.newMember();
    const payment = { external_payment_id: randomUUID() };
    const first = await member.grant("pack", payment);
    await member.deduct({ calendar_id: "yoga", amount: 3 });
    const again = await member.grant("pack", payment);
    const { correlation_id, ...rest } = again.body;
    const { location_id, contact_id, entitlement_id } = first.body;
    expect(again.status).toBe(200);
    expect(correlation_id).not.toBe(first.body.correlation_id);
    expect(rest).toEqual({
      ok: true,
      reason_code: "duplicate_payment_event",
      location_id,
      contact_id,
      entitlement_id,
      credits_granted: 0,
      balance_after: 7,
    });
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10", "deduct 3→7"]);
    expect(await paymentsOf(member.id)).toHaveLength(1);
  });

  test("provider: the same payment id of another provider is another payment; default automation", async () => {
    const member = studio.newMember();
    const payment = { external_payment_id: randomUUID() };
    await member.grant("pack", payment);
    expect(await member.grant("pack", { ...payment, provider: "square" })).toAnswer("grant_applied", {
      balance_after: 20,
    });
    expect(await member.grant("pack", { ...payment, provider: "automation" })).toAnswer("duplicate_payment_event");
    const providers = (await paymentsOf(member.id)).map(({ provider }) => provider);
    expect(providers).toEqual(["automation", "square"]);
  });

  test("event_type: default payment_confirmed", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await member.grant("pack", { event_type: "order.paid" });
    const types = (await paymentsOf(member.id)).map(({ event_type }) => event_type);
    expect(types).toEqual(["payment_confirmed", "order.paid"]);
  });

  test("amount_cents, currency, external_ref and metadata: stored with the payment", async () => {
    const member = studio.newMember();
    await member.grant("pack", {
      amount_cents: 14_900,
      currency: "eur",
      external_ref: "invoice 7",
      metadata: { by: ["front desk"] },
    });
    expect(await paymentsOf(member.id)).toMatchObject([
      { amount_cents: 14_900, currency: "EUR", external_ref: "invoice 7", metadata: { by: ["front desk"] } },
    ]);
  });

  test("amount_cents, currency, external_ref and metadata: none of them is needed", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    expect(await paymentsOf(member.id)).toMatchObject([
      { amount_cents: null, currency: null, external_ref: null, metadata: null },
    ]);
  });

  test("email, name: hints that fill what is empty, never overwrite", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    expect(await contactOf(member.id)).toMatchObject({ email: null, name: null });
    await member.grant("pack", { email: " jane@acme.test " });
    expect(await contactOf(member.id)).toMatchObject({ email: "jane@acme.test", name: null });
    await member.grant("pack", { email: "other@acme.test", name: "Jane" });
    await member.grant("pack", { name: "Joe" });
    expect(await contactOf(member.id)).toMatchObject({ email: "jane@acme.test", name: "Jane" });
  });

  test("email, name: a duplicate payment changes nothing, not even a hint", async () => {
    const member = studio.newMember();
    const payment = { external_payment_id: randomUUID() };
    await member.grant("pack", payment);
    expect(await member.grant("pack", { ...payment, name: "Jane" })).toAnswer("duplicate_payment_event");
    expect(await contactOf(member.id)).toMatchObject({ name: null });
  });

  test("product_config_id: the rule to apply", async () => {
    const other = await openStudio(server, { products: [PACK, { ...PACK, key: "single", credits_total: 1 }] });
    expect(await other.newMember().grant("single")).toAnswer("grant_applied", { credits_granted: 1 });
  });
});

describe("paid_at of POST /grants", () => {
  test("is now where it is not said", async () => {
    const member = studio.newMember();
    const before = Date.now();
    await member.grant("pack");
    const [payment] = await paymentsOf(member.id);
    expect(payment?.["paid_at"]).toBeGreaterThanOrEqual(before);
    expect(payment?.["paid_at"]).toBeLessThanOrEqual(Date.now());
  });

  test("in the past: the credits count, and expire, from then", async () => {
    const other = await openStudio(server, { products: [{ ...PACK, expiry_days: 30 }] });
    const member = other.newMember();
    expect(await member.grant("pack", { paid_at: inDays(-20) })).toAnswer("grant_applied", { balance_after: 10 });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible");
    expect(await member.check({ calendar_id: "yoga", appointment_time: inDays(-10) })).toAnswer("eligible");
    expect(await member.check({ calendar_id: "yoga", appointment_time: inDays(15) })).toAnswer("NO_ENTITLEMENT");
  });

  test("so long ago that all has expired: granted and expired, so that the history is complete (rule 20)", async () => {
    const other = await openStudio(server, { products: [{ ...PACK, expiry_days: 30 }] });
    const member = other.newMember();
    expect(await member.grant("pack", { paid_at: inDays(-60) })).toAnswer("grant_applied", {
      credits_granted: 10,
      balance_after: 0,
    });
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10", "expire 10→0"]);
  });

  test("at most a day ahead: scheduled until then, with balance_after 0 (rule 14)", async () => {
    const member = studio.newMember();
    const answer = await member.grant("pack", { paid_at: inDays(0.99) });
    expect(answer).toAnswer("grant_applied", { credits_granted: 10, balance_after: 0 });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", { detail: "NOT_YET_ACTIVE" });
    expect(await member.check({ calendar_id: "yoga", appointment_time: inDays(1) })).toAnswer("eligible");
  });

  test("more than a day ahead is a VALIDATION_ERROR, and leaves nothing behind", async () => {
    const before = await countRows(server.db);
    expect(await studio.newMember().grant("pack", { paid_at: inDays(1.01) })).toBeInvalid("paid_at");
    expect(await countRows(server.db)).toEqual(before);
  });
});

describe("duplicate_payment_event", () => {
  test("is told for another contact too, with the ids of the original grant, and creates nobody (clarification 8)", async () => {
    const [jane, joe] = [studio.newMember(), studio.newMember()];
    const payment = { external_payment_id: randomUUID() };
    const { body } = await jane.grant("pack", payment);
    const { contact_id, entitlement_id } = body;
    const again = await joe.grant("pack", payment);
    expect(again).toAnswer("duplicate_payment_event", {
      contact_id,
      entitlement_id,
      credits_granted: 0,
      balance_after: 10,
    });
    expect(await contactOf(joe.id)).toBeUndefined();
  });

  test("is told for another product config, with the balance of the original one", async () => {
    const other = await openStudio(server, { products: [PACK, { ...PACK, key: "pack5", credits_total: 5 }] });
    const member = other.newMember();
    const payment = { external_payment_id: randomUUID() };
    await member.grant("pack", payment);
    expect(await member.grant("pack5", payment)).toAnswer("duplicate_payment_event", { balance_after: 10 });
  });

  test("comes before CONFIG_NOT_FOUND and BILLING_SUSPENDED", async () => {
    const other = await openStudio(server);
    const member = other.newMember();
    const payment = { external_payment_id: randomUUID() };
    await member.grant("pack", payment);
    const unknown = { ...payment, product_config_id: "pc_unknown" };
    expect(await member.grant("pack", unknown)).toAnswer("duplicate_payment_event");
    await setBillingStatus(server.db, other.workspace, "suspended");
    expect(await member.grant("pack", unknown)).toAnswer("duplicate_payment_event");
    expect(await other.newMember().grant("pack", payment)).toAnswer("duplicate_payment_event", { balance_after: 10 });
  });

  test("is not told for the same payment id in another location", async () => {
    const payment = { external_payment_id: randomUUID() };
    await studio.newMember().grant("pack", payment);
    const other = await openStudio(server);
    expect(await other.newMember().grant("pack", payment)).toAnswer("grant_applied");
  });

  test("says the balance of now: 0 where all has expired or is not yet active", async () => {
    const other = await openStudio(server, { products: [{ ...PACK, expiry_days: 30 }] });
    const member = other.newMember();
    const payment = { external_payment_id: randomUUID(), paid_at: inDays(-60) };
    await member.grant("pack", payment);
    expect(await member.grant("pack", payment)).toAnswer("duplicate_payment_event", { balance_after: 0 });
  });
});

describe("POST /grants refuses", () => {
  test.each([
    ["an unknown product config", () => Promise.resolve("pc_01k0000000000000000000000")],
    ["what is no id at all", () => Promise.resolve("pack")],
    ["one of another location", async () => (await openStudio(server)).product("pack")],
  ])("CONFIG_NOT_FOUND: %s; no contact, no payment and no credit stays behind", async (_, product) => {
    const member = studio.newMember();
    const product_config_id = await product();
    const before = await countRows(server.db);
    const answer = await member.grant("pack", { product_config_id, email: "jane@acme.test" });
    expect(answer).toAnswer("CONFIG_NOT_FOUND", { message: expect.any(String) });
    expect(await countRows(server.db)).toEqual({ ...before, requests: before.requests + 1 });
  });

  test("CONFIG_NOT_FOUND: an inactive product config of the own location; the payment can still grant later", async () => {
    const other = await openStudio(server, { products: [PACK, { ...PACK, key: "old", active: false }] });
    const member = other.newMember();
    const payment = { external_payment_id: randomUUID() };
    expect(await member.grant("old", payment)).toAnswer("CONFIG_NOT_FOUND");
    expect(await member.grant("pack", payment)).toAnswer("grant_applied");
  });

  test.each(["suspended", "cancelled", "none"] as const)(
    "BILLING_SUSPENDED: while the workspace is %s; it comes before CONFIG_NOT_FOUND and leaves nothing behind",
    async (status) => {
      const other = await openStudio(server);
      await setBillingStatus(server.db, other.workspace, status);
      const before = await countRows(server.db);
      expect(await other.newMember().grant("pack")).toAnswer("BILLING_SUSPENDED");
      const unknown = { product_config_id: "pc_unknown" };
      expect(await other.newMember().grant("pack", unknown)).toAnswer("BILLING_SUSPENDED");
      expect(await countRows(server.db)).toEqual({ ...before, requests: before.requests + 2 });
    },
  );

  test.each(["trialing", "active", "past_due"] as const)(
    "nothing while the workspace is %s (rule 37)",
    async (status) => {
      const other = await openStudio(server);
      await setBillingStatus(server.db, other.workspace, status);
      expect(await other.newMember().grant("pack")).toAnswer("grant_applied");
    },
  );
});
