import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { completeEvent } from "./complete-event.ts";
import { BEGAN, only, openStudio, resolveAll, type Studio } from "./fake/testing-studio.ts";
import { readEvent } from "./read-event.ts";
import type { ResolvedEvent } from "./stripe-event.ts";

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.fake.stop());

const names = (event: ResolvedEvent): string[] => {
  if (event.kind === "payment") return event.payment.keys.map(({ key }) => key);
  if (event.kind === "refund") return event.refund.keys.map(({ key }) => key);
  if (event.kind === "dispute") return event.dispute.keys.map(({ key }) => key);
  return [];
};

describe.each(["new", "old"] as const)("In the %s shape", (shape) => {
  beforeEach(() => {
    studio.fake.shape = shape;
  });

  test("a pack that was sold is one payment, whichever event tells of it", async () => {
    const { customer, pack, fake } = studio;
    const { payment_intent, charge } = fake.pay({ customer, price: pack.id, quantity: 2 });
    const payments = only("payment", await resolveAll(studio));
    expect(payments).toHaveLength(3);
    for (const event of payments) {
      expect(names(event)).toContain(payment_intent.id);
      expect(event.payment).toMatchObject({
        status: "paid",
        is_live: false,
        amount_cents: 10_000,
        contact: { external_id: "contact-1", email: "ann@example.com" },
        items: [{ product_id: pack.product, price_id: pack.id, quantity: 2, amount_cents: 10_000 }],
        period: null,
      });
      expect(event.lookups).toEqual([]);
    }
    expect(payments.some((event) => names(event).includes(charge.id))).toBe(true);
  });

  test("a payment that no page led to has no items, and staff will see it", async () => {
    const { customer, pack, fake } = studio;
    fake.pay({ customer, price: pack.id, through: "intent" });
    const payments = only("payment", await resolveAll(studio));
    expect(payments.map(({ payment }) => payment.items)).toEqual([[], []]);
  });

  test("Rule 18. Each period of a subscription is told by exactly one payment, with all its names", async () => {
    const { clock, customer, gold, fake } = studio;
    const { subscription } = fake.startSubscription({ customer, price: gold.id });
    clock.at = Date.UTC(2026, 2, 1);
    expect(fake.renewDue()).toBe(1);
    const payments = only("payment", await resolveAll(studio));
    expect(payments.map(({ type }) => type)).toEqual(["invoice.paid", "invoice.paid"]);
    expect(payments.map(({ payment }) => payment.period)).toEqual([
      { start_at: BEGAN, end_at: Date.UTC(2026, 1, 28, 9) },
      { start_at: Date.UTC(2026, 1, 28, 9), end_at: Date.UTC(2026, 2, 31, 9) },
    ]);
    for (const event of payments) {
      const start = new Date(event.payment.period?.start_at ?? 0).toISOString();
      expect(names(event)).toContain(`${subscription.id}@${start}`);
      expect(names(event).map((name) => name.split("_")[0])).toEqual(expect.arrayContaining(["in", "pi", "ch"]));
      expect(names(event)).toHaveLength(4);
      expect(event).toMatchObject({ is_out_of_band: false, payment: { subscription_id: subscription.id } });
      expect(event.payment.items).toMatchObject([{ product_id: gold.product, price_id: gold.id }]);
    }
  });

  test("a subscription bought on a page is told by its invoice, and the page adds its name", async () => {
    const { customer, gold, fake } = studio;
    const { invoice } = fake.startSubscription({ customer, price: gold.id, through: "checkout" });
    const payments = only("payment", await resolveAll(studio));
    const by_page = payments.find(({ type }) => type === "checkout.session.completed")!;
    expect(names(by_page)).toEqual(expect.arrayContaining([invoice.id, expect.stringMatching(/^cs_/u)]));
    expect(by_page.payment.period).toEqual({ start_at: BEGAN, end_at: Date.UTC(2026, 1, 28, 9) });
    expect(by_page.payment.keys).toEqual(expect.arrayContaining(payments[0]!.payment.keys));
  });

  test("an invoice that was marked as paid moved no card money", async () => {
    const { customer, pack, fake } = studio;
    fake.sellByInvoice({ customer, price: pack.id, is_out_of_band: true });
    fake.sellByInvoice({ customer, price: pack.id });
    const payments = only("payment", await resolveAll(studio));
    expect(payments.map((event) => event.is_out_of_band)).toEqual([true, false]);
    expect(payments.map((event) => names(event).length)).toEqual([1, 3]);
  });

  test("Rule 26. A payment that failed, and is made later, is the same period", async () => {
    const { clock, customer, gold, fake } = studio;
    const { subscription } = fake.startSubscription({ customer, price: gold.id });
    clock.at = Date.UTC(2026, 1, 28, 9);
    fake.failPayment(subscription.id);
    clock.at += 86_400_000;
    fake.renew(subscription.id);
    const events = await resolveAll(studio);
    const payments = only("payment", events);
    expect(payments.map(({ payment }) => payment.status)).toEqual(["paid", "failed", "paid"]);
    expect(payments[2]!.payment.period).toEqual(payments[1]!.payment.period);
    expect(names(payments[2]!)).toEqual(expect.arrayContaining(names(payments[1]!)));
    const told = only("subscription", events).map((event) => event.subscription.status);
    expect(told).toEqual(["active", "past_due", "active"]);
  });

  test("Rules 34, 35. What is given back or questioned has the payment's names", async () => {
    const { customer, gold, fake } = studio;
    const { invoice } = fake.startSubscription({ customer, price: gold.id });
    const charge = fake.account.all("charges")[0]!;
    fake.refund(charge.id, { amount: 900 });
    const failing = fake.refund(charge.id, { amount: 100, status: "pending" });
    fake.settleRefund(failing.id, "failed");
    fake.winDispute(fake.openDispute(charge.id).id);
    const events = await resolveAll(studio);
    const paid = names(only("payment", events)[0]!);
    expect(paid).toContain(invoice.id);
    for (const event of [...only("refund", events), ...only("dispute", events)]) {
      expect(names(event).some((name) => paid.includes(name))).toBe(true);
    }
    const refunds = only("refund", events).map(({ refund }) => [refund.refund_id, refund.amount_cents, refund.status]);
    expect(refunds).toContainEqual([null, 900, "succeeded"]);
    expect(refunds).toContainEqual([failing.id, 100, "pending"]);
    expect(refunds).toContainEqual([failing.id, 100, "failed"]);
    const disputes = only("dispute", events).map(({ dispute }) => dispute.status);
    expect(disputes).toEqual(["open", "open", "won", "won"]);
  });

  test("Rule 24. A subscription that is to end says when, and then that it did", async () => {
    const { customer, gold, fake } = studio;
    const { subscription } = fake.startSubscription({ customer, price: gold.id });
    fake.cancelSubscription(subscription.id);
    fake.renew(subscription.id);
    const told = only("subscription", await resolveAll(studio));
    const ends_at = Date.UTC(2026, 1, 28, 9);
    expect(told.map((event) => event.subscription)).toMatchObject([
      { status: "active", ends_at: null },
      { status: "ending", ends_at, contact: { external_id: "contact-1" } },
      { status: "ended", ends_at, contact: { email: "ann@example.com" } },
    ]);
  });
});

test("A page whose invoice is paid in part is not told of before it is paid whole", async () => {
  const { customer, gold, fake, account } = studio;
  const { invoice } = fake.startSubscription({ customer, price: gold.id, through: "checkout" });
  const completed = fake.events().find(({ type }) => type === "checkout.session.completed");
  Object.assign(invoice, { status: "open", amount_paid: 100 });
  const event = await completeEvent(account, readEvent(completed));
  expect(event).toMatchObject({ kind: "ignored", reason: "no_money_moved" });
});

test("A customer who is gone leaves a subscription without a contact, not without a reading", async () => {
  const { customer, gold, fake, account } = studio;
  fake.startSubscription({ customer, price: gold.id });
  fake.account.remove("customers", customer);
  const created = fake.events().find(({ type }) => type === "customer.subscription.created");
  const event = await completeEvent(account, readEvent(created));
  expect(event).toMatchObject({ kind: "subscription", subscription: { contact: { external_id: null, email: null } } });
});
