import { z } from "zod";
import type { Instant } from "../../rules/time/local-days.ts";
import { pathTo, type GhlClient } from "./client.ts";
import { toSmallestUnit } from "./money.ts";
import { readAllPages } from "./read-list.ts";
import { decimal, id, instant, number, readRecord, record, text } from "./tolerant.ts";

export interface GhlProduct {
  product_id: string;
  name: string | null;
  product_type: string | null;
  updated_at: Instant | null;
}

export interface GhlPrice {
  price_id: string;
  product_id: string | null;
  name: string | null;
  /** `recurring` is a subscription's price. */
  price_type: "one_time" | "recurring" | null;
  currency: string | null;
  amount_cents: number | null;
  /** `day`, `week`, `month` or `year`, and how many of them; null for a one-time price. */
  interval: string | null;
  interval_count: number | null;
  updated_at: Instant | null;
}

/** Reads null for what has no id. */
export const productShape = z
  .object({ _id: id, name: text, productType: text, updatedAt: instant })
  .transform(({ _id, name, productType, updatedAt }): GhlProduct | null =>
    _id ? { product_id: _id, name, product_type: productType, updated_at: updatedAt } : null,
  );

const recurringShape = z.object({ interval: text, intervalCount: number });

export const priceShape = z
  .object({
    _id: id,
    product: z.unknown().optional(),
    name: text,
    type: text,
    priceType: text,
    currency: text,
    amount: decimal,
    recurring: record,
    updatedAt: instant,
  })
  .transform((told): GhlPrice | null => {
    if (!told._id) return null;
    // Webhooks name the kind `priceType` where `type` is the event's.
    const kind = [told.priceType, told.type].find((each) => each === "one_time" || each === "recurring") ?? null;
    const recurring = kind === "recurring" ? recurringShape.parse(told.recurring) : null;
    return {
      price_id: told._id,
      product_id: id.parse(readRecord(told.product)["_id"] ?? told.product),
      name: told.name,
      price_type: kind === "one_time" || kind === "recurring" ? kind : null,
      currency: told.currency,
      amount_cents: toSmallestUnit(told.amount, told.currency),
      interval: recurring?.interval ?? null,
      interval_count: recurring?.intervalCount ?? null,
      updated_at: told.updatedAt,
    };
  });

/** All products of the location. Throws `GhlError`. */
export async function listProducts(ghl: GhlClient, location_id: string): Promise<GhlProduct[]> {
  return readAllPages(productShape, async (limit, offset) => {
    const query = { locationId: location_id, limit, offset };
    const { products, total } = readRecord(await ghl.call({ method: "GET", path: "/products/", query }));
    const [first] = Array.isArray(total) ? (total as unknown[]) : [];
    return { items: products, total: number.parse(readRecord(first)["total"]) };
  });
}

/** All prices of a product. Throws `GhlError`. */
export async function listPrices(ghl: GhlClient, location_id: string, product_id: string): Promise<GhlPrice[]> {
  return readAllPages(priceShape, async (limit, offset) => {
    const query = { locationId: location_id, limit, offset };
    const path = pathTo("/products/{}/price", product_id);
    const { prices, total } = readRecord(await ghl.call({ method: "GET", path, query }));
    return { items: prices, total: number.parse(total) };
  });
}
