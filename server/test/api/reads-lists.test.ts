import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { useServer } from "../support.ts";
import { factOf, inDays, itemsOf, openMember } from "./reads-studio.ts";
import { PACK } from "./studio.ts";

const server = useServer();
const MEMBERSHIP = { key: "monthly", name: "Monthly 8", type: "membership", monthly_credits: 8, calendars: ["yoga"] };

describe("GET /contacts/{id}/entitlements", () => {
  test("tells every field of a package's lot", async () => {
    const { granted, studio, read } = await openMember(server, {
      products: [{ ...PACK, name: "Ten classes", expiry_days: 30 }],
    });
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
    const { member: maya, read } = await openMember(server, { products: [PACK, MEMBERSHIP] });
    await maya.grant("monthly");
    await maya.grant("monthly");
    const [next, current] = itemsOf(await read("/entitlements"));
    expect(next).toMatchObject({ status: "scheduled", origin: "period" });
    expect(factOf(next, "period", "start_at")).toBe(factOf(current, "period", "end_at"));
    expect(next?.["membership_id"]).toBe(current?.["membership_id"]);
  });

  test("tells when first use started the clock, and that a used up lot is exhausted", async () => {
    const pack = { key: "pack", type: "package", credits_total: 1, calendars: ["yoga"], expiry_days: 30 };
    const { read } = await openMember(server, { products: [{ ...pack, activation: "on_first_use" }] });
    expect(itemsOf(await read("/entitlements"))).toMatchObject([
      { status: "exhausted", credits_remaining: 0, activated_on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    ]);
  });
});

describe("GET /contacts/{id}/payments", () => {
  test("tells every field of a payment, and pages newest first", async () => {
    const { member: maya, granted, studio, read } = await openMember(server);
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
      external_contact_id: maya.id,
      acknowledged: [],
      provider: "stripe",
      external_payment_id,
      keys: [{ provider: "stripe", key: external_payment_id }],
      event_type: "invoice.paid",
      status: "recorded",
      flags: ["late"],
      amount_cents: null,
      refunded_cents: 0,
      currency: null,
      product_config_id: studio.product("pack"),
      product_name: expect.any(String),
      entitlement_id: expect.any(String),
      items: [expect.objectContaining({ item: 1, status: "granted", credits_granted: 10, quantity: 1 })],
      refunds: [],
      disputes: [],
      settles_at: null,
      duplicate_of: null,
      subscription_id: null,
      external_ref: "r-1",
      paid_at,
      recorded_at: expect.stringMatching(/Z$/),
    });
    expect(latest).toMatchObject({ entitlement_id: granted["entitlement_id"], amount_cents: 12_000, currency: "USD" });
  });
});

describe("GET /contacts/{id}/appointments", () => {
  test("tells what is to come and what has begun apart, each newest first, cancelled ones too", async () => {
    const { member: maya, booking, read } = await openMember(server);
    await maya.grant("pack", { paid_at: inDays(-20) });
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
        ends_at: null,
        booked_at: expect.stringMatching(/Z$/),
        cancelled_at: null,
        cancelled_by: null,
        credits_held: 0,
        credits_used: 0,
        unfunded: null,
        flags: [],
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
