import type { Transaction } from "../platform/database.ts";
import { uuidArray } from "../platform/sql.ts";
import type { ProductConfig } from "../rules/catalog/product-config.ts";
import type { ProductTerms } from "../rules/catalog/product-terms.ts";

export type ProductConfigRow = Pick<ProductConfig, "id" | "key" | "name" | "type" | "active"> & {
  location_id: string;
  terms: ProductTerms;
  /** Counts its changes. */
  version: number;
};

const FIND = {
  name: "find_product_configs",
  text: "SELECT location_id, id, key, name, type, active, terms, version FROM product_configs WHERE location_id = ANY ($1::uuid[])",
};

export function findProductConfigs(tx: Transaction, location_ids: readonly string[]) {
  return tx.query<ProductConfigRow & Record<string, unknown>>(FIND, [uuidArray(location_ids)]);
}

const PUT = {
  name: "",
  text: `
    INSERT INTO product_configs (location_id, id, key, name, type, active, terms) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (location_id, id) DO UPDATE SET name = excluded.name, active = excluded.active, terms = excluded.terms
    RETURNING version`,
};

/** Answers its version from now on. */
export async function putProductConfig(tx: Transaction, config: Omit<ProductConfigRow, "version">): Promise<number> {
  const { location_id, id, key, name, type, active, terms } = config;
  const values = [location_id, id, key, name, type, active, JSON.stringify(terms)];
  const [row] = await tx.query<{ version: number }>(PUT, values);
  return row?.version ?? 1;
}

/** A named set of calendars that share credits. */
export interface ServiceFamily {
  location_id: string;
  key: string;
  name: string;
  calendars: string[];
  /** Counts its changes. */
  version: number;
}

const FIND_FAMILIES = {
  name: "find_service_families",
  text: "SELECT location_id, key, name, calendars, version FROM service_families WHERE location_id = ANY ($1::uuid[])",
};

export function findServiceFamilies(tx: Transaction, location_ids: readonly string[]) {
  return tx.query<ServiceFamily & Record<string, unknown>>(FIND_FAMILIES, [uuidArray(location_ids)]);
}

const PUT_FAMILY = {
  name: "",
  text: `
    INSERT INTO service_families (location_id, key, name, calendars) VALUES ($1, $2, $3, $4)
    ON CONFLICT (location_id, key) DO UPDATE SET name = excluded.name, calendars = excluded.calendars
    RETURNING version`,
};

/** Answers its version from now on. */
export async function putServiceFamily(
  tx: Transaction,
  { location_id, key, name, calendars }: Omit<ServiceFamily, "version">,
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(PUT_FAMILY, [location_id, key, name, calendars]);
  return row?.version ?? 1;
}

const DELETE_FAMILY = { name: "", text: "DELETE FROM service_families WHERE location_id = $1 AND key = $2" };

export function deleteServiceFamily(tx: Transaction, location_id: string, key: string) {
  return tx.query(DELETE_FAMILY, [location_id, key]);
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

const DELETE_NO_CREDITS = {
  name: "",
  text: `
    DELETE FROM no_credit_products WHERE location_id = $1 AND provider = $2 AND product_id = $3 RETURNING product_id`,
};

/** Answers whether it was marked. */
export async function deleteNoCreditProduct(
  tx: Transaction,
  { location_id, provider, product_id }: NoCreditProduct,
): Promise<boolean> {
  return (await tx.query(DELETE_NO_CREDITS, [location_id, provider, product_id])).length > 0;
}
