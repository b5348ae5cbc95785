import type { FakeAccount } from "./account.ts";
import { boundaryOf } from "./periods.ts";
import type { Invoice, Subscription } from "./rows.ts";
import { completeSession, lineOf, openInvoice, payInvoice, type Sale } from "./sales.ts";

/** A customer subscribes and pays the first period. */
export function startSubscription(
  account: FakeAccount,
  { customer, price, quantity = 1, metadata = {}, through = "api" }: Sale & { through?: "checkout" | "api" },
): { subscription: Subscription; invoice: Invoice } {
  const started_at = account.now();
  const payer = account.get("customers", customer);
  const { currency } = account.get("prices", price);
  const subscription = account.add("subscriptions", {
    ...account.begin("sub", "subscription"),
    billing_cycle_anchor: started_at,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    currency,
    customer,
    ended_at: null,
    latest_invoice: null,
    metadata,
    start_date: started_at,
    status: "active",
    _price: price,
    _quantity: quantity,
    _period: 0,
  });
  const invoice = billPeriod(account, subscription, "subscription_create");
  account.tell("customer.subscription.created", subscription);
  payInvoice(account, invoice, false);
  if (through === "checkout") {
    completeSession(account, payer, {
      mode: "subscription",
      payment_intent: null,
      invoice: invoice.id,
      subscription: subscription.id,
      amount_total: invoice.amount_due,
      currency,
      metadata,
      _price: price,
      _quantity: quantity,
    });
  }
  return { subscription, invoice };
}

/** The next period is billed and paid; first of all the invoice that is still open. A subscription that was to end ends. */
export function renew(account: FakeAccount, subscription_id: string): Invoice | null {
  const subscription = liveOne(account, subscription_id);
  const open = openInvoiceOf(account, subscription);
  if (open === null && subscription.cancel_at_period_end) {
    end(account, subscription, periodEnd(subscription));
    return null;
  }
  if (open === null) subscription._period += 1;
  const invoice = open ?? billPeriod(account, subscription, "subscription_cycle");
  payInvoice(account, invoice, false);
  subscription.status = "active";
  account.tell("customer.subscription.updated", subscription);
  return invoice;
}

/** The next period is billed and the card refuses; called again, the open invoice is tried again. */
export function failPayment(account: FakeAccount, subscription_id: string): Invoice {
  const subscription = liveOne(account, subscription_id);
  const open = openInvoiceOf(account, subscription);
  if (open === null) subscription._period += 1;
  const invoice = open ?? billPeriod(account, subscription, "subscription_cycle");
  subscription.status = "past_due";
  account.tell("invoice.payment_failed", invoice);
  account.tell("customer.subscription.updated", subscription);
  return invoice;
}

/** Every subscription whose period is over by now is renewed, as often as it takes; answers how many periods were billed. */
export function renewDue(account: FakeAccount): number {
  let renewed = 0;
  for (const subscription of account.all("subscriptions")) {
    while (subscription.status === "active" && periodEnd(subscription) <= account.now()) {
      renew(account, subscription.id);
      renewed += 1;
    }
  }
  return renewed;
}

export function cancelSubscription(account: FakeAccount, subscription_id: string, at_period_end: boolean): void {
  const subscription = liveOne(account, subscription_id);
  subscription.canceled_at = account.now();
  if (!at_period_end) {
    end(account, subscription, account.now());
    return;
  }
  subscription.cancel_at_period_end = true;
  subscription.cancel_at = periodEnd(subscription);
  account.tell("customer.subscription.updated", subscription);
}

/** The customer thought better of it, while the period lasts. */
export function undoCancel(account: FakeAccount, subscription_id: string): void {
  const subscription = liveOne(account, subscription_id);
  Object.assign(subscription, { cancel_at_period_end: false, cancel_at: null, canceled_at: null });
  account.tell("customer.subscription.updated", subscription);
}

function end(account: FakeAccount, subscription: Subscription, at: number): void {
  subscription.status = "canceled";
  subscription.ended_at = at;
  account.tell("customer.subscription.deleted", subscription);
}

function billPeriod(account: FakeAccount, subscription: Subscription, reason: Invoice["billing_reason"]): Invoice {
  const { billing_cycle_anchor: anchor, _period: k } = subscription;
  const line = lineOf(account, {
    price: subscription._price,
    quantity: subscription._quantity,
    period: { start: boundaryOf(anchor, k), end: boundaryOf(anchor, k + 1) },
    subscription: subscription.id,
  });
  const customer = subscription.customer;
  const invoice = openInvoice(account, { customer, line, reason, subscription_metadata: subscription.metadata });
  subscription.latest_invoice = invoice.id;
  return invoice;
}

function openInvoiceOf(account: FakeAccount, subscription: Subscription): Invoice | null {
  const latest = account.find("invoices", subscription.latest_invoice ?? "");
  return latest?.status === "open" ? latest : null;
}

function periodEnd(subscription: Subscription): number {
  return boundaryOf(subscription.billing_cycle_anchor, subscription._period + 1);
}

function liveOne(account: FakeAccount, subscription_id: string): Subscription {
  const subscription = account.get("subscriptions", subscription_id);
  if (subscription.status === "canceled") throw new Error(`${subscription_id} has ended`);
  return subscription;
}
