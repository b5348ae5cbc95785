import type { Instant } from "../../../rules/time/local-days.ts";
import type { Till } from "./till.ts";
import {
  known,
  type FakeLocation,
  type FakePrice,
  type FakeSubscription,
  type FakeTransaction,
  type Wire,
  type World,
} from "./world.ts";

/** What a studio does with money that is paid again and again. Renewals, failures and ends make no events. */
export class SubscriptionDesk {
  readonly #world: World;
  readonly #till: Till;
  readonly #location: FakeLocation;

  constructor(world: World, till: Till, location: FakeLocation) {
    this.#world = world;
    this.#till = till;
    this.#location = location;
  }

  /** The first payment: an order as any other, and the subscription that it begins. `subscription_id` is Stripe's. */
  subscribe(
    contact_id: string,
    price_id: string,
  ): { subscription_id: string; order_id: string; transaction_id: string } {
    const price = known(this.#location.prices.get(price_id), `price ${price_id}`);
    const order_id = this.#till.placeOrder(contact_id, [{ price_id, quantity: 1 }]);
    const subscription_id = this.#world.newId("sub_");
    const first_start_at = Math.floor(this.#world.clock.now() / 1000) * 1000;
    const now = this.#world.now();
    const subscription: FakeSubscription = {
      _id: this.#world.newId(),
      subscriptionId: subscription_id,
      contactId: contact_id,
      currency: price.currency,
      amount: price.amount,
      status: "active",
      liveMode: true,
      entityId: order_id,
      price_id,
      subscriptionSnapshot: {
        id: subscription_id,
        object: "subscription",
        status: "active",
        cancel_at_period_end: false,
        canceled_at: null,
        ended_at: null,
        current_period_start: first_start_at / 1000,
        current_period_end: boundary(first_start_at, price, 1) / 1000,
      },
      createdAt: now,
      updatedAt: now,
      periods: 1,
      first_start_at,
    };
    this.#location.subscriptions.set(subscription_id, subscription);
    const { transaction_id } = this.#till.payOrder(order_id);
    const transaction = known(
      this.#location.transactions.get(transaction_id ?? ""),
      "transaction of a free subscription",
    );
    const charge = this.#invoiceOf(subscription, "subscription_create");
    Object.assign(transaction, { subscriptionId: subscription_id, chargeId: charge["id"], chargeSnapshot: charge });
    return { subscription_id, order_id, transaction_id: transaction._id };
  }

  /** When the current period ends. */
  periodEnd(subscription_id: string): Instant {
    return this.#subscription(subscription_id).subscriptionSnapshot.current_period_end * 1000;
  }

  /** The next period is paid: a transaction, and nothing else tells of it. */
  renew(subscription_id: string): string {
    const subscription = this.#subscription(subscription_id);
    if (subscription.status !== "past_due") this.#beginPeriod(subscription);
    this.#setStatus(subscription, "active");
    return this.#bill(subscription, "succeeded")._id;
  }

  /** The next period is not paid: the subscription waits for it, and `renew` pays that period. */
  failRenewal(subscription_id: string): string {
    const subscription = this.#subscription(subscription_id);
    if (subscription.status !== "past_due") this.#beginPeriod(subscription);
    this.#setStatus(subscription, "past_due");
    return this.#bill(subscription, "failed")._id;
  }

  cancel(subscription_id: string, { at_period_end }: { at_period_end: boolean }): void {
    const subscription = this.#subscription(subscription_id);
    const snapshot = subscription.subscriptionSnapshot;
    snapshot.canceled_at = Math.floor(this.#world.clock.now() / 1000);
    snapshot.cancel_at_period_end = at_period_end;
    subscription.updatedAt = this.#world.now();
    if (at_period_end) return;
    snapshot.ended_at = snapshot.canceled_at;
    subscription.canceledAt = this.#world.now();
    this.#setStatus(subscription, "canceled");
  }

  #beginPeriod(subscription: FakeSubscription): void {
    const price = known(this.#location.prices.get(subscription.price_id), `price ${subscription.price_id}`);
    const snapshot = subscription.subscriptionSnapshot;
    snapshot.current_period_start = boundary(subscription.first_start_at, price, subscription.periods) / 1000;
    subscription.periods += 1;
    snapshot.current_period_end = boundary(subscription.first_start_at, price, subscription.periods) / 1000;
  }

  #setStatus(subscription: FakeSubscription, status: string): void {
    subscription.status = status;
    subscription.subscriptionSnapshot.status = status;
    subscription.updatedAt = this.#world.now();
  }

  #bill(subscription: FakeSubscription, status: "succeeded" | "failed"): FakeTransaction {
    const { contactId, currency, amount, liveMode, entityId, subscriptionId } = subscription;
    const charge = this.#invoiceOf(subscription, "subscription_cycle");
    const order = known(this.#location.orders.get(entityId), `order ${entityId}`);
    return this.#till.record({
      contactId,
      currency,
      amount,
      liveMode,
      status,
      entityType: "order",
      entityId,
      entitySourceType: order.source.type,
      entitySourceId: order.source.id,
      subscriptionId,
      chargeId: String(charge["id"]),
      chargeSnapshot: charge,
    });
  }

  /** Stripe's invoice for the current period, in the shape of before 2025-03-31. */
  #invoiceOf({ subscriptionId, subscriptionSnapshot }: FakeSubscription, billing_reason: string): Wire {
    const { current_period_start: start, current_period_end: end } = subscriptionSnapshot;
    return {
      id: this.#world.newId("in_"),
      object: "invoice",
      billing_reason,
      subscription: subscriptionId,
      payment_intent: this.#world.newId("pi_"),
      charge: this.#world.newId("ch_"),
      lines: { object: "list", data: [{ object: "line_item", proration: false, period: { start, end } }] },
    };
  }

  #subscription(subscription_id: string): FakeSubscription {
    return known(this.#location.subscriptions.get(subscription_id), `subscription ${subscription_id}`);
  }
}

/** The k-th period's start, reckoned from the first. */
function boundary(first_start_at: Instant, { recurring }: FakePrice, k: number): Instant {
  const { interval, intervalCount } = recurring ?? { interval: "month", intervalCount: 1 };
  const start = Temporal.Instant.fromEpochMilliseconds(first_start_at).toZonedDateTimeISO("UTC");
  return start.add({ [`${interval}s`]: k * intervalCount }).epochMilliseconds;
}
