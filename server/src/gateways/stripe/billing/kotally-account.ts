import { createHash } from "node:crypto";
import { Stripe } from "stripe";
import type { BilledInvoice, NextInvoice } from "../../../rules/billing/invoices.ts";
import { isOver, takesQuantity, type BilledSubscription } from "../../../rules/billing/subscription.ts";
import { hostOf, PINNED_API_VERSION } from "../client.ts";
import { failureOf, isMissing } from "../failures.ts";
import type { Permission } from "../permissions.ts";
import type { Fields } from "../read-field.ts";
import { findPortalConfiguration } from "./billing-portal.ts";
import { findBillingPrice } from "./billing-price.ts";
import { readBilledInvoice, readNextInvoice } from "./read-billed-invoice.ts";
import { readBilledSubscription } from "./read-billed-subscription.ts";
import { readCheckoutPage, type OpenedPage } from "./read-checkout-page.ts";

/** Milliseconds for one request: somebody may be waiting for it. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_NETWORK_RETRIES = 1;
/** Subscriptions of one workspace that are looked at: it has one at a time. */
const MAX_SUBSCRIPTIONS = 20;
const MAX_INVOICES = 24;

export interface KotallyAccountSettings {
  /** `sk_…` of Kotally's own account. */
  secret_key: string;
  /** The graduated price of a month, whose quantity is the number of locations; null: ours by its lookup key. */
  price_id: string | null;
  /** Another host than Stripe's; null for Stripe itself. */
  api_base: string | null;
}

/** Kotally's own account at Stripe: what it asks of it and tells it. Every failure is a `StripeFailure`. */
export class KotallyAccount {
  readonly #stripe: Stripe;
  readonly #price_id: string | null;
  #price: Promise<string> | null = null;
  #portal: Promise<string> | null = null;

  constructor({ secret_key, price_id, api_base }: KotallyAccountSettings) {
    this.#price_id = price_id;
    this.#stripe = new Stripe(secret_key, {
      apiVersion: PINNED_API_VERSION,
      timeout: REQUEST_TIMEOUT_MS,
      maxNetworkRetries: MAX_NETWORK_RETRIES,
      telemetry: false,
      ...(api_base === null ? {} : hostOf(api_base)),
    });
  }

  /** Asked again with the same words within a day, Stripe answers with the same customer. */
  async createCustomer(told: { workspace_id: string; name: string; email: string | null }): Promise<string> {
    const { workspace_id, name, email } = told;
    const params = { name, metadata: { workspace_id }, ...(email === null ? {} : { email }) };
    const customer = await this.#ask("customers", (stripe) =>
      stripe.customers.create(params, once(`customer-${workspace_id}`, params)),
    );
    return customer.id;
  }

  /** A page that asks for the price of so many locations, and for a card, also where the first days cost nothing. */
  async openCheckout(wishes: {
    customer_id: string;
    workspace_id: string;
    quantity: number;
    trial_days: number;
    success_url: string;
    cancel_url: string;
    /** Asked again with the same attempt within a day, Stripe answers with the same page. */
    attempt: string;
  }): Promise<OpenedPage> {
    const { customer_id, workspace_id, quantity, trial_days, success_url, cancel_url, attempt } = wishes;
    const metadata = { workspace_id };
    const trial: Stripe.Checkout.SessionCreateParams.SubscriptionData = {
      trial_period_days: trial_days,
      trial_settings: { end_behavior: { missing_payment_method: "cancel" } },
    };
    const params: Stripe.Checkout.SessionCreateParams = {
      mode: "subscription",
      customer: customer_id,
      client_reference_id: workspace_id,
      line_items: [{ price: await this.#priceId(), quantity }],
      payment_method_collection: "always",
      subscription_data: { metadata, ...(trial_days > 0 ? trial : {}) },
      metadata: { ...metadata, quantity: String(quantity) },
      success_url,
      cancel_url,
    };
    const session = await this.#ask("checkout_sessions", (stripe) =>
      stripe.checkout.sessions.create(params, once(`checkout-${workspace_id}-${attempt}`, params)),
    );
    return readCheckoutPage(session);
  }

  async findCheckout(session_id: string): Promise<OpenedPage | null> {
    return this.#ask("checkout_sessions", async (stripe) => {
      try {
        return readCheckoutPage(await stripe.checkout.sessions.retrieve(session_id));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }

  async closeCheckout(session_id: string): Promise<void> {
    await this.#ask("checkout_sessions", (stripe) => stripe.checkout.sessions.expire(session_id));
  }

  /** Answers the address of Stripe's own pages for a card, invoices and the end of a subscription. */
  async openPortal({ customer_id, return_url }: { customer_id: string; return_url: string }): Promise<string> {
    const configuration = await this.#portalConfiguration();
    const { url } = await this.#ask("billing_portal", (stripe) =>
      stripe.billingPortal.sessions.create({ customer: customer_id, configuration, return_url }),
    );
    return url;
  }

  /** The subscription that counts: the one that is paid for, else one that may come to life, else the one that ended last. */
  async findSubscription(customer_id: string): Promise<BilledSubscription | null> {
    const { data } = await this.#ask("subscriptions", (stripe) =>
      stripe.subscriptions.list({
        customer: customer_id,
        status: "all",
        limit: MAX_SUBSCRIPTIONS,
        expand: ["data.latest_invoice"],
      }),
    );
    // Newest first.
    const subscriptions = data.map((one) => readBilledSubscription(one as unknown as Fields));
    return (
      subscriptions.find(({ status }) => takesQuantity(status)) ??
      subscriptions.find((one) => !isOver(one)) ??
      subscriptions[0] ??
      null
    );
  }

  /** Stripe credits and charges the rest of the period with the next invoice. */
  async setQuantity(wishes: {
    subscription_id: string;
    item_id: string;
    quantity: number;
    /** Told again with the same change within a day, nothing further happens. */
    change: string;
  }): Promise<void> {
    const { subscription_id, item_id, quantity, change } = wishes;
    const params: Stripe.SubscriptionUpdateParams = {
      items: [{ id: item_id, quantity }],
      proration_behavior: "create_prorations",
    };
    await this.#ask("subscriptions", (stripe) =>
      stripe.subscriptions.update(subscription_id, params, once(`quantity-${subscription_id}-${change}`, params)),
    );
  }

  /** The latest invoices, newest first. */
  async invoices(customer_id: string): Promise<BilledInvoice[]> {
    const { data } = await this.#ask("invoices", (stripe) =>
      stripe.invoices.list({ customer: customer_id, limit: MAX_INVOICES }),
    );
    return data.map((one) => readBilledInvoice(one as unknown as Fields)).filter((one) => one !== null);
  }

  /** What the next invoice will be; with `change`, were the subscription to be of that quantity from now on. */
  async nextInvoice(
    customer_id: string,
    subscription_id: string,
    change: { item_id: string; quantity: number } | null = null,
  ): Promise<NextInvoice | null> {
    const subscription_details = change && {
      items: [{ id: change.item_id, quantity: change.quantity }],
      proration_behavior: "create_prorations" as const,
    };
    return this.#ask("invoices", async (stripe) => {
      try {
        const invoice = await stripe.invoices.createPreview({
          customer: customer_id,
          subscription: subscription_id,
          ...(subscription_details && { subscription_details }),
        });
        return readNextInvoice(invoice as unknown as Fields);
      } catch (error) {
        // Of a subscription that ends there is no next one.
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }

  async #priceId(): Promise<string> {
    this.#price ??= this.#ask("prices", (stripe) => findBillingPrice(stripe, this.#price_id));
    return this.#price.catch((error: unknown) => {
      this.#price = null;
      throw error;
    });
  }

  async #portalConfiguration(): Promise<string> {
    this.#portal ??= this.#ask("billing_portal", findPortalConfiguration);
    return this.#portal.catch((error: unknown) => {
      this.#portal = null;
      throw error;
    });
  }

  async #ask<Answer>(permission: Permission, question: (stripe: Stripe) => Promise<Answer>): Promise<Answer> {
    try {
      return await question(this.#stripe);
    } catch (error) {
      throw failureOf(error, permission);
    }
  }
}

/** Stripe does once what it is told again under one key, and refuses a key under which it was told something else. */
function once(purpose: string, params: object): { idempotencyKey: string } {
  const words = createHash("sha256").update(JSON.stringify(params)).digest("hex").slice(0, 16);
  return { idempotencyKey: `kotally-${purpose}-${words}` };
}
