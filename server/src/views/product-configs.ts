import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { resolveTerms, type ProductTerms } from "../rules/catalog/product-terms.ts";
import { soldTwice } from "../rules/catalog/sold-as.ts";

const count = z.int().min(0);

const soldAsShape = z.object({
  provider: z.enum(["ghl", "stripe"]),
  product_id: z.string().nullable(),
  price_id: z.string().nullable().describe("Null: any price of the product."),
});

const soldTwiceShape = soldAsShape.extend({
  product_config_id: z.string().describe("The other product config that is sold under this name."),
  name: z.string(),
});

export const productConfigShape = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  type: z.enum(["package", "membership"]),
  active: z.boolean().describe("False: it is no longer sold; what was bought of it lives on."),
  version: z.int().describe("Counts its changes: an edit names the one that it began with."),
  terms: z.record(z.string(), z.unknown()).describe("What was said of it; all else has its default."),
  calendars: z.array(z.string()).describe("Every calendar that it covers, families resolved."),
  sold_as: z.array(soldAsShape),
  conflicts: z.array(soldTwiceShape).describe("Names that another active product config has too. Rule 33."),
  members: count.describe("Members who hold something of it that lives."),
  memberships: count.describe("Memberships of it that have not ended."),
  credits: count.describe("Credits of it that members can still spend or have booked."),
});

const familyShape = z.object({
  key: z.string(),
  name: z.string(),
  calendars: z.array(z.string()),
  version: z.int(),
});

export const catalogAnswer = z.object({
  product_configs: z.array(productConfigShape),
  families: z.array(familyShape),
  no_credit_products: z.array(z.object({ provider: z.string(), product_id: z.string() })),
});

type Row = {
  id: string;
  key: string;
  name: string;
  type: "package" | "membership";
  active: boolean;
  version: number;
  terms: ProductTerms;
};

const CONFIGS = {
  name: "view_product_configs",
  text: `
    SELECT id, key, name, type, active, version, terms FROM product_configs
    WHERE location_id = $1 ORDER BY active DESC, name, id`,
};
const FAMILIES = {
  name: "view_families",
  text: "SELECT key, name, calendars, version FROM service_families WHERE location_id = $1 ORDER BY name, key",
};
const NO_CREDITS = {
  name: "view_no_credit_products",
  text: "SELECT provider, product_id FROM no_credit_products WHERE location_id = $1 ORDER BY provider, product_id",
};
const HOLDINGS = {
  name: "view_product_holdings",
  text: `
    SELECT product_config_id AS id, count(DISTINCT contact_id)::integer AS members,
      sum(available + held)::bigint AS credits
    FROM entitlements WHERE location_id = $1 AND live GROUP BY product_config_id`,
};
const MEMBERSHIPS = {
  name: "view_product_memberships",
  text: `
    SELECT product_config_id AS id, count(*)::integer AS memberships
    FROM memberships WHERE location_id = $1 AND status <> 'ended' GROUP BY product_config_id`,
};

const SOLD = ["ghl_product_id", "ghl_price_id", "stripe_product_id", "stripe_price_id", "also_sold_as"];

/** All that a location sells, or sold, and how much of it is with its members. */
export async function findCatalog(tx: Transaction, location_id: string): Promise<z.output<typeof catalogAnswer>> {
  const at = [location_id];
  const [configs, families, no_credit_products, holdings, memberships] = await Promise.all([
    tx.query<Row>(CONFIGS, at),
    tx.query<z.output<typeof familyShape>>(FAMILIES, at),
    tx.query<{ provider: string; product_id: string }>(NO_CREDITS, at),
    tx.query<{ id: string; members: number; credits: number }>(HOLDINGS, at),
    tx.query<{ id: string; memberships: number }>(MEMBERSHIPS, at),
  ]);
  const calendars_of = new Map(families.map(({ key, calendars }) => [key, calendars]));
  const resolved = configs.map(({ terms, ...identity }) => resolveTerms(identity, terms, calendars_of));
  const product_configs = configs.map(({ terms, ...row }, i) => {
    const { calendars = new Set<string>(), sold_as = [] } = resolved[i] ?? {};
    const held = holdings.find(({ id }) => id === row.id);
    return {
      ...row,
      terms: Object.fromEntries(Object.entries(terms).filter(([field]) => !SOLD.includes(field))),
      calendars: [...calendars],
      sold_as: [...sold_as],
      conflicts: soldTwice({ ...row, sold_as }, resolved),
      members: held?.members ?? 0,
      memberships: memberships.find(({ id }) => id === row.id)?.memberships ?? 0,
      credits: held?.credits ?? 0,
    };
  });
  return { product_configs, families, no_credit_products };
}
