import { giveUp, payCheckout } from "./customer-acts.ts";
import { FakeStripe } from "./fake-stripe.ts";
import type { Price, PriceTier, Subscription } from "./rows.ts";

/** Kotally's own Stripe account in memory: what its customers, the workspaces, do there, and what time and cards do to them. */
export class FakeKotally extends FakeStripe {
  payCheckout(session_id: string): Subscription {
    return payCheckout(this.account, session_id);
  }

  giveUp(subscription_id: string, then: "unpaid" | "canceled" | "paused"): void {
    giveUp(this.account, subscription_id, then);
  }

  /** A monthly price in tiers, as somebody makes it by hand on Stripe's pages. */
  createTieredPrice(tiers: PriceTier[]): Price {
    const price = this.createPrice({ product: this.createProduct("Kotally").id, unit_amount: 0, is_monthly: true });
    return Object.assign(price, {
      billing_scheme: "tiered",
      tiers_mode: "graduated",
      unit_amount: null,
      _tiers: tiers,
    });
  }

  /** The subscription of a customer that has not ended; null: there is none. */
  subscriptionOf(customer_id: string): Subscription | null {
    const theirs = this.account.all("subscriptions").filter(({ customer }) => customer === customer_id);
    return theirs.findLast(({ status }) => status !== "canceled") ?? null;
  }
}
