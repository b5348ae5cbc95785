import type { Transaction } from "../platform/database.ts";
import { textArray, uuidArray } from "../platform/sql.ts";
import type { Contact } from "../rules/credits/member.ts";

/** A contact of a location by the id that the outside knows it by. */
export interface ContactKey {
  location_id: string;
  external_id: string;
}

export type ContactRow = Contact & { location_id: string };

const COLUMNS = "c.location_id, c.id, c.external_id, c.email, c.name, c.entry_count";
const BY_KEY = `
  FROM unnest($2::uuid[], $3::text[]) AS k (location_id, external_id)
  JOIN contacts c ON c.location_id = k.location_id AND c.external_id = k.external_id
  WHERE k.location_id = ANY ($1::uuid[])`;

const FIND = { name: "find_contacts", text: `SELECT ${COLUMNS} ${BY_KEY}` };
// One order for all writers: no two transactions wait for each other.
const LOCK = {
  name: "lock_contacts",
  text: `SELECT ${COLUMNS} ${BY_KEY} ORDER BY c.location_id, c.external_id FOR NO KEY UPDATE OF c`,
};

const INSERT = {
  name: "insert_contacts",
  text: `
    INSERT INTO contacts (location_id, id, external_id, created_at)
    SELECT k.location_id, k.id, k.external_id, $4
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS k (location_id, id, external_id)
    ORDER BY k.location_id, k.external_id
    ON CONFLICT (location_id, external_id) DO NOTHING
    RETURNING id`,
};

const FILL_HINTS = {
  name: "fill_contact_hints",
  text: `
    UPDATE contacts c SET email = k.email, name = k.name
    FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS k (location_id, id, email, name)
    WHERE c.location_id = k.location_id AND c.id = k.id AND k.location_id = ANY ($1::uuid[])`,
};

const DELETE_UNUSED = {
  name: "delete_unused_contacts",
  text: "DELETE FROM contacts WHERE location_id = ANY ($1::uuid[]) AND id = ANY ($2::uuid[]) AND entry_count = 0",
};

function keyValues(tenants: readonly string[], keys: readonly ContactKey[]): unknown[] {
  return [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.external_id)),
  ];
}

export function findContacts(tx: Transaction, tenants: readonly string[], keys: readonly ContactKey[]) {
  return tx.query<ContactRow & Record<string, unknown>>(FIND, keyValues(tenants, keys));
}

/** Locks the contacts until the transaction ends; what is read of their members afterwards cannot change. */
export function lockContacts(tx: Transaction, tenants: readonly string[], keys: readonly ContactKey[]) {
  return tx.query<ContactRow & Record<string, unknown>>(LOCK, keyValues(tenants, keys));
}

/** Creates the contacts that do not exist yet; answers with the ids of those it created. */
export async function insertMissingContacts(
  tx: Transaction,
  contacts: readonly (ContactKey & { id: string })[],
  recorded_at: string,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(INSERT, [
    uuidArray(contacts.map((contact) => contact.location_id)),
    uuidArray(contacts.map((contact) => contact.id)),
    textArray(contacts.map((contact) => contact.external_id)),
    recorded_at,
  ]);
  return rows.map(({ id }) => id);
}

export function fillContactHints(
  tx: Transaction,
  tenants: readonly string[],
  hints: readonly { location_id: string; id: string; email: string | null; name: string | null }[],
) {
  return tx.query(FILL_HINTS, [
    uuidArray(tenants),
    uuidArray(hints.map((hint) => hint.location_id)),
    uuidArray(hints.map((hint) => hint.id)),
    textArray(hints.map((hint) => hint.email)),
    textArray(hints.map((hint) => hint.name)),
  ]);
}

export function deleteUnusedContacts(tx: Transaction, tenants: readonly string[], ids: readonly string[]) {
  return tx.query(DELETE_UNUSED, [uuidArray(tenants), uuidArray(ids)]);
}
