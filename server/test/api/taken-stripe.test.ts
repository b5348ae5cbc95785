import { describe, expect, test } from "vitest";
import { sql } from "../support.ts";
import { openStudio, server } from "./stripe-studio.ts";

describe.each(["new", "old"] as const)("a payment through Stripe, in its %s shape", (shape) => {
  test("grants once, though three events tell of it and each comes twice (payment_recorded)", async () => {
    const studio = await openStudio({ shape });
    studio.fake.setWeather({ double: 1 });
    studio.fake.pay({ customer: studio.customer("ann"), price: studio.pack.id, quantity: 2 });
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 20"]);
    expect(await studio.payments()).toHaveLength(1);
  });

  test("a subscription's invoice opens the period that it paid, a renewal the next (payment_recorded)", async () => {
    const studio = await openStudio({ shape });
    const { subscription } = studio.fake.startSubscription({ customer: studio.customer("ann"), price: studio.gold.id });
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 8"]);
    studio.fake.renew(subscription.id);
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 8", "grant 8"]);
    const periods = await sql<{ renewal: string; periods: unknown[] }>(
      server.db,
      "SELECT renewal, periods FROM memberships WHERE location_id = $1",
      [studio.location_id],
    );
    expect(periods).toMatchObject([{ renewal: "provider" }]);
    expect(periods[0]?.periods).toHaveLength(2);
  });

  test("a refund takes back its part, however it is told (refund_recorded)", async () => {
    const studio = await openStudio({ shape });
    const { charge } = studio.fake.pay({ customer: studio.customer("ann"), price: studio.pack.id });
    await studio.tell();
    studio.fake.refund(charge.id, { amount: 2000 });
    studio.fake.setWeather({ double: 1 });
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 10", "refund 4"]);
  });

  test("a lost dispute takes all, and a refund after it nothing more (dispute_recorded)", async () => {
    const studio = await openStudio({ shape });
    const { charge } = studio.fake.pay({ customer: studio.customer("ann"), price: studio.pack.id });
    const dispute = studio.fake.openDispute(charge.id);
    await studio.tell();
    studio.fake.loseDispute(dispute.id);
    studio.fake.refund(charge.id);
    await studio.tell();
    expect(await studio.entriesOf("ann")).toEqual(["grant 10", "refund 10"]);
  });

  test("a refund that comes before its payment is kept for it (refund_kept), and so is a dispute (dispute_kept)", async () => {
    const studio = await openStudio({ shape });
    const refunded = studio.fake.pay({ customer: studio.customer("ann"), price: studio.pack.id });
    studio.fake.refund(refunded.charge.id);
    const disputed = studio.fake.pay({ customer: studio.customer("ben"), price: studio.pack.id });
    studio.fake.openDispute(disputed.charge.id);
    await studio.tellFirst(/^(refund|charge\.refunded|charge\.dispute)/);
    expect(await studio.outcomes()).toEqual(["done: dispute_kept", "done: refund_kept"]);
    await studio.tellRest();
    expect(await studio.entriesOf("ann")).toEqual(["grant 10", "refund 10"]);
    const lots = await sql(server.db, "SELECT state FROM entitlements WHERE location_id = $1 AND available = 10", [
      studio.location_id,
    ]);
    expect(lots).toEqual([{ state: "paused" }]);
  });

  test("a subscription that is to end lets its membership end (subscription_followed)", async () => {
    const studio = await openStudio({ shape });
    const { subscription } = studio.fake.startSubscription({ customer: studio.customer("ann"), price: studio.gold.id });
    await studio.tell();
    studio.fake.cancelSubscription(subscription.id, { at_period_end: true });
    await studio.tell();
    const rows = await sql<{ ends_at: number | null }>(
      server.db,
      "SELECT ends_at FROM memberships WHERE location_id = $1",
      [studio.location_id],
    );
    expect(rows[0]?.ends_at).not.toBeNull();
    expect(await studio.outcomes()).toContain("done: subscription_followed");
  });

  test("a renewal paid before its subscription ended opens the ended membership's period, though it is told after", async () => {
    const studio = await openStudio({ shape });
    const { subscription } = studio.fake.startSubscription({ customer: studio.customer("ann"), price: studio.gold.id });
    await studio.tell();
    studio.fake.renew(subscription.id);
    // As it is where the end was told while it was past due.
    await sql(
      server.db,
      `UPDATE memberships SET status = 'ended', ends_at = now(), cancelled_at = now() + interval '1 hour',
         subscription_told = '{"status": "ended", "changed_at": 4102444800000}'
       WHERE location_id = $1`,
      [studio.location_id],
    );
    await studio.tell();
    const rows = await sql(
      server.db,
      `SELECT jsonb_array_length(periods) AS periods, ends_at = to_timestamp((periods #>> '{1,end_at}')::bigint / 1000) AS ends_with_it
       FROM memberships WHERE location_id = $1`,
      [studio.location_id],
    );
    expect(rows).toEqual([{ periods: 2, ends_with_it: true }]);
  });
});

test("a payment of somebody whom nobody knows waits unmatched; a known address is enough", async () => {
  const studio = await openStudio();
  studio.fake.pay({ customer: studio.customer(null, "nobody@example.test"), price: studio.pack.id });
  await studio.tell();
  expect(await studio.payments()).toMatchObject([
    { attention: ["unmatched"], items: [{ status: "unmatched", reason: "UNKNOWN_CONTACT" }] },
  ]);
  studio.fake.pay({ customer: studio.customer("ann", "ann@example.test"), price: studio.pack.id });
  await studio.tell();
  await sql(
    server.db,
    "UPDATE contacts SET email = 'ann@example.test' WHERE location_id = $1 AND external_id = 'ann'",
    [studio.location_id],
  );
  studio.fake.pay({ customer: studio.customer(null, "Ann@Example.test"), price: studio.pack.id });
  await studio.tell();
  expect(await studio.entriesOf("ann")).toEqual(["grant 10", "grant 10"]);
});

test("an invoice that was marked as paid by hand moved no card money", async () => {
  const studio = await openStudio();
  studio.fake.sellByInvoice({ customer: studio.customer("ann"), price: studio.pack.id, is_out_of_band: true });
  await studio.tell();
  expect(await studio.entriesOf("ann")).toEqual([]);
  expect(await studio.outcomes()).toContain("ignored: PAID_OUT_OF_BAND");
});
