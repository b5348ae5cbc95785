import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/platform/clock.ts";
import { HOUR } from "../../src/rules/time/local-days.ts";
import { sql } from "../support.ts";
import { database, fake } from "./ghl-installations.ts";
import { openGhlStudio, tell } from "./ghl-studio.ts";

const MINUTE = 60_000;

afterEach(() => {
  fake.setWeather({});
});

/** A studio with a pack of ten, and what it sold an hour ago. */
async function openShop() {
  const studio = await openGhlStudio();
  const { price_id } = await studio.sells("package", { credits_total: 10 });
  const maya = studio.member();
  const world = fake.world.location(studio.location_id_of_ghl);
  return {
    studio,
    maya,
    /** Told with the time of now, as after any edit; its transaction alone says when it was paid. */
    sellEarlier() {
      const { order_id, transaction_id } = studio.till.sell(maya, [{ price_id, quantity: 1 }]);
      const paid_at = systemClock.now() - HOUR;
      Object.assign(world.transactions.get(transaction_id ?? "")!, { createdAt: new Date(paid_at).toISOString() });
      return { order_id, paid_at };
    },
  };
}

const granted = (entries: { type: string; amount: number }[]) => entries.map(({ type, amount }) => `${type} ${amount}`);

test("rule 33: an order whose transactions the app may not read is granted by its own words", async () => {
  const studio = await openGhlStudio();
  const { price_id } = await studio.sells("package", { credits_total: 10 });
  const maya = studio.member();
  fake.setWeather({ missing_scope: "/payments/transactions" });
  studio.till.sell(maya, [{ price_id, quantity: 1 }]);
  await tell();
  expect(granted(await studio.entriesOf(maya))).toEqual(["grant 10"]);
});

test("rules 18, 33: a subscription's order waits for the period first, and is granted without it when it had its time", async () => {
  const studio = await openGhlStudio();
  const { price_id } = await studio.sells("membership", { monthly_credits: 8 });
  const maya = studio.member();
  fake.setWeather({ missing_scope: "/payments/transactions" });
  studio.subscriptions.subscribe(maya, price_id);
  await tell();
  expect(await studio.outcomesOf("OrderStatusUpdate")).toEqual(["waiting: TRANSACTION_AWAITED"]);
  expect(await studio.entriesOf(maya)).toEqual([]);
  const now = systemClock.now();
  await sql(
    database.db,
    `UPDATE webhook_events SET received_at = $2, next_attempt_at = $3 WHERE location_id = $1 AND status = 'waiting'`,
    [studio.location_id, new Date(now - 10 * MINUTE).toISOString(), new Date(now - 1).toISOString()],
  );
  await tell();
  expect(granted(await studio.entriesOf(maya))).toEqual(["grant 8"]);
});

test("rule 33: while GoHighLevel is only out of order, a paid order waits for its transactions", async () => {
  const studio = await openGhlStudio();
  const { price_id } = await studio.sells("package", { credits_total: 10 });
  const maya = studio.member();
  studio.till.sell(maya, [{ price_id, quantity: 1 }]);
  fake.setWeather({ fail_rate: 1 });
  await tell();
  expect(await studio.entriesOf(maya)).toEqual([]);
});

test("rule 33: a purchase is granted since its transaction was paid, not since its order was last edited", async () => {
  const { studio, maya, sellEarlier } = await openShop();
  const { paid_at } = sellEarlier();
  await tell();
  expect(await studio.entriesOf(maya)).toMatchObject([{ type: "grant", occurred_at: paid_at }]);
});

test("rule 34: what its order says was given back is dated by the order, though its payment was earlier", async () => {
  const { studio, maya, sellEarlier } = await openShop();
  const { order_id, paid_at } = sellEarlier();
  await tell();
  studio.till.markRefunded(order_id);
  await tell();
  const [grant, refund] = await studio.entriesOf(maya);
  expect(grant).toMatchObject({ type: "grant", occurred_at: paid_at });
  expect(refund).toMatchObject({ type: "refund", amount: 10 });
  expect(refund!.occurred_at).toBeGreaterThan(paid_at + HOUR - MINUTE);
});
