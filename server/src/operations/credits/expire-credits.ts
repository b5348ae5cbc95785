import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideDue } from "../../rules/credits/settle-due.ts";

const input = z.object({ contact_external_id: z.string() });

export type ExpireCredits = z.output<typeof input>;

/** Books what fell due for a member by time; idempotent by level, so it needs no request id. Rule 15. */
export const expireCredits: LedgerOperation<ExpireCredits> = {
  name: "expire_credits",
  scope: null,
  is_read: false,
  summary: "Book what fell due by time.",
  input,
  refusals: ["BILLING_SUSPENDED"],
  keys: ({ contact_external_id }) => ({ contact_external_id }),
  decide: decideDue,
};
