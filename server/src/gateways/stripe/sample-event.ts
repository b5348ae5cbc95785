import { randomBytes } from "node:crypto";
import { Stripe } from "stripe";
import type { Instant } from "../../rules/time/local-days.ts";
import { putAt } from "../put-at.ts";
import { FakeStripe } from "./fake/fake-stripe.ts";
import { LISTENED_EVENTS } from "./listened-events.ts";

export interface StripeSampleWishes {
  contact_id: string | null;
  now: Instant;
  /** Paths into the event with what should stand there, applied last. */
  set: readonly { path: string; value: unknown }[];
}

/** Events that there are samples of. */
export function stripeSampleNames(): string[] {
  const account = new FakeStripe({ clock: { now: () => 0 } });
  liveThroughAll(account, "anybody");
  const types = new Set(account.events().map(({ type }) => String(type)));
  return LISTENED_EVENTS.filter((type) => types.has(type));
}

/** The body of a sample event, with ids of its own; null for an event that no sample account brings about. */
export function sampleStripeEvent(event: string, { contact_id, now, set }: StripeSampleWishes): string | null {
  const clock = { now: () => now };
  const account = new FakeStripe({ clock, label: `Sample${randomBytes(6).toString("hex")}` });
  const sold = liveThroughAll(account, contact_id ?? "sample-contact");
  const found = account.events().findLast(({ type }) => type === event);
  if (!found) return null;
  for (const { path, value } of set) putAt(found, path, value);
  // Every other id is new each time; what was sold is the same, so that a product config can name it.
  return JSON.stringify(found)
    .replaceAll(sold.pack, SAMPLE_PRODUCTS.pack)
    .replaceAll(sold.membership, SAMPLE_PRODUCTS.membership);
}

/** What the samples sell. */
const SAMPLE_PRODUCTS = { pack: "prod_SamplePack", membership: "prod_SampleMembership" };

/** What a studio's account sees in a year, in a moment. */
function liveThroughAll(account: FakeStripe, contact_id: string): { pack: string; membership: string } {
  const told = { email: "ada@example.com", name: "Ada Moss", metadata: { contact_id } };
  const customer = account.createCustomer(told).id;
  const sold = { pack: account.createProduct("Ten classes").id, membership: account.createProduct("Monthly").id };
  const pack = account.createPrice({ product: sold.pack, unit_amount: 15_000 }).id;
  const monthly = { product: sold.membership, unit_amount: 8_900, is_monthly: true };
  const price = account.createPrice(monthly).id;
  const metadata = { contact_id };
  for (const settle of ["winDispute", "loseDispute"] as const) {
    const { charge } = account.pay({ customer, price: pack, metadata });
    account[settle](account.openDispute(charge.id).id);
  }
  for (const settled of ["failed", "succeeded"] as const) {
    const { charge } = account.pay({ customer, price: pack, metadata });
    account.settleRefund(account.refund(charge.id, { status: "pending" }).id, settled);
  }
  account.refund(account.pay({ customer, price: pack, metadata }).charge.id);
  account.pay({ customer, price: pack, metadata });
  account.sellByInvoice({ customer, price: pack, metadata });
  const ending = account.startSubscription({ customer, price, metadata }).subscription.id;
  account.failPayment(ending);
  account.cancelSubscription(ending);
  account.cancelSubscription(account.startSubscription({ customer, price, metadata }).subscription.id, {
    at_period_end: false,
  });
  account.startSubscription({ customer, price, metadata });
  return sold;
}

/** The header that Stripe would send with this body. */
export function signSample(body: string, secret: string, now: Instant): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  return { "stripe-signature": Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }) };
}
