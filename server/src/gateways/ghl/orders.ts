import { z } from "zod";
import type { Instant } from "../../rules/time/local-days.ts";
import { pathTo, type GhlClient } from "./client.ts";
import { dayRange } from "./day-range.ts";
import { GhlError, orNull } from "./ghl-error.ts";
import { readInvoice, type GhlInvoice } from "./read-invoice.ts";
import { readAllPages } from "./read-list.ts";
import { readOrder, type GhlOrder } from "./read-order.ts";
import { number, readRecord } from "./tolerant.ts";

/** Orders without their items, which only `findOrder` brings. Throws `GhlError`. */
export async function listOrders(
  ghl: GhlClient,
  { location_id, contact_id, from, to }: { location_id: string; contact_id?: string; from?: Instant; to?: Instant },
  seen_at: Instant,
): Promise<GhlOrder[]> {
  const row = z.unknown().transform((value): GhlOrder | null => {
    const order = readOrder(value, seen_at);
    return "unreadable" in order ? null : order;
  });
  return readAllPages(row, async (limit, offset) => {
    const query = { altId: location_id, contactId: contact_id, ...dayRange(from, to), limit, offset };
    const { data, totalCount } = readRecord(await ghl.call({ method: "GET", path: "/payments/orders", query }));
    return { items: data, total: number.parse(totalCount) };
  });
}

/** An order with its items. Throws `GhlError`. */
export async function findOrder(
  ghl: GhlClient,
  location_id: string,
  order_id: string,
  seen_at: Instant,
): Promise<GhlOrder | null> {
  const path = pathTo("/payments/orders/{}", order_id);
  const answer = await orNull(ghl.call({ method: "GET", path, query: { altId: location_id } }));
  if (answer === null) return null;
  const order = readOrder(answer, seen_at);
  if ("unreadable" in order) throw new GhlError("unreadable", order.unreadable);
  return order;
}

/** An invoice with its items. Throws `GhlError`. */
export async function findInvoice(
  ghl: GhlClient,
  location_id: string,
  invoice_id: string,
  seen_at: Instant,
): Promise<GhlInvoice | null> {
  const path = pathTo("/invoices/{}", invoice_id);
  const query = { altId: location_id, altType: "location" };
  const answer = await orNull(ghl.call({ method: "GET", path, query }));
  if (answer === null) return null;
  const invoice = readInvoice(answer, seen_at);
  if ("unreadable" in invoice) throw new GhlError("unreadable", invoice.unreadable);
  return invoice;
}
