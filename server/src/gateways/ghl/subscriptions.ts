import { z } from "zod";
import type { Instant } from "../../rules/time/local-days.ts";
import { pathTo, type GhlClient } from "./client.ts";
import { dayRange } from "./day-range.ts";
import { orNull } from "./ghl-error.ts";
import { readAllPages, readOne } from "./read-list.ts";
import { flag, id, instant, number, readRecord, record, text } from "./tolerant.ts";

export interface GhlSubscription {
  /** GoHighLevel's own id. */
  record_id: string;
  /** The payment provider's, as transactions name it: `sub_…` at Stripe. */
  subscription_id: string | null;
  contact_id: string | null;
  contact_name: string | null;
  contact_email: string | null;
  /** The order that began it. */
  order_id: string | null;
  status: string | null;
  is_live: boolean;
  cancelled_at: Instant | null;
  created_at: Instant | null;
  updated_at: Instant | null;
  /** The provider's own object, as GoHighLevel kept it. */
  snapshot: Record<string, unknown>;
}

/** Reads null for what has no id. */
export const subscriptionShape = z
  .object({
    _id: id,
    subscriptionId: id,
    contactId: id,
    contactName: text,
    contactEmail: text,
    entityId: id,
    status: text,
    liveMode: flag,
    markAsTest: flag,
    canceledAt: instant,
    createdAt: instant,
    updatedAt: instant,
    subscriptionSnapshot: record,
  })
  .transform((told): GhlSubscription | null =>
    told._id
      ? {
          record_id: told._id,
          subscription_id: told.subscriptionId,
          contact_id: told.contactId,
          contact_name: told.contactName,
          contact_email: told.contactEmail,
          order_id: told.entityId,
          status: told.status?.toLowerCase() ?? null,
          is_live: told.liveMode !== false && told.markAsTest !== true,
          cancelled_at: told.canceledAt,
          created_at: told.createdAt,
          updated_at: told.updatedAt,
          snapshot: told.subscriptionSnapshot,
        }
      : null,
  );

export interface SubscriptionQuestion {
  location_id: string;
  contact_id?: string;
  /** The order that began it. */
  order_id?: string;
  /** When it began. */
  from?: Instant;
  to?: Instant;
}

/** All subscriptions that answer the question. Throws `GhlError`. */
export async function listSubscriptions(ghl: GhlClient, question: SubscriptionQuestion): Promise<GhlSubscription[]> {
  const { location_id, contact_id, order_id, from, to } = question;
  return readAllPages(subscriptionShape, async (limit, offset) => {
    const query = {
      altId: location_id,
      altType: "location",
      contactId: contact_id,
      entityId: order_id,
      ...dayRange(from, to),
      limit,
      offset,
    };
    const answer = await ghl.call({ method: "GET", path: "/payments/subscriptions", query });
    const { data, totalCount } = readRecord(answer);
    return { items: data, total: number.parse(totalCount) };
  });
}

/** By GoHighLevel's own id. Throws `GhlError`. */
export async function findSubscription(
  ghl: GhlClient,
  location_id: string,
  record_id: string,
): Promise<GhlSubscription | null> {
  const path = pathTo("/payments/subscriptions/{}", record_id);
  const query = { altId: location_id, altType: "location" };
  const answer = await orNull(ghl.call({ method: "GET", path, query }));
  return answer === null ? null : readOne(subscriptionShape, answer);
}
