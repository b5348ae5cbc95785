import { useRead, type Answer } from "./location-api.ts";

/** Something that the location sells, or sold. */
export type Product = Answer<"/product-configs">["product_configs"][number];

/** What the location sells, by type; `selling`: without what is no longer sold. */
export function useProducts({ type, selling = true }: { type?: Product["type"]; selling?: boolean } = {}): Product[] {
  const { data } = useRead("/product-configs", {});
  return (data?.product_configs ?? []).filter(
    (product) => (type === undefined || product.type === type) && (product.active || !selling),
  );
}
