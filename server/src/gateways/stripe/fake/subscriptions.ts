import type { FakeAccount } from "./account.ts";
import { periodOf } from "./periods.ts";
import type { Invoice, InvoiceLine, Subscription } from "./rows.ts";
import { completeSession, lineOf, openInvoice, payInvoice, type Sale } from "./sales.ts";

const DAY_SECONDS = 24 * 3600;
/** The card is tried again. */
const RETRY_AFTER_SECONDS = 3 * DAY_SECONDS;

/** A customer subscribes and pays the first period, or has some days for nothing first. */
export function startSubscription(
  account: FakeAccount,
  {
    customer,
    price,
    quantity = 1,
    metadata = {},
    through = "api",
    trial_days = 0,
  }: Sale & { through?: "checkout" | "api"; trial_days?: number },
): { subscription: Subscription; invoice: Invoice } {
  const started_at = account.now();
  const trial_end = trial_days > 0 ? started_at + trial_days * DAY_SECONDS : null;
  const payer = account.get("customers", customer);
  const { currency, billing_scheme } = account.get("prices", price);
  const subscription = account.add("subscriptions", {
    ...account.begin("sub", "subscription"),
    billing_cycle_anchor: trial_end ?? started_at,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    currency,
    customer,
    ended_at: null,
    latest_invoice: null,
    metadata,
    start_date: started_at,
    status: trial_end === null ? "active" : "trialing",
    trial_end,
    trial_start: trial_end === null ? null : started_at,
    _price: price,
    _billing_scheme: billing_scheme,
    _quantity: quantity,
    _period: trial_end === null ? 0 : -1,
    _prorations: [],
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
  invoice.next_payment_attempt = account.now() + RETRY_AFTER_SECONDS;
  subscription.status = "past_due";
  account.tell("invoice.payment_failed", invoice);
  account.tell("customer.subscription.updated", subscription);
  return invoice;
}

/** Every subscription whose period is over by now is renewed, as often as it takes; answers how many periods were billed. */
export function renewDue(account: FakeAccount): number {
  let renewed = 0;
  for (const subscription of account.all("subscriptions")) {
    while (isRunning(subscription) && periodEnd(subscription) <= account.now()) {
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
  const { customer, metadata: subscription_metadata } = subscription;
  const lines = [...subscription._prorations, lineOfPeriod(account, subscription)];
  const invoice = openInvoice(account, { customer, lines, reason, subscription_metadata });
  subscription._prorations = [];
  subscription.latest_invoice = invoice.id;
  return invoice;
}

/** What the period that it is in costs. */
export function lineOfPeriod(account: FakeAccount, subscription: Subscription): InvoiceLine {
  return lineOf(account, {
    price: subscription._price,
    quantity: subscription._quantity,
    period: periodOf(subscription),
    subscription: subscription.id,
    is_free: subscription._period < 0,
  });
}

function isRunning({ status }: Subscription): boolean {
  return status === "active" || status === "trialing";
}

function openInvoiceOf(account: FakeAccount, subscription: Subscription): Invoice | null {
  const latest = account.find("invoices", subscription.latest_invoice ?? "");
  return latest?.status === "open" ? latest : null;
}

function periodEnd(subscription: Subscription): number {
  return periodOf(subscription).end;
}

export function liveOne(account: FakeAccount, subscription_id: string): Subscription {
  const subscription = account.get("subscriptions", subscription_id);
  if (subscription.status === "canceled") throw new Error(`${subscription_id} has ended`);
  return subscription;
}
