import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verifySignature } from "../verify-signature.ts";
import { createEndpoint } from "../webhook-endpoints.ts";
import type { Delivery } from "./deliveries.ts";
import { openStudio, type Studio } from "./testing-studio.ts";

const URL_OF_RECEIVER = "https://kotally.test/webhooks/stripe/abc";
const MINUTE = 60_000;

let studio: Studio;
let received: Delivery[];
let answer: () => number;
beforeEach(async () => {
  studio = await openStudio();
  received = [];
  answer = () => 200;
  studio.fake.onDelivery = async (delivery) => {
    received.push(delivery);
    return answer();
  };
});
afterEach(() => studio.fake.stop());

const idsOf = (deliveries: Delivery[]) => deliveries.map(({ body }) => (JSON.parse(body) as { id: string }).id);
const sell = () => studio.fake.pay({ customer: studio.customer, price: studio.pack.id });

describe("The fake sends what Stripe would send", () => {
  test("signed with the endpoint's secret, at the time of the attempt", async () => {
    const { secret } = studio.fake.addEndpoint(URL_OF_RECEIVER);
    sell();
    studio.clock.at += 3 * MINUTE;
    await studio.fake.drain();
    expect(idsOf(received)).toEqual(studio.fake.events().map(({ id }) => id));
    for (const { url, headers, body } of received) {
      expect(url).toBe(URL_OF_RECEIVER);
      const signed = { body: Buffer.from(body), header: headers["stripe-signature"], now: studio.clock.now() };
      expect(verifySignature({ ...signed, secret })).toBe("ok");
      expect(verifySignature({ ...signed, secret: "whsec_other" })).toBe("wrong");
    }
  });

  test("in the account's shape by hand-made endpoints, in their own version by ours", async () => {
    studio.fake.shape = "old";
    studio.fake.addEndpoint("https://old.test");
    await createEndpoint(studio.account, "https://new.test");
    studio.fake.startSubscription({ customer: studio.customer, price: studio.gold.id });
    await studio.fake.drain();
    const invoiceAt = (url: string) => {
      const told = received.filter((delivery) => delivery.url === url).map(({ body }) => JSON.parse(body));
      return told.find(({ type }) => type === "invoice.paid").data.object;
    };
    expect(invoiceAt("https://old.test")).toMatchObject({ subscription: expect.stringMatching(/^sub_/u) });
    expect(invoiceAt("https://old.test")).not.toHaveProperty("parent");
    expect(invoiceAt("https://new.test").parent.subscription_details.subscription).toMatch(/^sub_/u);
    expect(invoiceAt("https://new.test")).not.toHaveProperty("payment_intent");
    expect(received.filter(({ body }) => body.includes("invoice_payment.paid"))).toHaveLength(1);
  });

  test("nothing that is ours stands in what it sends or answers", async () => {
    studio.fake.addEndpoint(URL_OF_RECEIVER);
    studio.fake.startSubscription({ customer: studio.customer, price: studio.gold.id, through: "checkout" });
    await studio.fake.drain();
    for (const { body } of received) expect(body).not.toMatch(/"_/u);
    expect(JSON.stringify(await studio.account.invoice(studio.fake.account.all("invoices")[0]!.id))).not.toMatch(/"_/u);
  });

  test("over real HTTP by itself once it was started", async () => {
    const real = await openStudio();
    const bodies: string[] = [];
    const receiver = createServer((request, response) => {
      request.on("data", (chunk) => bodies.push(String(chunk))).on("end", () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    real.fake.addEndpoint(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`);
    real.fake.pay({ customer: real.customer, price: real.pack.id });
    await expect.poll(() => real.fake.log.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(bodies.join("")).toContain("checkout.session.completed");
    await real.fake.stop();
    receiver.close();
  });
});

describe("What is not acknowledged comes again", () => {
  test("later and later, until it is", async () => {
    studio.fake.addEndpoint(URL_OF_RECEIVER, { enabled_events: ["charge.succeeded"] });
    answer = () => (received.length < 3 ? 500 : 200);
    sell();
    await studio.fake.drain();
    expect(received).toHaveLength(1);
    studio.clock.at += 5 * MINUTE;
    await studio.fake.drain();
    expect(received).toHaveLength(2);
    expect(studio.fake.next_due_at).toBe(studio.clock.at + 30 * MINUTE);
    studio.clock.at += 30 * MINUTE;
    await studio.fake.drain();
    expect(new Set(idsOf(received)).size).toBe(1);
    expect(studio.fake.log.map(({ status, attempt }) => [status, attempt])).toEqual([
      [500, 1],
      [500, 2],
      [200, 3],
    ]);
    expect(studio.fake.next_due_at).toBeNull();
  });

  test("and is given up after three days", async () => {
    studio.fake.addEndpoint(URL_OF_RECEIVER, { enabled_events: ["charge.succeeded"] });
    answer = () => 410;
    sell();
    const began = studio.clock.at;
    for (let due = studio.clock.at; due !== null; due = studio.fake.next_due_at as never) {
      studio.clock.at = due;
      await studio.fake.drain();
    }
    expect(received.length).toBeGreaterThan(5);
    expect(studio.clock.at - began).toBeLessThanOrEqual(3 * 24 * 60 * MINUTE);
  });
});

describe("Weather", () => {
  beforeEach(() => {
    studio.fake.addEndpoint(URL_OF_RECEIVER);
  });

  test("doubles", async () => {
    studio.fake.setWeather({ double: 1 });
    sell();
    await studio.fake.drain();
    expect(received).toHaveLength(6);
    expect(new Set(idsOf(received)).size).toBe(3);
  });

  test("loses, and what was lost comes again", async () => {
    studio.fake.setWeather({ lose: 1 });
    sell();
    await studio.fake.drain();
    expect(received).toEqual([]);
    studio.fake.setWeather({});
    studio.clock.at += 5 * MINUTE;
    await studio.fake.drain();
    expect(received).toHaveLength(3);
  });

  test("changes the order", async () => {
    studio.fake.setWeather({ reorder: true });
    for (let i = 0; i < 5; i += 1) sell();
    await studio.fake.drain();
    expect(received).toHaveLength(15);
    expect(idsOf(received)).not.toEqual(studio.fake.events().map(({ id }) => id));
  });

  test("delays, and loses nothing", async () => {
    studio.fake.setWeather({ delay_ms: 10 * MINUTE });
    for (let i = 0; i < 10; i += 1) sell();
    await studio.fake.drain();
    expect(received.length).toBeLessThan(30);
    studio.clock.at += 10 * MINUTE;
    await studio.fake.drain();
    const ids = studio.fake.events().map(({ id }) => id);
    expect(idsOf(received).toSorted()).toEqual(ids.map(String).toSorted());
  });

  test("is the same again for the same seed", async () => {
    const orders = [1, 1, 2].map(async (seed) => {
      const other = await openStudio({ seed });
      const seen: Delivery[] = [];
      other.fake.onDelivery = async (delivery) => seen.push(delivery) && 200;
      other.fake.addEndpoint(URL_OF_RECEIVER);
      other.fake.setWeather({ reorder: true, double: 0.5 });
      for (let i = 0; i < 5; i += 1) other.fake.pay({ customer: other.customer, price: other.pack.id });
      await other.fake.drain();
      await other.fake.stop();
      return idsOf(seen).join();
    });
    const [first, again, another] = await Promise.all(orders);
    expect(again).toBe(first);
    expect(another).not.toBe(first);
  });
});

test("No more is refunded than was paid, and a subscription that ended stays ended", () => {
  const { charge } = sell();
  studio.fake.refund(charge.id, { amount: 4000 });
  expect(() => studio.fake.refund(charge.id, { amount: 1001 })).toThrow("1000 are left");
  expect(studio.fake.refund(charge.id).amount).toBe(1000);
  expect(charge).toMatchObject({ amount_refunded: 5000, refunded: true });
  const { subscription } = studio.fake.startSubscription({ customer: studio.customer, price: studio.gold.id });
  studio.fake.cancelSubscription(subscription.id, { at_period_end: false });
  expect(() => studio.fake.renew(subscription.id)).toThrow("has ended");
});

test("A year goes by: each period ends on its month's last day, and the last thirty days are remembered", () => {
  const { fake, clock } = studio;
  fake.startSubscription({ customer: studio.customer, price: studio.gold.id });
  clock.at = Date.UTC(2026, 6, 1);
  expect(fake.renewDue()).toBe(5);
  clock.at = Date.UTC(2027, 0, 31, 9);
  expect(fake.renewDue()).toBe(7);
  const ends = fake.account.all("invoices").map(({ _lines }) => new Date((_lines[0]?.period.end ?? 0) * 1000));
  const days = ends.map((end) => end.toISOString().slice(5, 10)).join(" ");
  expect(days).toBe("02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31 01-31 02-28");
  const created = fake.events().map((event) => Number(event["created"]) * 1000);
  expect(Math.min(...created)).toBe(clock.at);
});
