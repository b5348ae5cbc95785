import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideUnfreeze } from "../../rules/memberships/unfreeze.ts";
import { withContact } from "../credits/wire-fields.ts";
import { contactRule, date, namesContact, text } from "../fields.ts";
import { namesRequest, previewable, requestRule, withoutDryRequest } from "../preview.ts";
import { membershipFields } from "./membership-fields.ts";

const input = z
  .object({
    ...membershipFields,
    freeze_id: text.optional().describe("Omitted: the freeze that holds, else the next one."),
    on: date
      .optional()
      .describe("First local date that is not frozen any more. Omitted: today; one that has not begun is cancelled."),
  })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withoutDryRequest);

export type UnfreezeMembership = z.output<typeof input>;

/** Ends a freeze early, or cancels one that has not begun. Rule 23. */
export const unfreezeMembership: LedgerOperation<UnfreezeMembership> = {
  name: "unfreeze_membership",
  scope: "manage",
  is_read: false,
  summary: "End a freeze early, or cancel one that has not begun.",
  input,
  refusals: ["BILLING_SUSPENDED", "NO_ENTITLEMENT", "MEMBERSHIP_NOT_FOUND", "NOT_FROZEN", "PREVIEW_OUTDATED"],
  keys: ({ contact_external_id }) => ({ contact_external_id, memberships: true }),
  decide: previewable<UnfreezeMembership>(decideUnfreeze),
};
