import type { Catalog, ProductConfig } from "../catalog/product-config.ts";
import type { ItemReason, PaymentItem } from "./payment-event.ts";
import type { ToldItem } from "./told.ts";

/** The most of one thing that one item buys. */
const MAX_QUANTITY = 1000;

export type Resolved =
  | { status: "matched"; config: ProductConfig }
  | { status: "no_credits" }
  | { status: "unmatched"; reason: ItemReason };

/**
 * Rule 33. An item must lead to exactly one active product config. A price's own mapping beats its product's (clarification 25); a product
 * that is mapped nowhere may be marked as granting nothing.
 */
export function resolveItem({ product_id, price_id, quantity }: PaymentItem, { configs, policy }: Catalog): Resolved {
  const active = [...configs.values()].filter((config) => config.active);
  const of_price = active.filter(
    ({ sold_as }) => price_id !== null && sold_as.some((name) => name.price_id === price_id),
  );
  const mapped = of_price.length > 0 ? of_price : active.filter((config) => meansProduct(config, product_id, price_id));
  const [config, ...others] = mapped;
  if (others.length > 0) return { status: "unmatched", reason: "SEVERAL_PRODUCT_CONFIGS" };
  if (!config) {
    const marks = ["ghl", "stripe"].map((provider) => `${provider}:${product_id ?? ""}`);
    if (marks.some((mark) => policy.no_credit_products.has(mark))) return { status: "no_credits" };
    return { status: "unmatched", reason: "NO_PRODUCT_CONFIG" };
  }
  if (quantity < 1 || quantity > MAX_QUANTITY) return { status: "unmatched", reason: "QUANTITY_OUT_OF_RANGE" };
  return { status: "matched", config };
}

/** A config that names a price of its product means that price only, where the item says which one was paid. */
function meansProduct({ sold_as }: ProductConfig, product_id: string | null, price_id: string | null): boolean {
  if (product_id === null) return false;
  return sold_as.some((name) => name.product_id === product_id && (name.price_id === null || price_id === null));
}

/** The lines of a purchase as items that wait; what a line does not cost by itself is its share of the payment. */
export function waitingItems(told: readonly ToldItem[], amount_cents: number | null): PaymentItem[] {
  const lines: readonly ToldItem[] = told.length > 0 ? told : [NAMELESS];
  const amounts = shareAmounts(lines, amount_cents);
  return lines.map(({ product_id, price_id, name, quantity }, index) => ({
    item: index + 1,
    product_id,
    price_id,
    name,
    quantity,
    amount_cents: amounts[index] ?? null,
    status: "waiting",
    reason: null,
    product_config_id: null,
    entitlement_id: null,
    granted: 0,
    taken: 0,
    shortfall: 0,
    is_void: false,
  }));
}

/** Money that came without a word about what it bought. */
const NAMELESS: ToldItem = { product_id: null, price_id: null, name: null, quantity: 1, amount_cents: null };

/** By largest remainder, in the ratio of the quantities, so that the shares are whole and add up. */
function shareAmounts(lines: readonly ToldItem[], amount_cents: number | null): (number | null)[] {
  const said = lines.reduce((sum, line) => sum + (line.amount_cents ?? 0), 0);
  const silent = lines.filter((line) => line.amount_cents === null);
  if (amount_cents === null) return lines.map((line) => line.amount_cents);
  const rest = Math.max(0, amount_cents - said);
  const weight = silent.reduce((sum, { quantity }) => sum + Math.max(1, quantity), 0);
  const exact = lines.map((line) => (line.amount_cents === null ? (rest * Math.max(1, line.quantity)) / weight : null));
  const floors = exact.map((share) => (share === null ? 0 : Math.floor(share)));
  const over = silent.length > 0 ? rest - floors.reduce((sum, share) => sum + share, 0) : 0;
  const by_remainder = exact
    .map((share, index) => ({ index, remainder: share === null ? -1 : share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
    .slice(0, over);
  const raised = new Set(by_remainder.map(({ index }) => index));
  return lines.map((line, index) => line.amount_cents ?? (floors[index] ?? 0) + (raised.has(index) ? 1 : 0));
}
