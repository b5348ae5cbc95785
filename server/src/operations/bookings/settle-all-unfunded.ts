import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideSettleAll } from "../../rules/bookings/settle-all-unfunded.ts";
import { reason, text } from "../fields.ts";
import { previewable, requestFields, withoutDryRequest } from "../preview.ts";

const input = z
  .object({
    ...requestFields,
    contact_external_id: text,
    booking_ids: z.array(text).optional(),
    reason: reason.optional(),
  })
  .transform(withoutDryRequest);

export type SettleAllUnfunded = z.output<typeof input>;

/** Charges a member's bookings that could not be charged when they were made, as far as the credits go. Rule 30. */
export const settleAllUnfunded: LedgerOperation<SettleAllUnfunded> = {
  name: "settle_unfunded_bookings",
  scope: null,
  is_read: false,
  summary: "Charge a member's bookings that could not be charged when they were made.",
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
  keys: ({ contact_external_id }) => ({ contact_external_id, memberships: true }),
  decide: previewable<SettleAllUnfunded>(decideSettleAll),
};
