import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideGrant } from "../../rules/credits/grant.ts";
import { contactFields, contactRule, locationField, metadata, namesContact, text, time, whole } from "../fields.ts";
import { request_id, withContact } from "./wire-fields.ts";

/** What was paid for, how much and when, and what the payer is called. */
export const paidFields = {
  product_config_id: text.describe("The product config (pc_…) that turns the payment into credits."),
  amount_cents: whole(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe("What was paid, in the smallest unit of the currency."),
  currency: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{3}$/, "must be an ISO 4217 code such as USD")
    .transform((code) => code.toUpperCase())
    .optional()
    .describe("ISO 4217, such as USD. Omitted: the location's currency is meant."),
  paid_at: time.optional().describe("From when the credits count, and expire. Omitted: now."),
  email: text.optional().describe("Fills an empty e-mail address, never overwrites."),
  name: text.optional().describe("Fills an empty name, never overwrites."),
};

const input = z
  .object({
    request_id,
    ...locationField,
    ...contactFields,
    external_payment_id: text.describe("The payment's own id: a payment grants once."),
    ...paidFields,
    provider: text.default("automation").describe("Who took the payment; its ids are unique within it."),
    event_type: text.default("payment_confirmed").describe("What the provider told of the payment."),
    external_ref: text.optional().describe("Another reference to find it by."),
    metadata: metadata.optional().describe("Stored with the grant; at most 16 KiB and 50 keys."),
  })
  .refine(namesContact, contactRule)
  .transform(withContact);

export type GrantCredits = z.output<typeof input>;

/** Turns a payment into credits, once. */
export const grantCredits: LedgerOperation<GrantCredits> = {
  name: "grant_credits",
  scope: "grant",
  is_read: false,
  summary: "Turn a payment into credits, once.",
  input,
  refusals: ["BILLING_SUSPENDED", "CONFIG_NOT_FOUND"],
  keys: ({ contact_external_id, provider, external_payment_id, paid_at, email }) => ({
    contact_external_id,
    creates_contact: true,
    payment_keys: [{ provider, key: external_payment_id }],
    offers_of: { email: email ?? null, phone: null },
    memberships: true,
    granted_at: paid_at ?? "now",
  }),
  decide: decideGrant,
};
