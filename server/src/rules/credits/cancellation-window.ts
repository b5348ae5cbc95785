import type { Catalog } from "../catalog/product-config.ts";
import type { Charge } from "./entry.ts";
import type { MemberBooks } from "./member-books.ts";

/** The shortest window among the configs that were drawn on, in hours; the location's where nothing was. */
export function windowOf(
  books: MemberBooks,
  drawn_on: readonly Pick<Charge, "entitlement_id">[],
  { configs, policy }: Catalog,
): number {
  if (drawn_on.length === 0) return policy.cancellation_window_hours;
  const windows = drawn_on.map(({ entitlement_id }) => {
    const config = configs.get(books.lot(entitlement_id).product_config_id);
    return config?.cancellation_window_hours ?? policy.cancellation_window_hours;
  });
  return Math.min(...windows);
}
