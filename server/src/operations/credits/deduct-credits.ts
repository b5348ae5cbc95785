import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideDeduct } from "../../rules/credits/charge.ts";
import { contactRule, namesContact } from "../fields.ts";
import { askFields, external_ref, namesScope, request_id, scopeRule, withContact } from "./wire-fields.ts";

const input = z
  .object({ request_id, ...askFields, external_ref })
  .refine(namesContact, contactRule)
  .refine(namesScope, scopeRule)
  .transform(withContact);

export type DeductCredits = z.output<typeof input>;

/** Takes credits for a booking: all or nothing, never below zero. */
export const deductCredits: LedgerOperation<DeductCredits> = {
  name: "deduct_credits",
  scope: "deduct",
  is_read: false,
  summary: "Take credits for a booking: all or nothing.",
  input,
  refusals: ["BILLING_SUSPENDED", "NO_ENTITLEMENT", "INSUFFICIENT_CREDITS"],
  keys: ({ contact_external_id, appointment_time, external_ref: booking }) => ({
    contact_external_id,
    service_at: appointment_time,
    // The booking may be charged already, by its provider's word (clarification 14).
    ...(booking === undefined ? {} : { charges_of_ref: booking }),
  }),
  decide: decideDeduct,
};
