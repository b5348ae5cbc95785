import { describe, expect, test } from "vitest";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { DAY, HOUR } from "../../src/rules/time/local-days.ts";
import { callerOf, sql } from "../support.ts";
import { newPayer, useBilledConsole, type Payer } from "./billed-console.ts";

const server = useBilledConsole();

async function addLocation({ key }: Payer, name: string, more: object = {}): Promise<void> {
  const locations = [{ key: name, timezone: "America/New_York", ...more }];
  await applyFile(server.db, parseApplyFile({ workspace: { key }, locations }));
}

const disconnect = ({ workspace_id }: Payer, key: string) =>
  sql(server.db, "UPDATE locations SET status = 'disconnected' WHERE workspace_id = $1 AND key = $2", [
    workspace_id,
    key,
  ]);

describe("the quantity at Stripe", () => {
  test("follows the active locations by the next run of the timer, up and down; sandboxes do not count (rule 38)", async () => {
    const payer = await newPayer(server);
    await payer.subscribe();
    await addLocation(payer, "l2");
    await addLocation(payer, "l3");
    await addLocation(payer, "try2", { sandbox: true });
    expect(await server.follow()).toMatchObject({ quantities: 1 });
    expect(payer.subscription._quantity).toBe(3);
    await disconnect(payer, "l2");
    await server.follow();
    expect(payer.subscription._quantity).toBe(2);
    expect(await server.follow()).toMatchObject({ quantities: 0 });
    expect(await payer.get()).toMatchObject({ subscription: { quantity: 2 }, price: { monthly_cents: 7800 } });
  });

  test("is put right within a day where somebody changed it at Stripe", async () => {
    const payer = await newPayer(server, { locations: 2 });
    const subscription = await payer.subscribe();
    subscription._quantity = 7;
    await server.follow();
    expect(subscription._quantity).toBe(7);
    await server.follow(DAY);
    expect(subscription._quantity).toBe(2);
  });

  test("is told once where Stripe's answer was lost, and again where it never heard", async () => {
    const payer = await newPayer(server);
    const subscription = await payer.subscribe();
    subscription.status = "active";
    await addLocation(payer, "l2");
    for (const weather of [{ api_failing: 1 }, { api_losing: 1 }]) {
      server.fake.setWeather(weather);
      await expect(server.follow()).rejects.toThrow("was not followed");
    }
    server.fake.setWeather({});
    await server.follow();
    expect(subscription._quantity).toBe(2);
    expect(subscription._prorations).toHaveLength(2);
  });

  test("is prorated: what a further location will cost is seen before, to the cent, on the next invoice", async () => {
    const payer = await newPayer(server);
    const subscription = await payer.subscribe();
    server.fake.renew(subscription.id);
    await server.told();
    const seen = await payer.get("/price?further=2");
    expect(seen).toMatchObject({ further: 2, locations: 1, monthly_cents: 5900, monthly_cents_then: 9700 });
    await addLocation(payer, "l2");
    await addLocation(payer, "l3");
    await server.follow();
    const next = (await payer.get("/invoices"))["next_invoice"] as { total_cents: number; lines: object[] };
    const before = seen["next_invoice"] as typeof next;
    expect(Math.abs(next.total_cents - before.total_cents)).toBeLessThanOrEqual(2);
    expect(next.lines).toMatchObject([{ is_proration: true }, { is_proration: true }, { amount_cents: 9700 }]);
  });

  test("asks for a number that makes sense", async () => {
    const payer = await newPayer(server);
    for (const further of ["0", "many", "1001"]) {
      const refused = await payer.get(`/price?further=${further}`);
      expect(refused).toMatchObject({ reason_code: "VALIDATION_ERROR", errors: [{ field: "further" }] });
    }
  });
});

describe("a payment that fails", () => {
  test("leaves seven days in which everything goes on, then changes rest and reads do not (rule 37)", async () => {
    const payer = await newPayer(server);
    const subscription = await payer.subscribe();
    server.fake.renew(subscription.id);
    server.fake.failPayment(subscription.id);
    await server.told();
    const banner = { code: "payment_failed", at: expect.any(String) };
    const standing = await payer.get("/standing");
    expect(standing).toMatchObject({ billing_status: "past_due", allows_changes: true, banner });
    const { at } = standing["banner"] as { at: string };
    expect(Math.abs(Date.parse(at) - (systemClock.now() + 7 * DAY))).toBeLessThan(60_000);
    expect(await payer.grant()).toBe("grant_applied");

    await server.follow(7 * DAY - HOUR);
    expect(await payer.grant()).toBe("grant_applied");
    await server.follow(7 * DAY + 1);
    expect(await payer.get("/standing")).toMatchObject({
      billing_status: "suspended",
      allows_changes: false,
      banner: { code: "suspended" },
    });
    expect(await payer.grant()).toBe("BILLING_SUSPENDED");
    const api = callerOf(server.base_url, payer.token);
    expect((await api.get("/contacts/maya/summary")).body).toMatchObject({ ok: true });
    const asked = { external_contact_id: "maya", calendar_id: "cal" };
    expect((await api.post("/entitlements/check-eligibility", asked)).body).toMatchObject({ reason_code: "eligible" });
  });

  test("does not begin a second week with the next attempt", async () => {
    const payer = await newPayer(server);
    const subscription = await payer.subscribe();
    server.fake.failPayment(subscription.id);
    await server.told();
    server.fake.failPayment(subscription.id);
    await server.told();
    await server.follow(6 * DAY);
    await server.follow(7 * DAY + 1);
    expect(await payer.get("/standing")).toMatchObject({ billing_status: "suspended" });
  });

  test("is forgotten once it is paid", async () => {
    const payer = await newPayer(server);
    const subscription = await payer.subscribe();
    server.fake.failPayment(subscription.id);
    await server.told();
    const [open] = (await payer.get("/invoices"))["invoices"] as { status: string; due_cents: number; url: string }[];
    expect(open).toMatchObject({ status: "open", due_cents: 5900, url: expect.stringMatching(/^https/u) });
    server.fake.renew(subscription.id);
    await server.told();
    expect(await payer.get("/standing")).toMatchObject({ billing_status: "active", banner: null });
  });

  test.each(["unpaid", "paused"] as const)("ends in a suspension at once where Stripe says %s", async (word) => {
    const payer = await newPayer(server);
    const subscription = await payer.subscribe();
    server.fake.giveUp(subscription.id, word);
    await server.told();
    expect(await payer.get("/standing")).toMatchObject({ billing_status: "suspended" });
    expect(await payer.get()).toMatchObject({ subscription: { status: word, is_live: true } });
  });
});

describe("the end of a subscription", () => {
  test("is announced, may be thought better of, and is followed by ninety days (rule 39)", async () => {
    const payer = await newPayer(server);
    const subscription = await payer.subscribe();
    const { url } = (await payer.post("/portal")) as unknown as { url: string };
    const act = (what: string) => fetch(url, { method: "POST", body: new URLSearchParams({ act: what }) });
    await act("cancel");
    await payer.post("/finish");
    const ends_at = new Date(Number(subscription.cancel_at) * 1000).toISOString();
    expect(await payer.get("/standing")).toMatchObject({
      billing_status: "trialing",
      allows_changes: true,
      banner: { code: "subscription_ends", at: ends_at },
    });
    await act("keep");
    await payer.post("/finish");
    expect(await payer.get("/standing")).toMatchObject({ banner: null });

    server.fake.cancelSubscription(subscription.id, { at_period_end: false });
    await server.told();
    const deleted_at = new Date(Number(subscription.ended_at) * 1000 + 90 * DAY).toISOString();
    expect(await payer.get("/standing")).toMatchObject({
      billing_status: "cancelled",
      allows_changes: false,
      banner: { code: "cancelled", at: deleted_at },
    });
    expect(await payer.get()).toMatchObject({ deleted_at, subscription: { status: "canceled", is_live: false } });
    expect(await payer.grant()).toBe("BILLING_SUSPENDED");
    expect(await payer.post("/portal")).toMatchObject({ ok: true });
  });
});

describe("while Stripe is away", () => {
  test("nobody waits for nothing, what is known is shown, and it is asked again by itself", async () => {
    const payer = await newPayer(server);
    const subscription = await payer.subscribe();
    server.fake.setWeather({ api_failing: 1 });
    try {
      const away = { ok: false, reason_code: "STRIPE_UNAVAILABLE", why: "Stripe: unavailable" };
      expect(await payer.get("/invoices")).toMatchObject(away);
      expect(await payer.post("/checkout")).toMatchObject(away);
      expect(await payer.post("/portal")).toMatchObject(away);
      expect(await payer.post("/finish")).toMatchObject(away);
      expect(await payer.get("/price")).toMatchObject({ ok: true, monthly_cents_then: 7800, next_invoice: null });
      server.fake.failPayment(subscription.id);
      await server.fake.drain();
      await expect.poll(() => payer.get()).toMatchObject({ trouble: "Stripe: unavailable" });
      expect(await payer.get("/standing")).toMatchObject({ billing_status: "trialing" });
    } finally {
      server.fake.setWeather({});
    }
    await server.follow(2 * 60_000);
    expect(await payer.get("/standing")).toMatchObject({ billing_status: "past_due" });
    expect(await payer.get()).toMatchObject({ trouble: null });
  });
});
