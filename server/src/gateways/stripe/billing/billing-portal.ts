import type { Stripe } from "stripe";

/** Which configuration of the portal is ours; another number where `FEATURES` change. */
const METADATA = { kotally: "workspace-billing-1" };
const PAGE = 100;

/** What an owner does at Stripe. The quantity is not theirs to change: it follows the locations. */
const FEATURES: Stripe.BillingPortal.ConfigurationCreateParams.Features = {
  payment_method_update: { enabled: true },
  invoice_history: { enabled: true },
  customer_update: { enabled: true, allowed_updates: ["name", "email", "address", "tax_id"] },
  subscription_cancel: { enabled: true, mode: "at_period_end" },
  subscription_update: { enabled: false },
};

/** The id of the portal's configuration, which is made where there is none. */
export async function findPortalConfiguration(stripe: Stripe): Promise<string> {
  const { data } = await stripe.billingPortal.configurations.list({ active: true, limit: PAGE });
  const known = data.find(({ metadata }) => metadata?.["kotally"] === METADATA.kotally);
  if (known) return known.id;
  const idempotencyKey = `kotally-portal-${METADATA.kotally}`;
  const made = await stripe.billingPortal.configurations.create(
    { features: FEATURES, metadata: METADATA },
    { idempotencyKey },
  );
  return made.id;
}
