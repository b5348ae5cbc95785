import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideRecordDispute } from "../../rules/payments/record-reversal.ts";
import type { ToldDispute } from "../../rules/payments/told.ts";

const input = z.object({
  /** As `findPayer` says. */
  contact_external_id: z.string(),
  dispute: z.custom<ToldDispute>(),
});

export type RecordDispute = z.output<typeof input>;

/** Takes one telling of a dispute. Rule 35; idempotent by level. */
export const recordDispute: LedgerOperation<RecordDispute> = {
  name: "record_dispute",
  scope: null,
  is_read: false,
  summary: "Pause, release or take back what is disputed.",
  input,
  refusals: ["BILLING_SUSPENDED", "PAYMENT_ELSEWHERE"],
  keys: ({ contact_external_id, dispute: { keys } }) => ({
    contact_external_id,
    payment_keys: keys,
    memberships: true,
    history: true,
    aliases: true,
  }),
  decide: decideRecordDispute,
};
