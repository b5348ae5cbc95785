import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkRestrictedKey } from "./check-key.ts";
import { PINNED_API_VERSION, StripeAccount } from "./client.ts";
import { StripeFailure } from "./failures.ts";
import { BEGAN, openStudio, type Studio } from "./fake/testing-studio.ts";
import { LISTENED_EVENTS } from "./listened-events.ts";
import type { Permission } from "./permissions.ts";
import { EVENTS_ARE_KEPT_MS, pollEvents } from "./poll-events.ts";
import { readEvent } from "./read-event.ts";
import { createEndpoint, deleteEndpoint } from "./webhook-endpoints.ts";

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.fake.stop());

const DAY = 86_400_000;

async function failureOf(asked: Promise<unknown>): Promise<StripeFailure> {
  const error = await asked.then(
    () => new Error("answered"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StripeFailure)) throw error as Error;
  return error;
}

describe("A key is kept only when it may read what is needed, and nothing is risked", () => {
  test("a secret or a publishable key is refused unseen", async () => {
    expect(await checkRestrictedKey("sk_live_4eC39HqLyjWDarjtT1", "http://127.0.0.1:1")).toMatchObject({
      ok: false,
      reason: "secret_key",
    });
    expect(await checkRestrictedKey("pk_test_4eC39HqLyjWDarjtT1", "http://127.0.0.1:1")).toMatchObject({
      ok: false,
      reason: "publishable_key",
    });
  });

  test("what is no key at all is never sent", async () => {
    for (const key of ["", "rk_test_", "rk_prod_12345678", "rk_test_1234 5678", " rk_test_12345678", "whsec_1234"]) {
      expect(await checkRestrictedKey(key, "http://127.0.0.1:1")).toMatchObject({ ok: false, reason: "not_a_key" });
    }
  });

  test("a key that Stripe does not know", async () => {
    const check = await checkRestrictedKey("rk_test_unknown123", studio.api_base);
    expect(check).toMatchObject({ ok: false, reason: "unauthorised" });
  });

  test("a good key says whether it is live", async () => {
    expect(await checkRestrictedKey(studio.key, studio.api_base)).toEqual({ ok: true, is_live: false });
    const live = await openStudio({ is_live: true });
    expect(await checkRestrictedKey(live.key, live.api_base)).toEqual({ ok: true, is_live: true });
    await live.fake.stop();
  });

  test("each permission that is missing is named", async () => {
    const few: Permission[] = ["charges", "payment_intents", "refunds", "disputes", "customers", "invoices", "events"];
    const check = await checkRestrictedKey(studio.fake.addKey(few), studio.api_base);
    const missing = ["invoice_payments", "subscriptions", "checkout_sessions", "products", "prices"];
    expect(check).toEqual({ ok: false, reason: "missing_permissions", missing });
  });

  test("while Stripe is busy or away there is no answer", async () => {
    studio.fake.setWeather({ api_limited: 1 });
    expect((await failureOf(checkRestrictedKey(studio.key, studio.api_base))).reason).toBe("rate_limited");
    expect((await failureOf(checkRestrictedKey(studio.key, "http://127.0.0.1:1"))).reason).toBe("unavailable");
  });
});

describe("A question that gets no answer fails by its reason", () => {
  test("a revoked key is unauthorised, and the failure does not contain it", async () => {
    studio.fake.revokeKey(studio.key);
    const failure = await failureOf(studio.account.customer("cus_1"));
    expect(failure).toMatchObject({ reason: "unauthorised", retry_after_ms: null });
    expect(JSON.stringify(failure) + failure.stack).not.toContain(studio.key);
  });

  test("a missing permission is named", async () => {
    const account = new StripeAccount({ key: studio.fake.addKey(["charges"]), api_base: studio.api_base });
    const failure = await failureOf(account.invoiceOfPayment("pi_1"));
    expect(failure).toMatchObject({ reason: "missing_permission", permission: "invoice_payments" });
  });

  test("a rate limit says when to come back", async () => {
    studio.fake.setWeather({ api_limited: 1 });
    const failure = await failureOf(studio.account.customer("cus_1"));
    expect(failure).toMatchObject({ reason: "rate_limited", retry_after_ms: 1000 });
  });

  test("an account that fails is unavailable for now", async () => {
    studio.fake.setWeather({ api_failing: 1 });
    const failure = await failureOf(studio.account.customer("cus_1"));
    expect(failure).toMatchObject({ reason: "unavailable", retry_after_ms: expect.any(Number) });
  });

  test("what does not exist is null", async () => {
    expect(await studio.account.customer("cus_none")).toBeNull();
    expect(await studio.account.invoice("in_none")).toBeNull();
    expect(await studio.account.invoiceOfPayment("pi_none")).toBeNull();
    expect(await studio.account.sessionOfPayment("pi_none")).toBeNull();
  });
});

describe("An endpoint is made in the pinned version and removed again", () => {
  test("whatever version the account speaks", async () => {
    studio.fake.shape = "old";
    const url = "https://kotally.test/webhooks/stripe/abc";
    const { endpoint_id, secret } = await createEndpoint(studio.account, url);
    expect(studio.fake.account.get("webhook_endpoints", endpoint_id)).toMatchObject({
      url,
      api_version: PINNED_API_VERSION,
      enabled_events: LISTENED_EVENTS,
    });
    expect(secret).toMatch(/^whsec_/u);
    await deleteEndpoint(studio.account, endpoint_id);
    expect(studio.fake.account.find("webhook_endpoints", endpoint_id)).toBeNull();
    await deleteEndpoint(studio.account, endpoint_id);
  });

  test("only where the key may", async () => {
    const account = new StripeAccount({ key: studio.fake.addKey(["events"]), api_base: studio.api_base });
    const failure = await failureOf(createEndpoint(account, "https://kotally.test"));
    expect(failure).toMatchObject({ reason: "missing_permission", permission: "webhook_endpoints" });
  });
});

describe("Events are polled where nothing is sent", () => {
  async function poll(since: number | null) {
    const taken: string[] = [];
    const take = async (event: unknown) => void taken.push((event as { id: string }).id);
    const cursor = await pollEvents(studio.account, { since, now: studio.clock.now(), take });
    return { taken, cursor };
  }

  test("all of them, over many pages, once each", async () => {
    for (let i = 0; i < 70; i += 1) studio.fake.pay({ customer: studio.customer, price: studio.pack.id });
    const { taken, cursor } = await poll(null);
    expect(taken.toReversed()).toEqual(studio.fake.events().map(({ id }) => id));
    expect(taken).toHaveLength(210);
    expect(cursor).toBe(BEGAN);
  });

  test("from the last cursor on, with a little overlap for late ones", async () => {
    studio.fake.pay({ customer: studio.customer, price: studio.pack.id });
    const first = await poll(null);
    studio.clock.at += DAY;
    expect((await poll(first.cursor)).taken).toHaveLength(3);
    studio.fake.pay({ customer: studio.customer, price: studio.pack.id, through: "intent" });
    const second = await poll(first.cursor);
    expect(second).toMatchObject({ cursor: BEGAN + DAY });
    expect(second.taken).toHaveLength(5);
    studio.clock.at += DAY;
    expect((await poll(second.cursor)).taken).toHaveLength(2);
    expect((await poll(second.cursor + DAY)).taken).toEqual([]);
  });

  test("in the version that the account speaks, not in ours", async () => {
    studio.fake.shape = "old";
    studio.fake.startSubscription({ customer: studio.customer, price: studio.gold.id });
    const kinds: string[] = [];
    const take = async (event: unknown) => {
      const read = readEvent(event);
      kinds.push(read.kind);
      expect(read.api_version).not.toBe(PINNED_API_VERSION);
    };
    await pollEvents(studio.account, { since: null, now: studio.clock.now(), take });
    expect(kinds.toSorted()).toEqual(["invoice_payment", "invoice_payment", "payment", "subscription"]);
  });

  test("no further back than Stripe remembers, and only what is listened to", async () => {
    studio.fake.pay({ customer: studio.customer, price: studio.pack.id });
    studio.clock.at += EVENTS_ARE_KEPT_MS + 1000;
    const customer = studio.fake.account.get("customers", studio.customer);
    studio.fake.account.tell("customer.updated", customer);
    expect((await poll(null)).taken).toEqual([]);
    expect((await poll(BEGAN)).taken).toEqual([]);
  });

  test("an event that cannot be kept stops the poll, and the old cursor stays good", async () => {
    studio.fake.pay({ customer: studio.customer, price: studio.pack.id });
    const take = () => Promise.reject(new Error("disk full"));
    await expect(pollEvents(studio.account, { since: null, now: studio.clock.now(), take })).rejects.toThrow(
      "disk full",
    );
  });
});
