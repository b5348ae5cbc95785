import type { Transaction } from "../platform/database.ts";
import { uuidArray } from "../platform/sql.ts";
import type { ProductConfig } from "../rules/catalog/product-config.ts";
import type { ProductTerms } from "../rules/catalog/product-terms.ts";

export type ProductConfigRow = Pick<ProductConfig, "id" | "key" | "name" | "type" | "active"> & {
  location_id: string;
  terms: ProductTerms;
};

const FIND = {
  name: "find_product_configs",
  text: "SELECT location_id, id, key, name, type, active, terms FROM product_configs WHERE location_id = ANY ($1::uuid[])",
};

export function findProductConfigs(tx: Transaction, location_ids: readonly string[]) {
  return tx.query<ProductConfigRow & Record<string, unknown>>(FIND, [uuidArray(location_ids)]);
}

const PUT = {
  name: "",
  text: `
    INSERT INTO product_configs (location_id, id, key, name, type, active, terms) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (location_id, id) DO UPDATE SET name = excluded.name, active = excluded.active, terms = excluded.terms`,
};

export function putProductConfig(tx: Transaction, config: ProductConfigRow) {
  const { location_id, id, key, name, type, active, terms } = config;
  return tx.query(PUT, [location_id, id, key, name, type, active, JSON.stringify(terms)]);
}

/** A named set of calendars that share credits. */
export interface ServiceFamily {
  location_id: string;
  key: string;
  name: string;
  calendars: string[];
}

const FIND_FAMILIES = {
  name: "find_service_families",
  text: "SELECT location_id, key, name, calendars FROM service_families WHERE location_id = ANY ($1::uuid[])",
};

export function findServiceFamilies(tx: Transaction, location_ids: readonly string[]) {
  return tx.query<ServiceFamily & Record<string, unknown>>(FIND_FAMILIES, [uuidArray(location_ids)]);
}

const PUT_FAMILY = {
  name: "",
  text: `
    INSERT INTO service_families (location_id, key, name, calendars) VALUES ($1, $2, $3, $4)
    ON CONFLICT (location_id, key) DO UPDATE SET name = excluded.name, calendars = excluded.calendars`,
};

export function putServiceFamily(tx: Transaction, { location_id, key, name, calendars }: ServiceFamily) {
  return tx.query(PUT_FAMILY, [location_id, key, name, calendars]);
}

const FIND_NO_CREDITS = {
  name: "find_no_credit_products",
  text: "SELECT location_id, provider, product_id FROM no_credit_products WHERE location_id = ANY ($1::uuid[])",
};

/** A product of a provider that grants nothing (clarification 25). */
export type NoCreditProduct = { location_id: string; provider: string; product_id: string };

export function findNoCreditProducts(tx: Transaction, location_ids: readonly string[]) {
  return tx.query<NoCreditProduct>(FIND_NO_CREDITS, [uuidArray(location_ids)]);
}

const PUT_NO_CREDITS = {
  name: "",
  text: `
    WITH marked AS (
      INSERT INTO no_credit_products (location_id, provider, product_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
    )
    UPDATE locations SET version = version + 1 WHERE location_id = $1`,
};

/** Marks a product as granting nothing, and tells every process that the catalogue changed. */
export function putNoCreditProduct(tx: Transaction, { location_id, provider, product_id }: NoCreditProduct) {
  return tx.query(PUT_NO_CREDITS, [location_id, provider, product_id]);
}
