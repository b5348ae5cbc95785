import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideStudioCancelled } from "../../rules/bookings/mark-studio-cancelled.ts";
import { withContact } from "../credits/wire-fields.ts";
import { contactRule, namesContact, reason } from "../fields.ts";
import { namesRequest, previewable, requestRule, withoutDryRequest } from "../preview.ts";
import { bookingFields, withBooking } from "./booking-fields.ts";

const input = z
  .object({ ...bookingFields, reason: reason.optional() })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withBooking)
  .transform(withoutDryRequest);

export type MarkStudioCancelled = z.output<typeof input>;

/** Says that the studio cancelled a booking: all of it goes back, however late. Rules 28, 31; clarification 24. */
export const markStudioCancelled: LedgerOperation<MarkStudioCancelled> = {
  name: "mark_studio_cancelled",
  scope: "manage",
  is_read: false,
  summary: "Say that the studio cancelled a booking.",
  input,
  refusals: ["BILLING_SUSPENDED", "PREVIEW_OUTDATED", "NOT_FOUND"],
  keys: ({ contact_external_id, external_id }) => ({
    contact_external_id,
    charges_of_ref: external_id,
    versions_of: external_id,
    memberships: true,
  }),
  decide: previewable<MarkStudioCancelled>(decideStudioCancelled),
};
