import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideCancel } from "../../rules/memberships/cancel.ts";
import { withContact } from "../credits/wire-fields.ts";
import { contactRule, namesContact } from "../fields.ts";
import { namesRequest, previewable, requestRule, withoutDryRequest } from "../preview.ts";
import { membershipFields, reason } from "./membership-fields.ts";

const input = z
  .object({
    ...membershipFields,
    mode: z
      .enum(["at_period_end", "now"])
      .default("at_period_end")
      .describe("at_period_end: it ends with what is paid, and resume undoes that. now: at once."),
    keep_credits: z
      .boolean()
      .default(false)
      .describe("With now: its credits live on to their own expiry instead of being voided."),
    reason: reason.optional(),
  })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withoutDryRequest);

export type CancelMembership = z.output<typeof input>;

/** Ends a membership, with what is paid or at once; packages are never touched. Rule 24. */
export const cancelMembership: LedgerOperation<CancelMembership> = {
  name: "cancel_membership",
  scope: "manage",
  is_read: false,
  summary: "End a membership, with what is paid or at once.",
  input,
  refusals: ["BILLING_SUSPENDED", "NO_ENTITLEMENT", "MEMBERSHIP_NOT_FOUND", "PREVIEW_OUTDATED"],
  keys: ({ contact_external_id }) => ({ contact_external_id, memberships: true }),
  decide: previewable<CancelMembership>(decideCancel),
};
