import { z } from "zod";
import { locationField, text } from "../operations/fields.ts";
import {
  ATTENTIONS,
  findPayment,
  listPayments,
  PAYMENT_STATUSES,
  paymentAnswer,
  paymentsAnswer,
  paymentsCursor,
} from "../views/location-payments.ts";
import { readLocation } from "../views/location-read.ts";
import { decodeCursor, DEFAULT_LIMIT, MAX_LIMIT } from "../views/page.ts";
import type { LocationCall } from "./location-call.ts";

const payment = {
  id: "019aa5b0-8e1f-7a2b-9c3d-4e5f60718293",
  external_contact_id: "maya",
  provider: "stripe",
  external_payment_id: "pi_3Nk1",
  keys: [{ provider: "stripe", key: "pi_3Nk1" }],
  event_type: "payment_intent.succeeded",
  status: "recorded",
  flags: [],
  acknowledged: [],
  amount_cents: 12000,
  refunded_cents: 0,
  currency: "USD",
  product_config_id: null,
  product_name: null,
  entitlement_id: null,
  items: [
    {
      item: 1,
      product_id: "prod_QX",
      price_id: null,
      name: "Ten classes",
      quantity: 1,
      amount_cents: 12000,
      status: "unmatched",
      reason: "NO_PRODUCT_CONFIG",
      product_config_id: null,
      product_name: null,
      entitlement_id: null,
      credits_granted: 0,
      credits_taken: 0,
      credits_short: 0,
    },
  ],
  refunds: [],
  disputes: [],
  settles_at: null,
  duplicate_of: null,
  subscription_id: null,
  external_ref: null,
  paid_at: "2026-11-21T14:05:00.000Z",
  recorded_at: "2026-11-21T14:05:01.000Z",
};

const listQuery = z.object({
  status: z.enum(PAYMENT_STATUSES).optional().describe("Only payments that stand so."),
  attention: z.enum(ATTENTIONS).optional().describe("Only payments that wait for this, or carry this flag."),
  contact: text.optional().describe("Only payments of this contact (its external id)."),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe("Items on the page."),
  cursor: z
    .string()
    .refine((given) => decodeCursor(paymentsCursor, given) !== null, "is not a next_cursor of this list")
    .optional()
    .describe("next_cursor of the page before; omitted: the beginning."),
  ...locationField,
});

const list: LocationCall<typeof listQuery> = {
  method: "get",
  path: "/api/v2/payments",
  name: "location_payments",
  title: "List payments",
  about: "The location's payments, the latest first: all, or those that wait for a person.",
  input: listQuery,
  reason_code: "payments_loaded",
  answer: paymentsAnswer,
  example: { answer: { payments: [payment], next_cursor: null } },
  run: ({ db }, caller, { limit, cursor, ...filters }) =>
    readLocation(db, caller, (tx) =>
      listPayments(tx, caller.location_id, filters, {
        limit,
        cursor: cursor === undefined ? null : decodeCursor(paymentsCursor, cursor),
      }),
    ),
};

const oneQuery = z.object({ id: z.guid().describe("The payment event's own id."), ...locationField });

const one: LocationCall<typeof oneQuery> = {
  method: "get",
  path: "/api/v2/payments/{id}",
  name: "location_payment",
  title: "Get a payment",
  about: "One payment with all its names, its items, refunds and disputes.",
  input: oneQuery,
  reason_code: "payment_loaded",
  answer: paymentAnswer,
  example: { answer: { payment } },
  run: ({ db }, caller, { id }) =>
    readLocation(db, caller, async (tx) => (await findPayment(tx, caller.location_id, id)) ?? "unknown"),
};

/** Payments for staff: the list, and one. */
export const PAYMENT_CALLS: readonly LocationCall[] = [list, one] as readonly unknown[] as LocationCall[];
