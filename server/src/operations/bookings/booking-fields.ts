import { contactFields, locationField, text } from "../fields.ts";
import { requestFields } from "../preview.ts";

/** What every command of staff on a booking names: whose it is, and which. */
export const bookingFields = {
  ...requestFields,
  ...locationField,
  ...contactFields,
  booking_id: text.describe("The booking's own id: the provider's, or the external_ref of its deduction."),
};

/** The rules call it by the name that its provider gave. */
export function withBooking<T extends { booking_id: string }>({ booking_id, ...rest }: T) {
  return { ...rest, external_id: booking_id };
}
