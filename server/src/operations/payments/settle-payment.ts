import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideSettlePayment } from "../../rules/payments/settle-payment.ts";

const input = z.object({ contact_external_id: z.string(), payment_event_id: z.string() });

export type SettlePayment = z.output<typeof input>;

/** Decides a Stripe payment that has waited long enough for GoHighLevel's. Rule 32; idempotent by level. */
export const settlePayment: LedgerOperation<SettlePayment> = {
  name: "settle_payment",
  scope: null,
  is_read: false,
  summary: "Decide a payment that has waited long enough.",
  input,
  refusals: ["BILLING_SUSPENDED"],
  keys: ({ contact_external_id, payment_event_id }) => ({
    contact_external_id,
    payment_id: payment_event_id,
    offers_of: { email: null, phone: null },
    memberships: true,
    history: true,
    aliases: true,
    granted_at: "now",
  }),
  decide: decideSettlePayment,
};
