import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideCheck } from "../../rules/credits/charge.ts";
import { contactRule, namesContact } from "../fields.ts";
import { askFields, namesScope, scopeRule, withContact } from "./wire-fields.ts";

const input = z
  .object(askFields)
  .refine(namesContact, contactRule)
  .refine(namesScope, scopeRule)
  .transform(withContact);

export type CheckEligibility = z.output<typeof input>;

/** Answers whether a deduction would succeed; nothing is written, ever. */
export const checkEligibility: LedgerOperation<CheckEligibility> = {
  name: "check_eligibility",
  scope: "check",
  is_read: true,
  summary: "Would a deduction succeed? Nothing is written.",
  input,
  refusals: ["NO_ENTITLEMENT", "INSUFFICIENT_CREDITS"],
  keys: ({ contact_external_id, appointment_time }) => ({ contact_external_id, service_at: appointment_time }),
  decide: decideCheck,
};
