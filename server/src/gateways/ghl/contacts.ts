import { z } from "zod";
import type { Instant } from "../../rules/time/local-days.ts";
import { pathTo, type GhlClient } from "./client.ts";
import { GhlError, orNull } from "./ghl-error.ts";
import { readAllPages, readItems, readOne } from "./read-list.ts";
import { id, instant, list, number, readRecord, text } from "./tolerant.ts";

export interface GhlContact {
  contact_id: string;
  location_id: string | null;
  name: string | null;
  email: string | null;
  phone: string | null;
  tags: string[];
  custom_fields: { field_id: string; value: unknown }[];
  added_at: Instant | null;
  updated_at: Instant | null;
}

const customField = z.object({ id, value: z.unknown().optional(), field_value: z.unknown().optional() });

/** Reads null for what has no id. */
export const contactShape = z
  .object({
    id,
    locationId: id,
    name: text,
    contactName: text,
    firstName: text,
    lastName: text,
    email: text,
    phone: text,
    tags: list(z.string()),
    customFields: list(customField),
    dateAdded: instant,
    dateUpdated: instant,
  })
  .transform((told): GhlContact | null => {
    if (!told.id) return null;
    const full_name = [told.firstName, told.lastName].filter((part) => part !== null).join(" ");
    return {
      contact_id: told.id,
      location_id: told.locationId,
      name: told.name ?? told.contactName ?? (full_name === "" ? null : full_name),
      email: told.email,
      phone: told.phone,
      tags: told.tags,
      custom_fields: told.customFields.flatMap((field) =>
        field.id ? [{ field_id: field.id, value: field.value ?? field.field_value ?? null }] : [],
      ),
      added_at: told.dateAdded,
      updated_at: told.dateUpdated,
    };
  });

/** Null where GoHighLevel has no such contact, as after a merge. Throws `GhlError`. */
export async function findContact(ghl: GhlClient, contact_id: string): Promise<GhlContact | null> {
  const answer = await orNull(ghl.call({ method: "GET", path: pathTo("/contacts/{}", contact_id) }));
  return answer === null ? null : readOne(contactShape, readRecord(answer)["contact"] ?? answer);
}

/** The contact that GoHighLevel takes for the same person, by e-mail or else phone (E.164). Throws `GhlError`. */
export async function findTwinContact(
  ghl: GhlClient,
  { location_id, email, phone }: { location_id: string; email?: string | null; phone?: string | null },
): Promise<GhlContact | null> {
  const query = { locationId: location_id, ...(email ? { email } : { number: phone ?? "" }) };
  const answer = await orNull(ghl.call({ method: "GET", path: "/contacts/search/duplicate", query }));
  return contactShape
    .nullable()
    .catch(null)
    .parse(readRecord(answer)["contact"] ?? null);
}

/** All contacts with this e-mail or phone. Throws `GhlError`. */
export async function searchContacts(
  ghl: GhlClient,
  { location_id, field, value }: { location_id: string; field: "email" | "phone"; value: string },
): Promise<GhlContact[]> {
  return readAllPages(contactShape, async (limit, offset) => {
    const body = {
      locationId: location_id,
      page: offset / limit + 1,
      pageLimit: limit,
      filters: [{ field, operator: "eq", value }],
    };
    const call = { method: "POST", path: "/contacts/search", body, is_idempotent: true } as const;
    const { contacts, total } = readRecord(await ghl.call(call));
    return { items: contacts, total: number.parse(total) };
  });
}

/** The contacts that GoHighLevel finds for a few letters of a name, an e-mail address or a phone number. Throws `GhlError`. */
export async function findContactsLike(
  ghl: GhlClient,
  { location_id, query, at_most }: { location_id: string; query: string; at_most: number },
): Promise<GhlContact[]> {
  const body = { locationId: location_id, page: 1, pageLimit: at_most, query };
  const call = { method: "POST", path: "/contacts/search", body, is_idempotent: true } as const;
  const { contacts } = readRecord(await ghl.call(call));
  if (!Array.isArray(contacts)) throw new GhlError("unreadable", "an answer without contacts");
  return readItems(contactShape, contacts).slice(0, at_most);
}

/** Sets custom fields; others stay. GoHighLevel tells of it by a ContactUpdate. False: no such contact. Throws `GhlError`. */
export async function updateCustomFields(
  ghl: GhlClient,
  contact_id: string,
  fields: { field_id: string; value: string | number }[],
): Promise<boolean> {
  // Read as `value`, written as `field_value`, and numbers as text too.
  const customFields = fields.map(({ field_id, value }) => ({ id: field_id, field_value: String(value) }));
  const path = pathTo("/contacts/{}", contact_id);
  return (await orNull(ghl.call({ method: "PUT", path, body: { customFields } }).then(() => true))) ?? false;
}
