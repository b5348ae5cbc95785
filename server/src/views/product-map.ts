import type { Transaction } from "../platform/database.ts";
import { resolveTerms, type ProductTerms } from "../rules/catalog/product-terms.ts";
import type { SoldAs } from "../rules/catalog/sold-as.ts";

/** What of a provider a product config stands for. */
export interface MappedProduct {
  id: string;
  key: string;
  name: string;
  active: boolean;
  sold_as: readonly SoldAs[];
  /** All that it covers, families resolved. */
  calendars: string[];
}

type ConfigRow = {
  id: string;
  key: string;
  name: string;
  type: "package" | "membership";
  active: boolean;
  terms: ProductTerms;
};

const CONFIGS = {
  name: "view_product_map",
  text: "SELECT id, key, name, type, active, terms FROM product_configs WHERE location_id = $1 ORDER BY name, id",
};
const FAMILIES = {
  name: "view_service_families",
  text: "SELECT key, calendars FROM service_families WHERE location_id = $1",
};

/** All product configs of a location with what they are mapped to. */
export async function findProductMap(tx: Transaction, location_id: string): Promise<MappedProduct[]> {
  const [configs, families] = await Promise.all([
    tx.query<ConfigRow>(CONFIGS, [location_id]),
    tx.query<{ key: string; calendars: string[] }>(FAMILIES, [location_id]),
  ]);
  const calendars_of = new Map(families.map(({ key, calendars }) => [key, calendars]));
  return configs.map(({ terms, ...identity }) => {
    const { sold_as, calendars } = resolveTerms(identity, terms, calendars_of);
    const { id, key, name, active } = identity;
    return { id, key, name, active, sold_as, calendars: [...calendars] };
  });
}
