import type { FakeAccount } from "./account.ts";
import { ageSession } from "./checkout-writes.ts";
import type { Session, Subscription } from "./rows.ts";
import { liveOne, startSubscription } from "./subscriptions.ts";

/** Somebody fills in the payment page and pays; a trial takes the card and no money. A page that is not open cannot be paid. */
export function payCheckout(account: FakeAccount, session_id: string): Subscription {
  const session = ageSession(account, account.get("checkout_sessions", session_id));
  if (session.status !== "open") throw new Error(`${session_id} cannot be paid any more`);
  const { _price: price, _quantity: quantity, _subscription_metadata: metadata, _trial_days: trial_days } = session;
  const payer = account.get("customers", session.customer ?? "");
  const customer = payer.id;
  const { subscription, invoice } = startSubscription(account, { customer, price, quantity, metadata, trial_days });
  const paid: Partial<Session> = {
    amount_total: invoice.amount_due,
    invoice: invoice.id,
    payment_status: "paid",
    status: "complete",
    subscription: subscription.id,
    url: null,
  };
  account.tell("checkout.session.completed", Object.assign(session, paid));
  return subscription;
}

/** The card was tried often enough: what the account's settings then do with an unpaid subscription. */
export function giveUp(account: FakeAccount, subscription_id: string, then: "unpaid" | "canceled" | "paused"): void {
  const subscription = liveOne(account, subscription_id);
  subscription.status = then;
  if (then === "canceled") subscription.ended_at = account.now();
  const told = { unpaid: "updated", canceled: "deleted", paused: "paused" } as const;
  account.tell(`customer.subscription.${told[then]}`, subscription);
}
