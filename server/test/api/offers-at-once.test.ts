import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { submitOwn } from "../../src/operations/credits/submit-own.ts";
import { openLedger } from "../../src/operations/ledger.ts";
import { recordPayment } from "../../src/operations/payments/record-payment.ts";
import { systemClock } from "../../src/platform/clock.ts";
import type { ToldContact, ToldPayment } from "../../src/rules/payments/told.ts";
import { sql, useServer } from "../support.ts";
import { lineOf, openDesk } from "./payments-desk.ts";

// Rule 36 where nothing is committed yet that could be found: the payments of one batch.

const server = useServer();
const AT_ONCE = 6;

const offer = (key: string, once_per_contact: boolean | "hold") => ({
  key,
  type: "package",
  credits_total: 10,
  calendars: ["yoga"],
  stripe_product_id: `prod_${key}`,
  once_per_contact,
});

/** Strangers to each other pay at the same moment: how many of their payments carry no flag and are not held. */
async function unseenOf(product: string, person: (i: number) => Pick<ToldContact, "email" | "phone">) {
  const products = [offer("intro", true), offer("trial", "hold"), offer("pack", false)];
  const desk = await openDesk(server, { products });
  const ledger = openLedger(server.db, systemClock, { batch: "mixed", stripe_settle_seconds: 0 });
  const cause = { source: "stripe", urgency: "interactive", is_level: true } as const;
  // Submitted in one turn of the event loop, they are one batch.
  const paid = Array.from({ length: AT_ONCE }, (_, i) => {
    const external_id = `c-${randomUUID()}`;
    const payment: ToldPayment = {
      provider: "stripe",
      keys: [{ provider: "stripe", key: `pi_${randomUUID()}` }],
      status: "paid",
      is_live: true,
      contact: { external_id, name: null, ...person(i) },
      items: [lineOf(product)],
      amount_cents: 10_000,
      currency: "usd",
      paid_at: Date.now(),
      period: null,
      subscription_id: null,
      refunded_cents: null,
    };
    const input = { payment, told_by: "test", contact_external_id: external_id };
    return submitOwn(ledger, recordPayment, desk.uuid, input, cause);
  });
  await Promise.all(paid);
  await ledger.close();
  const rows = await sql<{ attention: string[]; batch: string }>(
    server.db,
    "SELECT attention, xmin::text AS batch FROM payment_events WHERE location_id = $1",
    [desk.uuid],
  );
  expect(rows).toHaveLength(AT_ONCE);
  expect(new Set(rows.map(({ batch }) => batch)).size).toBe(1);
  return rows.filter(({ attention }) => attention.length === 0).length;
}

const shared_email = (i: number) => ({ email: i % 2 === 0 ? "ann@example.com" : "ANN@example.com", phone: null });
const shared_phone = () => ({ email: null, phone: "+12125550123" });

test.each(["prod_intro", "prod_trial"])("one of those who share an address takes %s unseen", async (product) => {
  expect(await unseenOf(product, shared_email)).toBe(1);
});

test("so does one of those who share a telephone", async () => {
  expect(await unseenOf("prod_intro", shared_phone)).toBe(1);
});

test("who shares neither, or buys what is no offer, is nobody else", async () => {
  const own = (i: number) => ({ email: `${String(i)}@example.com`, phone: `+1212555010${String(i)}` });
  expect(await unseenOf("prod_intro", own)).toBe(AT_ONCE);
  expect(await unseenOf("prod_pack", shared_email)).toBe(AT_ONCE);
});
