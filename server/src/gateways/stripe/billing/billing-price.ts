import type { Stripe } from "stripe";
import { FIRST_LOCATION_CENTS, FURTHER_LOCATION_CENTS } from "../../../rules/billing/price.ts";
import { StripeFailure } from "../failures.ts";

/** The price is found again by it, whoever made it. */
const LOOKUP_KEY = "kotally_locations_monthly";
const CURRENCY = "usd";

/**
 * The id of the price that workspaces pay: the configured one, else the one that carries our lookup key, which is made where there is none.
 * A price that is not what rule 38 says is never sold: `StripeFailure` with the reason `wrong_price`.
 */
export async function findBillingPrice(stripe: Stripe, configured: string | null): Promise<string> {
  const price = configured === null ? await priceOfKey(stripe) : await configuredPrice(stripe, configured);
  if (!isRightPrice(price)) throw new StripeFailure("wrong_price");
  return price.id;
}

function configuredPrice(stripe: Stripe, id: string): Promise<Stripe.Price> {
  return stripe.prices.retrieve(id, { expand: ["tiers"] });
}

async function priceOfKey(stripe: Stripe): Promise<Stripe.Price> {
  const keyed = { lookup_keys: [LOOKUP_KEY], active: true, limit: 1, expand: ["data.tiers"] };
  const [known] = (await stripe.prices.list(keyed)).data;
  if (known) return known;
  return stripe.prices.create(
    {
      currency: CURRENCY,
      lookup_key: LOOKUP_KEY,
      product_data: { name: "Kotally, per active location" },
      billing_scheme: "tiered",
      tiers_mode: "graduated",
      recurring: { interval: "month", usage_type: "licensed" },
      tiers: [
        { up_to: 1, unit_amount: FIRST_LOCATION_CENTS },
        { up_to: "inf", unit_amount: FURTHER_LOCATION_CENTS },
      ],
      expand: ["tiers"],
    },
    { idempotencyKey: `kotally-price-${FIRST_LOCATION_CENTS}-${FURTHER_LOCATION_CENTS}` },
  );
}

/** Rule 38. The first location costs more, each further one less, month by month. */
function isRightPrice({ active, currency, tiers_mode, recurring, tiers = [] }: Stripe.Price): boolean {
  const amounts = tiers.map(({ up_to, unit_amount, flat_amount }) => [up_to, unit_amount, flat_amount ?? 0]);
  const wanted = [
    [1, FIRST_LOCATION_CENTS, 0],
    [null, FURTHER_LOCATION_CENTS, 0],
  ];
  return (
    active &&
    currency === CURRENCY &&
    tiers_mode === "graduated" &&
    recurring?.interval === "month" &&
    recurring.interval_count === 1 &&
    recurring.usage_type === "licensed" &&
    JSON.stringify(amounts) === JSON.stringify(wanted)
  );
}
