import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideWaive } from "../../rules/bookings/waive-unfunded.ts";
import { withContact } from "../credits/wire-fields.ts";
import { contactRule, namesContact, reason } from "../fields.ts";
import { namesRequest, previewable, requestRule, withoutDryRequest } from "../preview.ts";
import { bookingFields, withBooking } from "./booking-fields.ts";

const input = z
  .object({ ...bookingFields, reason })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withBooking)
  .transform(withoutDryRequest);

export type WaiveUnfunded = z.output<typeof input>;

/** Lets a booking go that could not be charged. Rule 30. */
export const waiveUnfunded: LedgerOperation<WaiveUnfunded> = {
  name: "waive_unfunded_booking",
  scope: "manage",
  is_read: false,
  summary: "Let a booking go that could not be charged.",
  input,
  refusals: ["BILLING_SUSPENDED", "NOTHING_TO_SETTLE", "PREVIEW_OUTDATED", "NOT_FOUND"],
  keys: ({ contact_external_id, external_id }) => ({
    contact_external_id,
    charges_of_ref: external_id,
    memberships: true,
  }),
  decide: previewable<WaiveUnfunded>(decideWaive),
};
