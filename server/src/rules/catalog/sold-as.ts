import type { ProductConfig } from "./product-config.ts";
import type { ProductTerms } from "./product-terms.ts";

/** What a purchase at a provider is called there: a product, one price of it, or a price wherever it stands. */
export interface SoldAs {
  provider: "ghl" | "stripe";
  product_id: string | null;
  /** Null: any price of the product. */
  price_id: string | null;
}

/** The most names that one product config is sold under, beside the first of each provider. */
export const MAX_ALSO_SOLD_AS = 50;

type SoldTerms = Pick<
  ProductTerms,
  "ghl_product_id" | "ghl_price_id" | "stripe_product_id" | "stripe_price_id" | "also_sold_as"
>;

/** All that terms say of where a product is sold: the first of each provider has fields of its own. */
export function soldAs(terms: SoldTerms): SoldAs[] {
  const { ghl_product_id, ghl_price_id, stripe_product_id, stripe_price_id, also_sold_as = [] } = terms;
  const first: SoldAs[] = [
    { provider: "ghl", product_id: ghl_product_id ?? null, price_id: ghl_price_id ?? null },
    { provider: "stripe", product_id: stripe_product_id ?? null, price_id: stripe_price_id ?? null },
  ];
  const also = also_sold_as.map(({ provider, product_id, price_id }) => ({
    provider,
    product_id: product_id ?? null,
    price_id: price_id ?? null,
  }));
  const named = [...first, ...also].filter(({ product_id, price_id }) => product_id !== null || price_id !== null);
  return named.filter((one, i) => named.findIndex((other) => isSame(one, other)) === i);
}

/** The terms that say the same. */
export function soldTerms(names: readonly SoldAs[]): SoldTerms {
  const ghl = names.find(({ provider }) => provider === "ghl");
  const stripe = names.find(({ provider }) => provider === "stripe");
  const others = names.filter((name) => name !== ghl && name !== stripe);
  return {
    ...(ghl?.product_id ? { ghl_product_id: ghl.product_id } : {}),
    ...(ghl?.price_id ? { ghl_price_id: ghl.price_id } : {}),
    ...(stripe?.product_id ? { stripe_product_id: stripe.product_id } : {}),
    ...(stripe?.price_id ? { stripe_price_id: stripe.price_id } : {}),
    ...(others.length > 0 ? { also_sold_as: others.map(withoutNull) } : {}),
  };
}

function withoutNull({ provider, product_id, price_id }: SoldAs) {
  return {
    provider,
    ...(product_id === null ? {} : { product_id }),
    ...(price_id === null ? {} : { price_id }),
  };
}

/** A name that two product configs have, so that a purchase of it is granted by neither. Rule 33. */
export interface SoldTwice extends SoldAs {
  product_config_id: string;
  name: string;
}

type Sold = Pick<ProductConfig, "id" | "name" | "active" | "sold_as">;

/** The names of `config` that another active product config has too. One that is not sold collides with nothing. */
export function soldTwice(config: Omit<Sold, "name">, others: Iterable<Sold>): SoldTwice[] {
  if (!config.active) return [];
  return [...others]
    .filter((other) => other.active && other.id !== config.id)
    .flatMap((other) =>
      config.sold_as
        .filter((name) => other.sold_as.some((theirs) => meansTheSame(name, theirs)))
        .map((name) => ({ ...name, product_config_id: other.id, name: other.name })),
    );
}

/** A price's own mapping beats its product's, so only names of one kind collide (clarification 25). */
function meansTheSame(a: SoldAs, b: SoldAs): boolean {
  if (a.provider !== b.provider || a.price_id !== b.price_id) return false;
  return a.price_id !== null || a.product_id === b.product_id;
}

function isSame(a: SoldAs, b: SoldAs): boolean {
  return a.provider === b.provider && a.product_id === b.product_id && a.price_id === b.price_id;
}
