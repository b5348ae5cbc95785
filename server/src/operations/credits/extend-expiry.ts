import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideExtend } from "../../rules/credits/extend-expiry.ts";
import { text } from "../fields.ts";

const input = z.object({
  contact_external_id: text,
  entitlement_ids: z.array(z.uuid()).min(1).max(100).optional(),
  until_on: z.iso.date(),
  reason: text,
  is_preview: z.boolean().default(false),
});

export type ExtendExpiry = z.output<typeof input>;

/** Gives a member's entitlements more time, with a preview. Rule 17. */
export const extendExpiry: LedgerOperation<ExtendExpiry> = {
  name: "extend_expiry",
  scope: null,
  is_read: false,
  summary: "Give entitlements more time.",
  input,
  refusals: ["BILLING_SUSPENDED", "NO_ENTITLEMENT"],
  keys: ({ contact_external_id }) => ({ contact_external_id }),
  decide: decideExtend,
};
