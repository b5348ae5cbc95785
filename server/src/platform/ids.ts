import { randomUUIDv7 } from "node:crypto";
import { TypeID, typeid } from "typeid-js";

/** A new UUIDv7: ordered by the millisecond, random within it. */
export function newId(): string {
  return randomUUIDv7();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** What a person configures shows its kind: `pc_01k…`. */
export function newProductConfigId(): string {
  return typeid("pc").toString();
}

/** The public id of a location, `loc_…`, from its UUID. */
export function locationPublicId(location_id: string): string {
  return TypeID.fromUUID("loc", location_id).toString();
}

/** The UUID behind a `loc_` id; null where the text is none. */
export function locationUuid(public_id: string): string | null {
  try {
    return TypeID.fromString(public_id, "loc").toUUID();
  } catch {
    return null;
  }
}
