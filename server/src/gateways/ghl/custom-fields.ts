import { z } from "zod";
import { pathTo, type GhlClient } from "./client.ts";
import { GhlError } from "./ghl-error.ts";
import { readItems, readOne } from "./read-list.ts";
import { id, readRecord, text } from "./tolerant.ts";

export interface GhlCustomField {
  field_id: string;
  name: string | null;
  /** `contact.kotally_balance`: answers about contacts carry the id only. */
  field_key: string | null;
  data_type: string | null;
}

const customFieldShape = z
  .object({ id, name: text, fieldKey: text, dataType: text })
  .transform((told): GhlCustomField | null =>
    told.id ? { field_id: told.id, name: told.name, field_key: told.fieldKey, data_type: told.dataType } : null,
  );

/** The fields that contacts of the location can have. Throws `GhlError`. */
export async function listCustomFields(ghl: GhlClient, location_id: string): Promise<GhlCustomField[]> {
  const path = pathTo("/locations/{}/customFields", location_id);
  const { customFields } = readRecord(await ghl.call({ method: "GET", path, query: { model: "contact" } }));
  if (!Array.isArray(customFields)) throw new GhlError("unreadable", "an answer without custom fields");
  return readItems(customFieldShape, customFields);
}

/** A new field of contacts. Twice is two: look with `listCustomFields` first. Throws `GhlError`. */
export async function createCustomField(
  ghl: GhlClient,
  location_id: string,
  { name, data_type }: { name: string; data_type: "TEXT" | "NUMERICAL" | "DATE" },
): Promise<GhlCustomField> {
  const path = pathTo("/locations/{}/customFields", location_id);
  const body = { name, dataType: data_type, model: "contact" };
  const answer = await ghl.call({ method: "POST", path, body });
  return readOne(customFieldShape, readRecord(answer)["customField"] ?? answer);
}
