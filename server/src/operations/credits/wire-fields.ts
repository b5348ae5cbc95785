import { amount, contactFields, isObject, locationField, text, time } from "../fields.ts";

/** Fields that check, deduct and restore have in common. */
export const askFields = {
  ...locationField,
  ...contactFields,
  product_config_id: text.optional().describe("Limits the choice to this product config (pc_…)."),
  calendar_id: text.optional().describe("The calendar that is booked; with product_config_id both must match."),
  amount: amount.optional().describe("Credits. Omitted: what one booking of the calendar costs, else 1."),
  appointment_time: time.optional().describe("When the service takes place. Omitted: now."),
};

export const request_id = text.describe("Idempotency key: the same id answers the same, for ever.");
export const external_ref = text.optional().describe("Your own reference of the booking.");

/** What is spent must be named: by product, by calendar, or both. */
export function namesScope(input: { product_config_id?: unknown; calendar_id?: unknown }): boolean {
  return input.product_config_id !== undefined || input.calendar_id !== undefined;
}

export const scopeRule = {
  path: ["product_config_id"],
  message: "is required (or calendar_id)",
  when: isObject,
};

interface WireContact {
  external_contact_id?: string | undefined;
  ghl_contact_id?: string | undefined;
}

/** Resolves the aliases: what is hashed, decided on and remembered has one name. */
export function withContact<T extends WireContact & { location_id?: string | undefined }>(input: T) {
  const { external_contact_id, ghl_contact_id, location_id: _, ...rest } = input;
  return { ...rest, contact_external_id: external_contact_id ?? ghl_contact_id ?? "" };
}
