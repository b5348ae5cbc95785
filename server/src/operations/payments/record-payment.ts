import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideRecordPayment } from "../../rules/payments/record-payment.ts";
import type { ToldPayment } from "../../rules/payments/told.ts";

const input = z.object({
  /** As `findPayer` says. */
  contact_external_id: z.string(),
  payment: z.custom<ToldPayment>(),
  told_by: z.string(),
});

export type RecordPayment = z.output<typeof input>;

/** Takes one telling of a payment. Rules 32, 33; idempotent by its names. */
export const recordPayment: LedgerOperation<RecordPayment> = {
  name: "record_payment",
  scope: null,
  is_read: false,
  summary: "Record what a provider tells of a payment.",
  input,
  refusals: ["BILLING_SUSPENDED", "PAYMENT_ELSEWHERE"],
  keys: ({ contact_external_id, payment: { keys, paid_at, contact } }) => ({
    contact_external_id,
    creates_contact: true,
    payment_keys: keys,
    nearby_payments_at: paid_at,
    offers_of: { email: contact.email, phone: contact.phone },
    granted_at: paid_at,
    memberships: true,
    history: true,
    aliases: true,
  }),
  decide: decideRecordPayment,
};
