import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideResume } from "../../rules/memberships/cancel.ts";
import { withContact } from "../credits/wire-fields.ts";
import { contactRule, namesContact } from "../fields.ts";
import { namesRequest, previewable, requestRule, withoutDryRequest } from "../preview.ts";
import { membershipFields } from "./membership-fields.ts";

const input = z
  .object(membershipFields)
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withoutDryRequest);

export type ResumeMembership = z.output<typeof input>;

/** Lets a membership go on that was to end. Rule 24. */
export const resumeMembership: LedgerOperation<ResumeMembership> = {
  name: "resume_membership",
  scope: "manage",
  is_read: false,
  summary: "Let a membership go on that was to end.",
  input,
  refusals: ["BILLING_SUSPENDED", "NO_ENTITLEMENT", "MEMBERSHIP_NOT_FOUND", "NOT_ENDING", "PREVIEW_OUTDATED"],
  keys: ({ contact_external_id }) => ({ contact_external_id, memberships: true }),
  decide: previewable<ResumeMembership>(decideResume),
};
