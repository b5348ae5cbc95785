import type { FakeAccount } from "./account.ts";
import { periodOf } from "./periods.ts";
import type { Invoice, InvoiceLine, Subscription } from "./rows.ts";
import { costOf } from "./sales.ts";
import { lineOfPeriod, liveOne } from "./subscriptions.ts";

export interface QuantityChange {
  item_id: string;
  quantity: number;
}

/** The one item of a subscription. */
function itemOf({ id }: Subscription): string {
  return id.replace("sub_", "si_");
}

/** From now on it counts another number; what that costs or saves in this period stands on the next invoice. */
export function changeQuantity(
  account: FakeAccount,
  subscription_id: string,
  { item_id, quantity, prorates }: QuantityChange & { prorates: boolean },
): Subscription {
  const subscription = liveOne(account, subscription_id);
  if (itemOf(subscription) !== item_id) throw new Error(`No such subscription item: '${item_id}'`);
  if (subscription._quantity === quantity) return subscription;
  if (prorates) subscription._prorations.push(...prorationsOf(account, subscription, quantity));
  subscription._quantity = quantity;
  account.tell("customer.subscription.updated", subscription);
  return subscription;
}

/** Half of a period costs half; a trial costs nothing. */
function prorationsOf(account: FakeAccount, subscription: Subscription, quantity: number): InvoiceLine[] {
  if (subscription.status === "trialing") return [];
  const { end, start } = periodOf(subscription);
  const left = Math.max(Math.min((end - account.now()) / (end - start), 1), 0);
  const price = account.get("prices", subscription._price);
  const line = (counted: number, sign: 1 | -1): InvoiceLine => ({
    ...lineOfPeriod(account, subscription),
    amount: sign * Math.round(costOf(price, counted) * left),
    description: `${sign < 0 ? "Unused" : "Remaining"} time on ${counted} × Kotally`,
    period: { start: account.now(), end },
    quantity: counted,
    _is_proration: true,
  });
  return [line(subscription._quantity, -1), line(quantity, 1)];
}

/** What the next invoice would say, and nothing of it is kept. */
export function previewInvoice(
  account: FakeAccount,
  subscription_id: string,
  change: QuantityChange | null,
): Partial<Invoice> & { object: "invoice" } {
  const subscription = liveOne(account, subscription_id);
  if (subscription.cancel_at_period_end) throw new Error("No upcoming invoices for this subscription");
  const next: Subscription = { ...subscription, _period: subscription._period + 1 };
  const prorations = [...subscription._prorations];
  if (change !== null && change.quantity !== subscription._quantity) {
    prorations.push(...prorationsOf(account, subscription, change.quantity));
    next._quantity = change.quantity;
  }
  const lines = [...prorations, lineOfPeriod(account, next)];
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  const { end } = periodOf(subscription);
  return {
    ...account.begin("upcoming_in", "invoice"),
    amount_due: Math.max(total, 0),
    amount_remaining: Math.max(total, 0),
    currency: subscription.currency,
    customer: subscription.customer,
    next_payment_attempt: end,
    number: null,
    period_end: end,
    status: "draft",
    total,
    _lines: lines,
    _subscription: subscription.id,
    _subscription_metadata: subscription.metadata,
  };
}
