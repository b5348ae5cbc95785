import { z } from "zod";
import type { Instant } from "../../rules/time/local-days.ts";
import { pathTo, type GhlClient } from "./client.ts";
import { dayRange } from "./day-range.ts";
import { orNull } from "./ghl-error.ts";
import { toSmallestUnit } from "./money.ts";
import { readAllPages, readOne } from "./read-list.ts";
import { decimal, flag, id, instant, number, readRecord, record, text } from "./tolerant.ts";

/** One movement of money: the only place where GoHighLevel shows Stripe's ids, renewals and refunds. */
export interface GhlTransaction {
  transaction_id: string;
  contact_id: string | null;
  /** Set after a merge: the contact that no longer is. */
  merged_from_contact_id: string | null;
  contact_name: string | null;
  contact_email: string | null;
  amount_cents: number | null;
  /** All that was given back of it so far. */
  refunded_cents: number | null;
  currency: string | null;
  status: string | null;
  is_live: boolean;
  /** `order` or `invoice`, and its id. Partial payments and renewals of one order share it. */
  entity_type: string | null;
  entity_id: string | null;
  source_type: string | null;
  source_id: string | null;
  invoice_id: string | null;
  subscription_id: string | null;
  charge_id: string | null;
  /** The provider's own object, as GoHighLevel kept it. */
  charge: Record<string, unknown>;
  created_at: Instant | null;
  updated_at: Instant | null;
  fulfilled_at: Instant | null;
}

const sourceShape = z.object({ type: text, id });

/** Reads null for what has no id. */
export const transactionShape = z
  .object({
    _id: id,
    contactId: id,
    mergedFromContactId: id,
    contactName: text,
    contactEmail: text,
    amount: decimal,
    amountRefunded: decimal,
    currency: text,
    status: text,
    liveMode: flag,
    markAsTest: flag,
    entityType: text,
    entityId: id,
    entitySource: record,
    entitySourceType: text,
    entitySourceId: id,
    invoiceId: id,
    subscriptionId: id,
    chargeId: id,
    chargeSnapshot: record,
    createdAt: instant,
    updatedAt: instant,
    fulfilledAt: instant,
  })
  .transform((told): GhlTransaction | null => {
    if (!told._id) return null;
    const source = sourceShape.parse(told.entitySource);
    return {
      transaction_id: told._id,
      contact_id: told.contactId,
      merged_from_contact_id: told.mergedFromContactId,
      contact_name: told.contactName,
      contact_email: told.contactEmail,
      amount_cents: toSmallestUnit(told.amount, told.currency),
      refunded_cents: toSmallestUnit(told.amountRefunded, told.currency),
      currency: told.currency?.toUpperCase() ?? null,
      status: told.status?.toLowerCase() ?? null,
      is_live: told.liveMode !== false && told.markAsTest !== true,
      entity_type: told.entityType,
      entity_id: told.entityId,
      source_type: told.entitySourceType ?? source.type,
      source_id: told.entitySourceId ?? source.id,
      invoice_id: told.invoiceId,
      subscription_id: told.subscriptionId,
      charge_id: told.chargeId,
      charge: told.chargeSnapshot,
      created_at: told.createdAt,
      updated_at: told.updatedAt,
      fulfilled_at: told.fulfilledAt,
    };
  });

export interface TransactionQuestion {
  location_id: string;
  /** The order or invoice that was paid. */
  entity_id?: string;
  subscription_id?: string;
  contact_id?: string;
  from?: Instant;
  to?: Instant;
}

/** All transactions that answer the question, a day more at either end of `[from, to)`. Throws `GhlError`. */
export async function listTransactions(ghl: GhlClient, question: TransactionQuestion): Promise<GhlTransaction[]> {
  const { location_id, entity_id, subscription_id, contact_id, from, to } = question;
  return readAllPages(transactionShape, async (limit, offset) => {
    const query = {
      altId: location_id,
      altType: "location",
      entityId: entity_id,
      subscriptionId: subscription_id,
      contactId: contact_id,
      ...dayRange(from, to),
      limit,
      offset,
    };
    const answer = await ghl.call({ method: "GET", path: "/payments/transactions", query });
    const { data, totalCount } = readRecord(answer);
    return { items: data, total: number.parse(totalCount) };
  });
}

/** Throws `GhlError`. */
export async function findTransaction(
  ghl: GhlClient,
  location_id: string,
  transaction_id: string,
): Promise<GhlTransaction | null> {
  const path = pathTo("/payments/transactions/{}", transaction_id);
  const query = { altId: location_id, altType: "location" };
  const answer = await orNull(ghl.call({ method: "GET", path, query }));
  return answer === null ? null : readOne(transactionShape, answer);
}
