import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideSettleBooking } from "../../rules/bookings/settle-booking.ts";

const input = z.object({ contact_external_id: z.string(), external_id: z.string() });

export type SettleBooking = z.output<typeof input>;

/** Settles a booking whose visit is a day past and has no final status: as used. Clarification 1; idempotent by level. */
export const settleBooking: LedgerOperation<SettleBooking> = {
  name: "settle_booking",
  scope: null,
  is_read: false,
  summary: "Settle a booking after its visit.",
  input,
  refusals: ["BILLING_SUSPENDED"],
  keys: ({ contact_external_id, external_id }) => ({
    contact_external_id,
    charges_of_ref: external_id,
    versions_of: external_id,
    memberships: true,
  }),
  decide: decideSettleBooking,
};
