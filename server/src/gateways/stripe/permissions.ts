import type { Stripe } from "stripe";

/** Reads that a restricted key must allow, named as Stripe's page for keys names them, each with the smallest question. */
export const READ_PERMISSIONS = {
  charges: (stripe: Stripe) => stripe.charges.list({ limit: 1 }),
  payment_intents: (stripe: Stripe) => stripe.paymentIntents.list({ limit: 1 }),
  refunds: (stripe: Stripe) => stripe.refunds.list({ limit: 1 }),
  disputes: (stripe: Stripe) => stripe.disputes.list({ limit: 1 }),
  customers: (stripe: Stripe) => stripe.customers.list({ limit: 1 }),
  invoices: (stripe: Stripe) => stripe.invoices.list({ limit: 1 }),
  invoice_payments: (stripe: Stripe) => stripe.invoicePayments.list({ limit: 1 }),
  subscriptions: (stripe: Stripe) => stripe.subscriptions.list({ limit: 1 }),
  checkout_sessions: (stripe: Stripe) => stripe.checkout.sessions.list({ limit: 1 }),
  products: (stripe: Stripe) => stripe.products.list({ limit: 1 }),
  prices: (stripe: Stripe) => stripe.prices.list({ limit: 1 }),
  events: (stripe: Stripe) => stripe.events.list({ limit: 1 }),
} satisfies Record<string, (stripe: Stripe) => Promise<unknown>>;

export type ReadPermission = keyof typeof READ_PERMISSIONS;
/** `webhook_endpoints` is asked for only where Kotally is to create its endpoint itself, `billing_portal` of its own account only. */
export type Permission = ReadPermission | "webhook_endpoints" | "billing_portal";
