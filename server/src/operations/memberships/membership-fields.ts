import { contactFields, locationField, text } from "../fields.ts";
import { requestFields } from "../preview.ts";

/** What every command on a membership names: the member, and which of its memberships. */
export const membershipFields = {
  ...requestFields,
  ...locationField,
  ...contactFields,
  membership_id: text.describe("The membership's own id: GET /contacts/{id}/memberships tells it."),
};

export const reason = text.describe("Why, in words: staff and the timeline read it.");
