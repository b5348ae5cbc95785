import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideSettleUnfunded } from "../../rules/bookings/settle-unfunded.ts";
import { withContact } from "../credits/wire-fields.ts";
import { contactRule, namesContact, reason, text } from "../fields.ts";
import { namesRequest, previewable, requestRule, withoutDryRequest } from "../preview.ts";
import { bookingFields, withBooking } from "./booking-fields.ts";

const input = z
  .object({
    ...bookingFields,
    product_config_id: text.optional().describe("Limits the choice to this product config (pc_…)."),
    reason: reason.optional(),
  })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withBooking)
  .transform(withoutDryRequest);

export type SettleUnfunded = z.output<typeof input>;

/** Charges a booking that could not be charged when it was made. Rule 30. */
export const settleUnfunded: LedgerOperation<SettleUnfunded> = {
  name: "settle_unfunded_booking",
  scope: "manage",
  is_read: false,
  summary: "Charge a booking that could not be charged when it was made.",
  input,
  refusals: [
    "BILLING_SUSPENDED",
    "CONFIG_NOT_FOUND",
    "NO_ENTITLEMENT",
    "NOTHING_TO_SETTLE",
    "INSUFFICIENT_CREDITS",
    "PREVIEW_OUTDATED",
    "NOT_FOUND",
  ],
  keys: ({ contact_external_id, external_id }) => ({
    contact_external_id,
    charges_of_ref: external_id,
    memberships: true,
  }),
  decide: previewable<SettleUnfunded>(decideSettleUnfunded),
};
