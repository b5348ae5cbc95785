import { describe, expect, test } from "vitest";
import {
  eventOf,
  FEBRUARY,
  HAPPENED,
  JANUARY,
  new_invoice,
  new_line,
  old_invoice,
  old_line,
  readAs,
} from "./testing-events.ts";

const OLD = { api_version: "2020-08-27" };
const of_period = { provider: "stripe", key: "sub_1@2026-01-31T09:00:00.000Z" };
const shapes = [
  ["new", eventOf("invoice.paid", new_invoice)],
  ["old", eventOf("invoice.paid", old_invoice, OLD)],
] as const;

describe.each(shapes)("Rule 18. A paid invoice in the %s shape tells of the renewal", (shape, event) => {
  const { payment, refs } = readAs("payment", event);

  test("its period is that of the subscription's line", () => {
    expect(payment.period).toEqual({ start_at: JANUARY, end_at: FEBRUARY });
    expect(payment.subscription_id).toBe("sub_1");
  });

  test("its items name product and price", () => {
    expect(payment.items).toEqual([
      { product_id: "prod_1", price_id: "price_1", name: "1 × Gold", quantity: 1, amount_cents: 9900 },
    ]);
  });

  test("who paid is known by the subscription's metadata and the invoice's address", () => {
    expect(payment.contact).toEqual({
      external_id: "contact-1",
      email: "ann@example.com",
      phone: "+15550100",
      name: "Ann",
    });
    expect(refs).toMatchObject({ invoice: "in_1", customer: "cus_1" });
  });

  test("what was paid, and when", () => {
    expect(payment).toMatchObject({ status: "paid", is_live: true, amount_cents: 9900, currency: "usd" });
    expect(payment.paid_at).toBe(HAPPENED - 5000);
  });

  test("Rule 32. Its first name is its own, its last that of the period", () => {
    expect(payment.keys[0]).toEqual({ provider: "stripe", key: "in_1" });
    expect(payment.keys.at(-1)).toEqual(of_period);
    expect(payment.keys.length).toBe(shape === "old" ? 4 : 2);
  });
});

describe("Rule 32. One event for one movement of money", () => {
  test("an invoice over nothing moved none", () => {
    const read = readAs("ignored", eventOf("invoice.paid", { ...new_invoice, amount_paid: 0 }));
    expect(read.reason).toBe("no_money_moved");
  });

  test("an old invoice names its payment, so nothing is left to ask", () => {
    const read = readAs("payment", eventOf("invoice.paid", old_invoice, OLD));
    expect(read.payment.keys).toContainEqual({ provider: "stripe", key: "pi_1" });
    expect(read.payment.keys).toContainEqual({ provider: "stripe", key: "ch_1" });
    expect(read).toMatchObject({ is_out_of_band: false, lookups: [] });
  });

  test("a new invoice does not say how it was paid: the account is asked", () => {
    const read = readAs("payment", eventOf("invoice.paid", new_invoice));
    expect(read).toMatchObject({ is_out_of_band: null, lookups: ["payment_of_invoice"] });
  });

  test("a new invoice that includes its payments needs no question", () => {
    const payments = { data: [{ status: "paid", payment: { type: "payment_intent", payment_intent: "pi_9" } }] };
    const read = readAs("payment", eventOf("invoice.paid", { ...new_invoice, payments }));
    expect(read).toMatchObject({ is_out_of_band: false, lookups: [], refs: { payment_intent: "pi_9" } });
  });

  test("an invoice that was marked as paid moved no card money", () => {
    const outside = { ...old_invoice, paid_out_of_band: true, charge: null, payment_intent: null };
    expect(readAs("payment", eventOf("invoice.paid", outside, OLD)).is_out_of_band).toBe(true);
  });

  test("whose payment paid it is a link between two names", () => {
    const object = { id: "inpay_1", invoice: "in_1", payment: { type: "payment_intent", payment_intent: "pi_1" } };
    const read = readAs("invoice_payment", eventOf("invoice_payment.paid", object));
    expect(read.link).toEqual({ invoice: "in_1", payment_intent: "pi_1", charge: null });
  });
});

describe("What an invoice's lines sold", () => {
  const paid = (lines: unknown[], changes = {}) =>
    readAs("payment", eventOf("invoice.paid", { ...new_invoice, lines: { data: lines, ...changes } })).payment;

  test("a proration is no item and opens no period", () => {
    const details = { proration: true, subscription: "sub_1" };
    const proration = { ...new_line, parent: { ...new_line.parent, subscription_item_details: details } };
    expect(paid([proration])).toMatchObject({ items: [], period: null, keys: [{ key: "in_1" }] });
    const old_proration = { ...old_invoice, lines: { data: [{ ...old_line, proration: true }] } };
    expect(readAs("payment", eventOf("invoice.paid", old_proration)).payment.items).toEqual([]);
  });

  test("a credit and a trial are none either", () => {
    expect(
      paid([
        { ...new_line, amount: -100 },
        { ...new_line, amount: 0 },
      ]).items,
    ).toEqual([]);
  });

  test("quantities stay, and a line's amount is what was left of it after discounts", () => {
    const line = { ...new_line, quantity: 3, amount: 30_000, discount_amounts: [{ amount: 5000 }] };
    expect(paid([line]).items).toMatchObject([{ quantity: 3, amount_cents: 25_000 }]);
  });

  test("an item sold beside the subscription has no period of its own", () => {
    const single = { ...new_line, parent: { type: "invoice_item_details" }, period: { start: 1, end: 9_999_999_999 } };
    const payment = paid([single, new_line]);
    expect(payment.items).toHaveLength(2);
    expect(payment.period).toEqual({ start_at: JANUARY, end_at: FEBRUARY });
  });

  test("lines that did not fit into the event are asked for", () => {
    const more = { ...old_invoice, lines: { data: [old_line], has_more: true } };
    expect(readAs("payment", eventOf("invoice.paid", more, OLD)).lookups).toEqual(["invoice"]);
  });
});

describe("Rule 26. A failed payment names the period that stayed unpaid", () => {
  test.each([
    ["new", new_invoice],
    ["old", old_invoice],
  ] as const)("in the %s shape", (_, invoice) => {
    const object = { ...invoice, amount_paid: 0, status: "open", status_transitions: { paid_at: null } };
    const { payment } = readAs("payment", eventOf("invoice.payment_failed", object));
    expect(payment).toMatchObject({ status: "failed", subscription_id: "sub_1", amount_cents: 9900 });
    expect(payment.period).toEqual({ start_at: JANUARY, end_at: FEBRUARY });
    expect(payment.keys).toContainEqual(of_period);
    expect(payment.paid_at).toBe(HAPPENED);
  });
});
