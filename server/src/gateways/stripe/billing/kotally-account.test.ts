import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DAY } from "../../../rules/time/local-days.ts";
import { BEGAN, openKotally, subscribe, WISHES, type OpenedKotally } from "./testing-desk.ts";

let kotally: OpenedKotally;
beforeEach(async () => {
  kotally = await openKotally();
});
afterEach(() => kotally.fake.stop());

const acme = { workspace_id: WISHES.workspace_id, name: "Acme", email: "owner@acme.test" };
const rows = <Name extends "customers" | "prices" | "checkout_sessions" | "portal_configurations">(name: Name) =>
  kotally.fake.account.all(name);

describe("A workspace at Kotally's own account", () => {
  test("is one customer, however often it is made", async () => {
    const first = await kotally.account.createCustomer(acme);
    expect(await kotally.account.createCustomer(acme)).toBe(first);
    expect(rows("customers")).toMatchObject([
      { id: first, name: "Acme", metadata: { workspace_id: acme.workspace_id } },
    ]);
  });

  test("may be told of with another name the next time", async () => {
    await kotally.account.createCustomer(acme);
    await expect(kotally.account.createCustomer({ ...acme, name: "Acme Ltd", email: null })).resolves.toMatch(/^cus_/u);
  });
});

describe("The payment page", () => {
  test("asks for the number of locations, after fourteen days, and knows the way back", async () => {
    const customer_id = await kotally.account.createCustomer(acme);
    const page = await kotally.account.openCheckout({ ...WISHES, customer_id });
    expect(page).toMatchObject({ quantity: 2, customer_id, is_paid: false, url: expect.stringMatching(/^http/u) });
    const html = await (await fetch(page.url ?? "")).text();
    expect(html).toContain("2 × Kotally, 14 days free");
    const paid = await fetch(page.url ?? "", {
      method: "POST",
      body: new URLSearchParams({ act: "pay" }),
      redirect: "manual",
    });
    expect(paid.headers.get("location")).toBe(`https://kotally.test/paid?checkout=${page.session_id}`);
    expect(await kotally.account.findCheckout(page.session_id)).toMatchObject({ is_paid: true, url: null });
    expect(await kotally.account.findSubscription(customer_id)).toMatchObject({
      status: "trialing",
      quantity: 2,
      trial_ends_at: BEGAN + 14 * DAY,
      period_ends_at: BEGAN + 14 * DAY,
    });
  });

  test("is the same for the same attempt, and another for the next", async () => {
    const wishes = { ...WISHES, customer_id: await kotally.account.createCustomer(acme) };
    const first = await kotally.account.openCheckout(wishes);
    expect(await kotally.account.openCheckout(wishes)).toEqual(first);
    expect((await kotally.account.openCheckout({ ...wishes, attempt: "second" })).session_id).not.toBe(
      first.session_id,
    );
  });

  test("cannot be paid once it was closed, or a day has passed", async () => {
    const wishes = { ...WISHES, customer_id: await kotally.account.createCustomer(acme) };
    const closed = await kotally.account.openCheckout(wishes);
    await kotally.account.closeCheckout(closed.session_id);
    const old = await kotally.account.openCheckout({ ...wishes, attempt: "second" });
    kotally.clock.at += DAY + 1000;
    for (const { session_id } of [closed, old]) {
      expect(await kotally.account.findCheckout(session_id)).toMatchObject({ url: null, is_paid: false });
      await expect(kotally.account.closeCheckout(session_id)).rejects.toMatchObject({ reason: "rejected" });
    }
    expect(await kotally.account.findCheckout("cs_unknown")).toBeNull();
  });
});

describe("The price", () => {
  test("is made once, and found by its key", async () => {
    const customer_id = await kotally.account.createCustomer(acme);
    await kotally.account.openCheckout({ ...WISHES, customer_id });
    await kotally.clientOf(null).openCheckout({ ...WISHES, customer_id, attempt: "again" });
    expect(rows("prices")).toMatchObject([{ lookup_key: "kotally_locations_monthly", tiers_mode: "graduated" }]);
  });

  test.each([
    [1, 59],
    [2, 78],
    [5, 135],
    [10, 230],
  ])("Rule 38. makes an invoice over %i locations one over %i dollars", async (quantity, dollars) => {
    const { customer_id } = await subscribe(kotally, { quantity });
    expect(await kotally.account.invoices(customer_id)).toMatchObject([{ total_cents: dollars * 100, status: "paid" }]);
  });

  test("may be configured", async () => {
    const { id } = kotally.fake.createTieredPrice([
      { up_to: 1, unit_amount: 5900 },
      { up_to: null, unit_amount: 1900 },
    ]);
    const account = kotally.clientOf(id);
    await account.openCheckout({ ...WISHES, customer_id: await account.createCustomer(acme) });
    expect(rows("checkout_sessions")).toMatchObject([{ _price: id }]);
  });

  test("is not sold where it is not what rule 38 says", async () => {
    const dear = kotally.fake.createTieredPrice([
      { up_to: 1, unit_amount: 9900 },
      { up_to: null, unit_amount: 1900 },
    ]);
    const flat = kotally.fake.createPrice({ product: dear.product, unit_amount: 5900, is_monthly: true });
    for (const { id } of [dear, flat]) {
      const account = kotally.clientOf(id);
      const wishes = { ...WISHES, customer_id: await account.createCustomer(acme) };
      await expect(account.openCheckout(wishes)).rejects.toMatchObject({ reason: "wrong_price" });
    }
    expect(rows("checkout_sessions")).toEqual([]);
  });
});

describe("The quantity", () => {
  test("is prorated with the next invoice: a day before the renewal a further location costs little", async () => {
    const { customer_id, subscription_id, item_id } = await subscribe(kotally, { quantity: 1 });
    kotally.clock.at = Date.UTC(2026, 1, 14, 9);
    await kotally.account.setQuantity({ subscription_id, item_id, quantity: 2, change: "1" });
    const half = await kotally.account.nextInvoice(customer_id, subscription_id);
    expect(half).toMatchObject({ due_at: Date.UTC(2026, 1, 28, 9), total_cents: 7800 + 950 });
    expect(half?.lines.map(({ amount_cents, is_proration }) => [amount_cents, is_proration])).toEqual([
      [-2950, true],
      [3900, true],
      [7800, false],
    ]);
  });

  test("can be looked at before it is changed", async () => {
    const { customer_id, subscription_id, item_id } = await subscribe(kotally, { quantity: 1 });
    kotally.clock.at = Date.UTC(2026, 1, 14, 9);
    const with_two = await kotally.account.nextInvoice(customer_id, subscription_id, { item_id, quantity: 2 });
    expect(with_two).toMatchObject({ total_cents: 7800 + 950 });
    expect(await kotally.account.findSubscription(customer_id)).toMatchObject({ quantity: 1 });
    expect(await kotally.account.nextInvoice(customer_id, subscription_id)).toMatchObject({ total_cents: 5900 });
  });

  test("told again with the same change counts once", async () => {
    const { customer_id, subscription_id, item_id } = await subscribe(kotally);
    const change = { subscription_id, item_id, quantity: 3, change: "1" };
    await kotally.account.setQuantity(change);
    await kotally.account.setQuantity({ ...change, quantity: 5, change: "2" });
    await kotally.account.setQuantity(change);
    expect(await kotally.account.findSubscription(customer_id)).toMatchObject({ quantity: 5 });
  });

  test("of none costs nothing", async () => {
    const { customer_id, subscription_id, item_id } = await subscribe(kotally, { trial_days: 14 });
    await kotally.account.setQuantity({ subscription_id, item_id, quantity: 0, change: "1" });
    expect(await kotally.account.nextInvoice(customer_id, subscription_id)).toMatchObject({ total_cents: 0 });
  });
});

describe("The subscription that counts", () => {
  test("is the one that is paid for, before one that rests or ended later", async () => {
    const { customer_id, subscription_id } = await subscribe(kotally);
    const price = kotally.fake.account.all("prices")[0]?.id ?? "";
    const later = kotally.fake.startSubscription({ customer: customer_id, price }).subscription;
    kotally.fake.giveUp(later.id, "paused");
    expect(await kotally.account.findSubscription(customer_id)).toMatchObject({ subscription_id, status: "active" });
    kotally.fake.cancelSubscription(later.id, { at_period_end: false });
    expect(await kotally.account.findSubscription(customer_id)).toMatchObject({ subscription_id, status: "active" });
    kotally.fake.cancelSubscription(subscription_id, { at_period_end: false });
    expect(await kotally.account.findSubscription(customer_id)).toMatchObject({ subscription_id: later.id });
  });

  test("says since when its invoice waits for money", async () => {
    const { customer_id, subscription_id } = await subscribe(kotally);
    const failed_at = (kotally.clock.at = Date.UTC(2026, 1, 28, 9));
    kotally.fake.failPayment(subscription_id);
    kotally.clock.at += DAY;
    expect(await kotally.account.findSubscription(customer_id)).toMatchObject({
      status: "past_due",
      unpaid_since: failed_at,
    });
    const [open] = await kotally.account.invoices(customer_id);
    expect(open).toMatchObject({ status: "open", due_cents: 7800, url: expect.stringMatching(/^https/u) });
    kotally.fake.renew(subscription_id);
    expect(await kotally.account.findSubscription(customer_id)).toMatchObject({ status: "active", unpaid_since: null });
  });

  test("says when it ends, and has no next invoice then", async () => {
    const { customer_id, subscription_id } = await subscribe(kotally);
    kotally.fake.cancelSubscription(subscription_id);
    const ends_at = Date.UTC(2026, 1, 28, 9);
    expect(await kotally.account.findSubscription(customer_id)).toMatchObject({
      status: "active",
      cancels_at: ends_at,
    });
    expect(await kotally.account.nextInvoice(customer_id, subscription_id)).toBeNull();
  });
});

test("the portal lets an owner change the card and end the subscription, and never the quantity", async () => {
  const { customer_id } = await subscribe(kotally);
  const return_url = "https://kotally.test/billing";
  const url = await kotally.account.openPortal({ customer_id, return_url });
  await kotally.clientOf(null).openPortal({ customer_id, return_url });
  expect(rows("portal_configurations")).toMatchObject([
    {
      features: {
        payment_method_update: { enabled: "true" },
        subscription_cancel: { enabled: "true", mode: "at_period_end" },
        subscription_update: { enabled: "false" },
      },
    },
  ]);
  await fetch(url, { method: "POST", body: new URLSearchParams({ act: "cancel" }) });
  expect(await kotally.account.findSubscription(customer_id)).toMatchObject({ cancels_at: expect.any(Number) });
});

describe("A question that gets no answer", () => {
  test.each([
    [{ api_failing: 1 }, "unavailable"],
    [{ api_limited: 1 }, "rate_limited"],
    [{ api_losing: 1 }, "unavailable"],
  ] as const)("fails by its reason: %o", async (weather, reason) => {
    kotally.fake.setWeather(weather);
    await expect(kotally.account.createCustomer(acme)).rejects.toMatchObject({ name: "StripeFailure", reason });
  });

  test("may have had its effect all the same, once", async () => {
    kotally.fake.setWeather({ api_losing: 1 });
    await expect(kotally.account.createCustomer(acme)).rejects.toThrow();
    kotally.fake.setWeather({});
    await kotally.account.createCustomer(acme);
    expect(rows("customers")).toHaveLength(1);
  });

  test("fails where the key is not the account's, or may only read", async () => {
    const { fake, api_base } = kotally;
    const { KotallyAccount } = await import("./kotally-account.ts");
    const clientWith = (secret_key: string) => new KotallyAccount({ secret_key, price_id: null, api_base });
    await expect(clientWith("sk_test_strange").createCustomer(acme)).rejects.toMatchObject({ reason: "unauthorised" });
    await expect(clientWith(fake.addKey()).createCustomer(acme)).rejects.toMatchObject({
      reason: "missing_permission",
    });
  });
});
