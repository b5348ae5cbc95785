import type { Transaction } from "../platform/database.ts";
import { instantArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Contact } from "../rules/credits/member.ts";

/** A contact of a location by the id that the outside knows it by. */
export interface ContactKey {
  location_id: string;
  external_id: string;
}

export type ContactRow = Contact & { location_id: string };

const COLUMNS = `c.location_id, c.id, c.external_id, c.email, c.name, c.phone, c.told_at, c.entry_count, c.next_due_at,
  CASE WHEN c.merged_into IS NULL THEN NULL
    ELSE (SELECT m.external_id FROM contacts m WHERE m.location_id = c.location_id AND m.id = c.merged_into) END AS merged_into`;
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

const UPDATE = {
  name: "update_contacts",
  text: `
    UPDATE contacts c SET email = k.email, name = k.name, phone = k.phone, told_at = k.told_at,
      next_due_at = k.next_due_at,
      merged_into = (SELECT m.id FROM contacts m WHERE m.location_id = k.location_id AND m.external_id = k.merged_into)
    FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
      $8::timestamptz[], $9::text[]) AS k (location_id, id, email, name, phone, told_at, next_due_at, merged_into)
    WHERE c.location_id = k.location_id AND c.id = k.id AND k.location_id = ANY ($1::uuid[])`,
};

const ALIASES = {
  name: "find_contact_aliases",
  text: `
    WITH RECURSIVE alias AS (
      SELECT k.location_id, k.external_id AS of, c.id, c.external_id
      FROM unnest($2::uuid[], $3::text[]) AS k (location_id, external_id)
      JOIN contacts c ON c.location_id = k.location_id AND c.external_id = k.external_id
      WHERE k.location_id = ANY ($1::uuid[])
      UNION
      SELECT a.location_id, a.of, m.id, m.external_id
      FROM alias a JOIN contacts m ON m.location_id = a.location_id AND m.merged_into = a.id
    )
    SELECT location_id, of, external_id AS alias FROM alias WHERE external_id <> of`,
};

/** The other names of these contacts: of those that were merged into them, however many steps ago. Rule 29. */
export function findAliases(tx: Transaction, tenants: readonly string[], keys: readonly ContactKey[]) {
  return tx.query<{ location_id: string; of: string; alias: string }>(ALIASES, keyValues(tenants, keys));
}

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

export type ContactUpdate = Pick<Contact, "email" | "name" | "phone" | "told_at" | "next_due_at" | "merged_into"> & {
  location_id: string;
  id: string;
};

export function updateContacts(tx: Transaction, tenants: readonly string[], contacts: readonly ContactUpdate[]) {
  return tx.query(UPDATE, [
    uuidArray(tenants),
    uuidArray(contacts.map((contact) => contact.location_id)),
    uuidArray(contacts.map((contact) => contact.id)),
    textArray(contacts.map((contact) => contact.email)),
    textArray(contacts.map((contact) => contact.name)),
    textArray(contacts.map((contact) => contact.phone)),
    instantArray(contacts.map((contact) => contact.told_at)),
    instantArray(contacts.map((contact) => contact.next_due_at)),
    textArray(contacts.map((contact) => contact.merged_into)),
  ]);
}

export function deleteUnusedContacts(tx: Transaction, tenants: readonly string[], ids: readonly string[]) {
  return tx.query(DELETE_UNUSED, [uuidArray(tenants), uuidArray(ids)]);
}

const FIND_BY_EMAIL = {
  name: "find_contacts_by_email",
  text: `
    SELECT external_id FROM contacts
    WHERE location_id = $1 AND email_key = lower($2) AND merged_into IS NULL
      AND NOT starts_with(external_id, 'unknown:')
    ORDER BY created_at, id LIMIT $3`,
};

/** External ids of contacts with this e-mail address, the oldest first. */
export async function findContactsByEmail(tx: Transaction, location_id: string, email: string, at_most: number) {
  const rows = await tx.query<{ external_id: string }>(FIND_BY_EMAIL, [location_id, email, at_most]);
  return rows.map(({ external_id }) => external_id);
}
