import type { Catalog } from "../catalog/product-config.ts";
import type { PaymentEvent } from "./payment-event.ts";
import { resolveItem } from "./resolve-items.ts";

const MINUTE = 60_000;
/** How far apart two providers may date one payment. */
export const LIKE_WITHIN = 10 * MINUTE;

/**
 * Rule 32. The payment that this one probably repeats: told by another provider, granted, of the same contact, products, amount and
 * currency, and of about the same time. Within one provider likeness never suppresses, and a payment is repeated once.
 */
export function findRepeated(
  payment: PaymentEvent,
  nearby: readonly PaymentEvent[],
  catalog: Catalog,
): PaymentEvent | null {
  const is_taken = (other: PaymentEvent) =>
    nearby.some(({ id, duplicate_of }) => duplicate_of === other.id && id !== payment.id);
  const alike = nearby
    .filter((other) => other.id !== payment.id && other.items.some(({ status }) => status === "granted"))
    .filter((other) => isAlike(payment, other, catalog) && !isOther(payment, other) && !is_taken(other));
  return alike.sort((a, b) => distance(payment, a) - distance(payment, b) || (a.id < b.id ? -1 : 1))[0] ?? null;
}

function distance(a: PaymentEvent, b: PaymentEvent): number {
  return Math.abs(a.paid_at - b.paid_at);
}

function isAlike(a: PaymentEvent, b: PaymentEvent, catalog: Catalog): boolean {
  const { currency } = catalog.policy;
  return (
    a.provider !== b.provider &&
    a.contact_id === b.contact_id &&
    a.amount_cents !== null &&
    a.amount_cents === b.amount_cents &&
    (a.currency ?? currency) === (b.currency ?? currency) &&
    distance(a, b) <= LIKE_WITHIN &&
    productsOf(a, catalog) !== "" &&
    productsOf(a, catalog) === productsOf(b, catalog)
  );
}

function productsOf({ items }: PaymentEvent, catalog: Catalog): string {
  const ids = items.flatMap((item) => {
    if (item.product_config_id !== null) return [item.product_config_id];
    const resolved = resolveItem(item, catalog);
    return resolved.status === "matched" ? [resolved.config.id] : [];
  });
  return [...new Set(ids)].sort().join(" ");
}

/** A provider has told of both, under different names of one kind (`pi_…`, `in_…`): they cannot be the same. */
function isOther(a: PaymentEvent, b: PaymentEvent): boolean {
  const kinds = new Set(a.keys.map(kindOf));
  return b.keys.some((key) => kinds.has(kindOf(key)));
}

function kindOf({ provider, key }: PaymentEvent["keys"][number]): string {
  return `${provider} ${/^[a-z]+_/u.exec(key)?.[0] ?? ""}`;
}
