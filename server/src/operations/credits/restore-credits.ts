import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideRestore } from "../../rules/credits/restore.ts";
import { amount, contactRule, namesContact } from "../fields.ts";
import { askFields, external_ref, namesScope, request_id, scopeRule, withContact } from "./wire-fields.ts";

const input = z
  .object({
    request_id,
    ...askFields,
    amount: amount.optional().describe("Credits to give back. Omitted: 1."),
    external_ref,
  })
  .refine(namesContact, contactRule)
  // A reference alone says what to give back.
  .refine((body) => body.external_ref !== undefined || namesScope(body), scopeRule)
  .transform(withContact);

export type RestoreCredits = z.output<typeof input>;

/** Gives back what a deduction took, in reverse order, never more than was taken. */
export const restoreCredits: LedgerOperation<RestoreCredits> = {
  name: "restore_credits",
  scope: "restore",
  is_read: false,
  summary: "Give back what a deduction took.",
  input,
  refusals: ["BILLING_SUSPENDED", "NO_ENTITLEMENT", "CANCELLATION_WINDOW_EXPIRED", "NOTHING_TO_RESTORE"],
  keys: ({ contact_external_id, external_ref: ref, product_config_id, appointment_time }) => ({
    contact_external_id,
    charges_of_ref: ref ?? null,
    charges_of_product: product_config_id,
    service_at: appointment_time,
  }),
  decide: decideRestore,
};
