import { describe, expect, test } from "vitest";
import { readInvoice } from "./read-invoice.ts";
import { paymentStatus, readOrder, type GhlOrder } from "./read-order.ts";
import { sample_events } from "./sample-events.ts";

const seen_at = Date.parse("2026-03-02T15:00:00Z");
const { OrderStatusUpdate: order, InvoicePaid: invoice } = sample_events;
const item = order.items[0]!;

const orderOf = (facts: Record<string, unknown>): GhlOrder => {
  const read = readOrder({ ...order, ...facts }, seen_at);
  if ("unreadable" in read) throw new Error(read.unreadable);
  return read;
};

describe("Rule 33. An order is a payment in our words, whole", () => {
  test("with its names, payer, lines and amounts", () => {
    expect(readOrder(order, seen_at)).toEqual({
      order_id: order._id,
      source_type: "funnel",
      source_id: "nohc1pPZJlpZTpxJfLCp",
      has_recurring: false,
      recurring_items: [],
      payment: {
        provider: "ghl",
        keys: [{ provider: "ghl", key: order._id }],
        status: "paid",
        is_live: true,
        contact: { external_id: order.contactId, email: "ada@example.com", phone: "+12125550123", name: "Ada Moss" },
        items: [
          {
            product_id: item.product._id,
            price_id: item.price._id,
            name: "Ten classes",
            quantity: 1,
            amount_cents: 15_010,
          },
        ],
        amount_cents: 15_010,
        currency: "USD",
        paid_at: Date.parse("2026-03-02T14:00:00Z"),
        period: null,
        subscription_id: null,
        refunded_cents: null,
      },
    });
  });

  test("a row of the list says the same in other places", () => {
    const { source, contactSnapshot, items, ...row } = order;
    expect([source.type, contactSnapshot.name, items.length]).toEqual(["funnel", "Ada Moss", 1]);
    const list = { sourceType: "invoice", sourceId: "inv1", contactName: "Ada Moss", contactEmail: "ada@example.com" };
    expect(readOrder({ ...row, ...list }, seen_at)).toMatchObject({
      source_type: "invoice",
      payment: {
        keys: [{ key: order._id }, { key: "inv1" }],
        contact: { external_id: order.contactId, email: "ada@example.com", name: "Ada Moss" },
        items: [],
      },
    });
  });

  test("a line of a subscription is seen, and told apart from what was bought once", () => {
    const monthly = { ...item, price: { ...item.price, _id: "monthly", type: "recurring" } };
    const { has_recurring, recurring_items } = orderOf({ items: [item, monthly] });
    expect(has_recurring).toBe(true);
    expect(recurring_items).toMatchObject([{ price_id: "monthly" }]);
  });

  test("a line costs its own currency's units, times its quantity", () => {
    const yen = { ...item, qty: "3", price: { ...item.price, currency: "JPY", amount: 1700 } };
    expect(orderOf({ items: [yen] }).payment.items).toMatchObject([{ quantity: 3, amount_cents: 5100 }]);
    const bare = { name: "Gift", product: null, price: null };
    expect(orderOf({ items: [bare] }).payment.items).toEqual([
      { product_id: null, price_id: null, name: "Gift", quantity: 1, amount_cents: null },
    ]);
  });

  test("an amount may be written as text, and is none where it is neither text nor number", () => {
    expect(orderOf({ amount: "150.10" }).payment.amount_cents).toBe(15_010);
    expect(orderOf({ amount: true }).payment.amount_cents).toBeNull();
  });

  test("it is dated by its update, else its making, else when it reached us", () => {
    expect(orderOf({ updatedAt: null }).payment.paid_at).toBe(Date.parse(order.createdAt));
    expect(orderOf({ updatedAt: null, createdAt: null }).payment.paid_at).toBe(seen_at);
  });

  test("one that was given back whole was paid first", () => {
    expect(orderOf({ status: "Refunded" }).payment).toMatchObject({ status: "paid", refunded_cents: 15_010 });
  });

  test("one that is marked as a test is no live payment", () => {
    expect(orderOf({ markAsTest: true }).payment.is_live).toBe(false);
  });

  test("without an id it cannot be read", () => {
    expect(readOrder({ ...order, _id: "" }, seen_at)).toEqual({ unreadable: "order._id: missing" });
    expect(readOrder(null, seen_at)).toEqual({ unreadable: "order: not an object" });
  });

  test.each([
    ["completed", 100, "paid"],
    ["paid", 100, "paid"],
    ["Succeeded", 100, "paid"],
    ["partially-refunded", 100, "paid"],
    ["pending", 100, "pending"],
    ["partially_paid", 100, "pending"],
    ["a new word", 100, "pending"],
    [null, 100, "pending"],
    [null, null, "pending"],
    ["completed", 0, "paid"],
    ["a new word", 0, "paid"],
    [null, 0, "paid"],
    ["pending", 0, "pending"],
    ["Trialing", 0, "pending"],
    ["unpaid", 0, "pending"],
    ["canceled", 0, "failed"],
    ["failed", 0, "failed"],
    ["cancelled", 100, "failed"],
    ["declined", 100, "failed"],
    ["void", 100, "failed"],
  ])("%s of %s is %s", (word, amount_cents, status) => {
    expect(paymentStatus(word, amount_cents)).toBe(status);
  });
});

describe("Rule 33. An invoice is a payment once it is paid in full", () => {
  test("with its names, payer, lines and amounts", () => {
    const line = invoice.invoiceItems[0]!;
    expect(readInvoice(invoice, seen_at)).toEqual({
      invoice_id: invoice._id,
      status: "paid",
      payment: {
        provider: "ghl",
        keys: [{ provider: "ghl", key: invoice._id }],
        status: "paid",
        is_live: true,
        contact: {
          external_id: invoice.contactDetails.id,
          email: "ada@example.com",
          phone: "+12125550123",
          name: "Ada Moss",
        },
        items: [
          {
            product_id: line.productId,
            price_id: line.priceId,
            name: "Five classes",
            quantity: 2,
            amount_cents: 3998,
          },
        ],
        amount_cents: 3998,
        currency: "USD",
        paid_at: Date.parse("2026-03-02T14:00:00Z"),
        period: null,
        subscription_id: null,
        refunded_cents: null,
      },
    });
  });

  test.each(["draft", "sent", "payment_processing", "partially_paid", "void", null])("%s is not paid", (status) => {
    expect(readInvoice({ ...invoice, status }, seen_at)).toMatchObject({ payment: { status: "pending" } });
  });

  test("what nobody can buy, or has no id, cannot be read", () => {
    const line = invoice.invoiceItems[0]!;
    expect(readInvoice({ ...invoice, invoiceItems: [{ ...line, qty: 0.5 }] }, seen_at)).toEqual({
      unreadable: "invoiceItems.qty: 0.5 is not a whole number",
    });
    expect(readInvoice({ ...invoice, _id: null }, seen_at)).toEqual({ unreadable: "invoice._id: missing" });
    expect(readInvoice([], seen_at)).toEqual({ unreadable: "invoice: not an object" });
  });
});
