import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideAdjust } from "../../rules/credits/adjust.ts";
import { contactFields, contactRule, date, locationField, MAX_AMOUNT, namesContact, text, whole } from "../fields.ts";
import { namesRequest, previewable, requestFields, requestRule, withoutDryRequest } from "../preview.ts";
import { withContact } from "./wire-fields.ts";

const input = z
  .object({
    ...requestFields,
    ...locationField,
    ...contactFields,
    amount: z
      .union([whole(1, MAX_AMOUNT), whole(-MAX_AMOUNT, -1)], "must be a whole number, and not 0")
      .describe("Credits: added where positive, taken where negative."),
    product_config_id: text.optional().describe("The product (pc_…) whose credits they are; required to add."),
    entitlement_id: text.optional().describe("Only from this entitlement, to take."),
    until_on: date.optional().describe("Last usable local date of what is added. Omitted: as the product says."),
    reason: text.describe("Why, in words: it stands in the ledger."),
  })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withoutDryRequest);

export type AdjustCredits = z.output<typeof input>;

/** Adds or takes credits by hand, with a reason. */
export const adjustCredits: LedgerOperation<AdjustCredits> = {
  name: "adjust_credits",
  scope: "manage",
  is_read: false,
  summary: "Add or take credits by hand, with a reason.",
  input,
  refusals: ["BILLING_SUSPENDED", "CONFIG_NOT_FOUND", "NO_ENTITLEMENT", "INSUFFICIENT_CREDITS", "PREVIEW_OUTDATED"],
  keys: ({ contact_external_id }) => ({ contact_external_id, memberships: true }),
  decide: previewable<AdjustCredits>(decideAdjust),
};
