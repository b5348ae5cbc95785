import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideFreeze } from "../../rules/memberships/freeze.ts";
import { withContact } from "../credits/wire-fields.ts";
import { contactRule, date, namesContact } from "../fields.ts";
import { namesRequest, previewable, requestRule, withoutDryRequest } from "../preview.ts";
import { membershipFields, reason } from "./membership-fields.ts";

const input = z
  .object({
    ...membershipFields,
    from_on: date
      .optional()
      .describe(
        "First frozen local date, at most 28 days ago. Omitted: today, or tomorrow where something was used today.",
      ),
    to_on: date
      .optional()
      .describe("First local date after it. Omitted: open, it ends itself after the plan's max_days."),
    reason: reason.optional(),
  })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withoutDryRequest);

export type FreezeMembership = z.output<typeof input>;

/** Lets a membership stand still over local days. Rule 23. */
export const freezeMembership: LedgerOperation<FreezeMembership> = {
  name: "freeze_membership",
  scope: "manage",
  is_read: false,
  summary: "Let a membership stand still over local days.",
  input,
  refusals: [
    "BILLING_SUSPENDED",
    "NO_ENTITLEMENT",
    "MEMBERSHIP_NOT_FOUND",
    "MEMBERSHIP_NOT_ACTIVE",
    "FREEZE_OVERLAPS",
    "FREEZE_LIMIT_REACHED",
    "USED_INSIDE_FREEZE",
    "PREVIEW_OUTDATED",
  ],
  keys: ({ contact_external_id }) => ({ contact_external_id, memberships: true, history: true }),
  decide: previewable<FreezeMembership>(decideFreeze),
};
