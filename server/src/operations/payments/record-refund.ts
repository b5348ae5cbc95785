import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideRecordRefund } from "../../rules/payments/record-reversal.ts";
import type { ToldRefund } from "../../rules/payments/told.ts";

const input = z.object({
  /** As `findPayer` says. */
  contact_external_id: z.string(),
  refund: z.custom<ToldRefund>(),
});

export type RecordRefund = z.output<typeof input>;

/** Takes one telling of a refund. Rule 34; idempotent by level. */
export const recordRefund: LedgerOperation<RecordRefund> = {
  name: "record_refund",
  scope: null,
  is_read: false,
  summary: "Take back what was refunded.",
  input,
  refusals: ["BILLING_SUSPENDED", "PAYMENT_ELSEWHERE"],
  keys: ({ contact_external_id, refund: { keys } }) => ({
    contact_external_id,
    payment_keys: keys,
    memberships: true,
    history: true,
    aliases: true,
  }),
  decide: decideRecordRefund,
};
