import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideRestoreByHand } from "../../rules/credits/by-hand.ts";
import { amount, contactRule, namesContact, reason } from "../fields.ts";
import { namesRequest, previewable, requestFields, requestRule, withoutDryRequest } from "../preview.ts";
import { askFields, external_ref, namesScope, scopeRule, withContact } from "./wire-fields.ts";

const input = z
  .object({
    ...requestFields,
    ...askFields,
    amount: amount.optional().describe("Credits to give back. Omitted: 1."),
    external_ref,
    reason,
  })
  .refine(namesContact, contactRule)
  .refine((body) => body.external_ref !== undefined || namesScope(body), scopeRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withoutDryRequest);

export type RestoreByHand = z.output<typeof input>;

/** Gives back by hand what a deduction took, with a preview and a reason. */
export const restoreByHand: LedgerOperation<RestoreByHand> = {
  name: "restore_by_hand",
  scope: "manage",
  is_read: false,
  summary: "Give back by hand what a deduction took.",
  input,
  refusals: [
    "BILLING_SUSPENDED",
    "NO_ENTITLEMENT",
    "CANCELLATION_WINDOW_EXPIRED",
    "NOTHING_TO_RESTORE",
    "PREVIEW_OUTDATED",
  ],
  keys: ({ contact_external_id, external_ref: ref, product_config_id, appointment_time }) => ({
    contact_external_id,
    charges_of_ref: ref ?? null,
    charges_of_product: product_config_id,
    service_at: appointment_time,
  }),
  decide: previewable<RestoreByHand>(decideRestoreByHand),
};
