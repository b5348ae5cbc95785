import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { BilledInvoice, NextInvoice } from "../../rules/billing/invoices.ts";
import type { BilledSubscription } from "../../rules/billing/subscription.ts";

/** A payment page at Stripe. */
export interface CheckoutPage {
  session_id: string;
  /** Null once it can no longer be paid. */
  url: string | null;
  /** Locations that it asks money for. */
  quantity: number;
  customer_id: string | null;
  is_paid: boolean;
}

export interface CheckoutWishes {
  customer_id: string;
  workspace_id: string;
  quantity: number;
  /** 0: none. */
  trial_days: number;
  success_url: string;
  cancel_url: string;
  /** Asked again with the same attempt, Stripe answers with the same page. */
  attempt: string;
}

/** Kotally's own account at Stripe. No call is made inside a transaction; each throws where Stripe gives no answer. */
export interface BillingPorts {
  /** Answers the customer's id; asked again for the same workspace it is the same. */
  createCustomer(told: { workspace_id: string; name: string; email: string | null }): Promise<string>;
  openCheckout(wishes: CheckoutWishes): Promise<CheckoutPage>;
  /** Null: there is no such page. */
  findCheckout(session_id: string): Promise<CheckoutPage | null>;
  /** The page can no longer be paid. */
  closeCheckout(session_id: string): Promise<void>;
  openPortal(wishes: { customer_id: string; return_url: string }): Promise<string>;
  /** The subscription that counts: the one that lives, else the one that ended last; null: there never was one. */
  findSubscription(customer_id: string): Promise<BilledSubscription | null>;
  setQuantity(wishes: {
    subscription_id: string;
    item_id: string;
    quantity: number;
    /** Told again with the same change, nothing further happens. */
    change: string;
  }): Promise<void>;
  /** The latest ones, newest first. */
  invoices(customer_id: string): Promise<BilledInvoice[]>;
  /** With `change`, were the subscription to be of that quantity from now on; null: there will be none. */
  nextInvoice(
    customer_id: string,
    subscription_id: string,
    change?: { item_id: string; quantity: number } | null,
  ): Promise<NextInvoice | null>;
}

/** What Kotally's own billing works with. */
export interface BillingDesk {
  db: Database;
  clock: Clock;
  ports: BillingPorts;
  public_url: string;
}
