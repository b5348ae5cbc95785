import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideChangePlan } from "../../rules/memberships/change-plan.ts";
import { withContact } from "../credits/wire-fields.ts";
import { contactRule, namesContact, text } from "../fields.ts";
import { namesRequest, previewable, requestRule, withoutDryRequest } from "../preview.ts";
import { membershipFields, reason } from "./membership-fields.ts";

const input = z
  .object({
    ...membershipFields,
    product_config_id: text.describe("The plan (pc_…) that it moves to."),
    when: z
      .enum(["now", "next_period"])
      .optional()
      .describe("Omitted: now where the plan gives more credits, else from the next period."),
    reason: reason.optional(),
  })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withoutDryRequest);

export type ChangePlan = z.output<typeof input>;

/** Moves a membership to another plan: more now, for the days that are left; less from the next period. Rule 25. */
export const changePlan: LedgerOperation<ChangePlan> = {
  name: "change_plan",
  scope: "manage",
  is_read: false,
  summary: "Move a membership to another plan.",
  input,
  refusals: [
    "BILLING_SUSPENDED",
    "CONFIG_NOT_FOUND",
    "NO_ENTITLEMENT",
    "MEMBERSHIP_NOT_FOUND",
    "MEMBERSHIP_NOT_ACTIVE",
    "PREVIEW_OUTDATED",
  ],
  keys: ({ contact_external_id }) => ({ contact_external_id, memberships: true }),
  decide: previewable<ChangePlan>(decideChangePlan),
};
