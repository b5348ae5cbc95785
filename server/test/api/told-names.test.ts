import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { takeNames, takePayment, takeRefund } from "../../src/jobs/events/take-payment.ts";
import { takenBy, type Taking } from "../../src/jobs/events/taking.ts";
import type { StoredEvent } from "../../src/operations/events/stored-event.ts";
import { systemClock } from "../../src/platform/clock.ts";
import type { ToldPayment, ToldRefund } from "../../src/rules/payments/told.ts";
import { sql, useServer } from "../support.ts";
import { lineOf, openDesk } from "./payments-desk.ts";

// Stripe's events where nobody may be asked what they mean: a payment's names come one by one.

const server = useServer();

async function openListener() {
  const desk = await openDesk(server);
  const connections = { ghl: () => Promise.resolve(null), stripe: () => Promise.resolve(null) };
  const taking: Taking = { db: server.db, ledger: server.service.ledger, clock: systemClock, connections };
  const event = { id: randomUUID(), provider: "stripe", correlation_id: randomUUID(), as_of: null } as StoredEvent;
  const taken = takenBy(event, desk.uuid);
  const [invoice, payment_intent] = [`in_${randomUUID()}`, `pi_${randomUUID()}`];
  const named = (key: string): Pick<ToldRefund, "provider" | "keys" | "is_live"> => {
    return { provider: "stripe", keys: [{ provider: "stripe", key }], is_live: true };
  };
  return {
    ...desk,
    payment_intent,
    /** By somebody whom nobody knows. */
    invoicePaid: () => {
      const payment: ToldPayment = {
        ...named(invoice),
        status: "paid",
        contact: { external_id: null, email: null, phone: null, name: null },
        items: [lineOf("prod_pack")],
        amount_cents: 10_000,
        currency: "usd",
        paid_at: Date.now(),
        period: null,
        subscription_id: null,
        refunded_cents: null,
      };
      return takePayment(taking, taken, payment, "invoice.paid");
    },
    invoicePaymentPaid: () => {
      const link = { invoice, payment_intent, charge: null };
      return takeNames(taking, taken, { link, is_live: true, created: Date.now() });
    },
    refunded: () => {
      const told = { ...named(payment_intent), refund_id: null, amount_cents: 10_000, status: "succeeded" } as const;
      return takeRefund(taking, taken, { ...told, refunded_at: Date.now() });
    },
    keys: async () => {
      const rows = await sql<{ key: string }>(server.db, "SELECT key FROM payment_keys WHERE location_id = $1", [
        desk.uuid,
      ]);
      return rows.map(({ key }) => key);
    },
  };
}

test("rule 32: a name of a payment is kept though nobody knows yet who paid, and a refund finds it", async () => {
  const studio = await openListener();
  await studio.invoicePaid();
  expect(await studio.invoicePaymentPaid()).toMatchObject([{ reason_code: "duplicate_payment_event" }]);
  expect(await studio.keys()).toContain(studio.payment_intent);
  expect(await studio.refunded()).toMatchObject([{ reason_code: "refund_recorded" }]);
});

test("rule 32: names that come before their payment are left to it (TOLD_BY_INVOICE)", async () => {
  const studio = await openListener();
  expect(await studio.invoicePaymentPaid()).toEqual([{ reason_code: "TOLD_BY_INVOICE", contact: null }]);
  expect(await studio.keys()).toEqual([]);
});
