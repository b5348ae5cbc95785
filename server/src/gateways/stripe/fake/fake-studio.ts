import { PINNED_API_VERSION } from "../client.ts";
import type { FakeAccount } from "./account.ts";
import { isToldIn, render } from "./render.ts";
import { closeDispute, openDispute, refund, settleRefund } from "./reversals.ts";
import type { Customer, Dispute, Invoice, Price, Product, Refund } from "./rows.ts";
import { pay, sellByInvoice } from "./sales.ts";
import { cancelSubscription, failPayment, renew, renewDue, startSubscription, undoCancel } from "./subscriptions.ts";

/** A version of before payments stopped naming their invoice; accounts that never upgraded speak such ones. */
const OLD_API_VERSION = "2024-06-20";

/** What a studio and its customers do on the studio's Stripe account. */
export class FakeStudio {
  readonly account: FakeAccount;
  /** What the account speaks by itself: its events are written so where an endpoint has no version of its own. */
  shape: "new" | "old" = "new";

  constructor(account: FakeAccount) {
    this.account = account;
  }

  get api_version(): string {
    return this.shape === "new" ? PINNED_API_VERSION : OLD_API_VERSION;
  }

  /** What happened in the last thirty days, oldest first, in the account's own version. */
  events(): Record<string, unknown>[] {
    const told = this.account.all("events").filter((event) => isToldIn(this.api_version, event));
    return told.map((event) => render(event, this.api_version));
  }

  createCustomer(told: Partial<Pick<Customer, "email" | "name" | "phone" | "metadata">> = {}): Customer {
    const unsaid = { email: null, name: null, phone: null, metadata: {} };
    return this.account.add("customers", { ...this.account.begin("cus", "customer"), ...unsaid, ...told });
  }

  createProduct(name: string): Product {
    return this.account.add("products", { ...this.account.begin("prod", "product"), name, active: true, metadata: {} });
  }

  /** `unit_amount` in the smallest unit of the currency; `is_monthly`: what a subscription pays. */
  createPrice(told: { product: string; unit_amount: number; currency?: string; is_monthly?: boolean }): Price {
    const { product, unit_amount, currency = "usd", is_monthly = false } = told;
    return this.account.add("prices", {
      ...this.account.begin("price", "price"),
      product,
      unit_amount,
      currency,
      active: true,
      metadata: {},
      type: is_monthly ? "recurring" : "one_time",
      recurring: is_monthly ? { interval: "month", interval_count: 1, usage_type: "licensed" } : null,
      billing_scheme: "per_unit",
      tiers_mode: null,
      lookup_key: null,
      _tiers: null,
    });
  }

  pay(sale: Parameters<typeof pay>[1]): ReturnType<typeof pay> {
    return pay(this.account, sale);
  }

  sellByInvoice(sale: Parameters<typeof sellByInvoice>[1]): Invoice {
    return sellByInvoice(this.account, sale);
  }

  startSubscription(sale: Parameters<typeof startSubscription>[1]): ReturnType<typeof startSubscription> {
    return startSubscription(this.account, sale);
  }

  renew(subscription_id: string): Invoice | null {
    return renew(this.account, subscription_id);
  }

  renewDue(): number {
    return renewDue(this.account);
  }

  failPayment(subscription_id: string): Invoice {
    return failPayment(this.account, subscription_id);
  }

  /** By default at the end of the paid period; `renew` then ends it. */
  cancelSubscription(subscription_id: string, { at_period_end = true } = {}): void {
    cancelSubscription(this.account, subscription_id, at_period_end);
  }

  undoCancel(subscription_id: string): void {
    undoCancel(this.account, subscription_id);
  }

  refund(charge_id: string, part: Parameters<typeof refund>[2] = {}): Refund {
    return refund(this.account, charge_id, part);
  }

  settleRefund(refund_id: string, status: "succeeded" | "failed"): Refund {
    return settleRefund(this.account, refund_id, status);
  }

  openDispute(charge_id: string): Dispute {
    return openDispute(this.account, charge_id);
  }

  winDispute(dispute_id: string): Dispute {
    return closeDispute(this.account, dispute_id, "won");
  }

  loseDispute(dispute_id: string): Dispute {
    return closeDispute(this.account, dispute_id, "lost");
  }
}
