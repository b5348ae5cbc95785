import { describe, expect, test } from "vitest";
import { charge, eventOf, HAPPENED, intent, readAs, session } from "./testing-events.ts";

const OLD = { api_version: "2022-11-15" };
const both_names = [
  { provider: "stripe", key: "pi_1" },
  { provider: "stripe", key: "ch_1" },
];

describe.each([
  ["payment_intent.succeeded", intent],
  ["charge.succeeded", charge],
] as const)("Rule 32. %s", (type, object) => {
  test("tells of money that no invoice asked for, where the object would say so", () => {
    const { payment, lookups } = readAs("payment", eventOf(type, { ...object, invoice: null }, OLD));
    expect(payment).toMatchObject({ keys: both_names, status: "paid", amount_cents: 5000, currency: "usd", items: [] });
    expect(payment.contact.email).toBe("ann@example.com");
    expect(payment.paid_at).toBe(HAPPENED - 7000);
    expect(lookups).toEqual(["line_items"]);
  });

  test("only ties two names together where an invoice asked for it", () => {
    const read = readAs("invoice_payment", eventOf(type, { ...object, invoice: "in_1" }, OLD));
    expect(read.link).toEqual({ invoice: "in_1", payment_intent: "pi_1", charge: "ch_1" });
  });

  test("says through which platform the money was taken", () => {
    const read = readAs("needs_lookup", eventOf(type, { ...object, application: "ca_1" }));
    expect(read.refs.application).toBe("ca_1");
  });

  test("waits for a lookup where the object cannot say", () => {
    const read = readAs("needs_lookup", eventOf(type, object));
    expect(read.lookups).toEqual(["invoice_of_payment", "line_items"]);
    expect(readAs("needs_lookup", eventOf(type, { ...object, invoice: null })).lookups).toEqual(read.lookups);
  });

  test("is judged by the object where no version is said", () => {
    const unsaid = { api_version: null };
    expect(readAs("payment", eventOf(type, { ...object, invoice: null }, unsaid)).kind).toBe("payment");
    expect(readAs("needs_lookup", eventOf(type, object, unsaid)).kind).toBe("needs_lookup");
  });
});

test("Families share an address: without the contact's own id the customer is asked for", () => {
  const unnamed = eventOf("charge.succeeded", { ...charge, metadata: {} });
  expect(readAs("needs_lookup", unnamed).lookups).toContain("contact");
  const guest = eventOf("charge.succeeded", { ...charge, metadata: {}, customer: null });
  expect(readAs("needs_lookup", guest).lookups).not.toContain("contact");
});

test("Money that is only reserved has not moved", () => {
  expect(readAs("ignored", eventOf("charge.succeeded", { ...charge, captured: false })).reason).toBe("no_money_moved");
});

test("A test payment says that it is one", () => {
  const read = readAs("needs_lookup", eventOf("payment_intent.succeeded", intent, { livemode: false }));
  expect(read.payment.is_live).toBe(false);
});

describe("A checkout session tells who bought", () => {
  const completed = "checkout.session.completed";

  test("under the payment's name and its own; what was bought must be asked", () => {
    const read = readAs("needs_lookup", eventOf(completed, session));
    expect(read.payment).toMatchObject({
      keys: [
        { provider: "stripe", key: "pi_1" },
        { provider: "stripe", key: "cs_1" },
      ],
      contact: { external_id: "contact-1", email: "ann@example.com" },
      amount_cents: 5000,
      status: "paid",
    });
    expect(read.lookups).toEqual(["line_items"]);
  });

  test("unless its lines came with it", () => {
    const line = { price: { id: "price_1", product: "prod_1" }, quantity: 2, amount_total: 5000, description: "Ten" };
    const { payment } = readAs("payment", eventOf(completed, { ...session, line_items: { data: [line] } }));
    const item = { product_id: "prod_1", price_id: "price_1", name: "Ten", quantity: 2, amount_cents: 5000 };
    expect(payment.items).toEqual([item]);
  });

  test("Rule 33. Delayed methods pay later, or not", () => {
    const unpaid = { ...session, payment_status: "unpaid" };
    const status = (type: string, object: unknown) => readAs("needs_lookup", eventOf(type, object)).payment.status;
    expect(status(completed, unpaid)).toBe("pending");
    expect(status("checkout.session.async_payment_succeeded", session)).toBe("paid");
    expect(status("checkout.session.async_payment_failed", unpaid)).toBe("failed");
  });

  test("leaves the telling to the invoice where one took the money", () => {
    const subscribed = {
      ...session,
      mode: "subscription",
      payment_intent: null,
      invoice: "in_1",
      subscription: "sub_1",
    };
    const read = readAs("needs_lookup", eventOf(completed, subscribed));
    expect(read.lookups).toEqual(["invoice", "payment_of_invoice"]);
    expect(read.payment.keys).toContainEqual({ provider: "stripe", key: "in_1" });
    expect(read.payment.subscription_id).toBe("sub_1");
  });

  test("of a card that was only saved, or a trial, moves nothing", () => {
    for (const changes of [
      { mode: "setup", amount_total: null },
      { mode: "subscription", invoice: null },
    ]) {
      const read = readAs("ignored", eventOf(completed, { ...session, ...changes }));
      expect(read.reason).toBe("no_money_moved");
    }
  });
});

test("Rule 34. A refunded charge tells all that was given back so far", () => {
  const { refund } = readAs(
    "refund",
    eventOf("charge.refunded", { ...charge, amount_refunded: 1200, invoice: "in_1" }),
  );
  expect(refund).toMatchObject({ refund_id: null, amount_cents: 1200, status: "succeeded", refunded_at: HAPPENED });
  expect(refund.keys.map(({ key }) => key)).toEqual(["ch_1", "pi_1", "in_1"]);
});
