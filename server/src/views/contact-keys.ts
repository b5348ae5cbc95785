/**
 * Whether a contact has a key that begins like what was searched for; both are SQL, `$1` is the location. `IS TRUE` keeps it a look into
 * a hash of those contacts, made once: the list stays in the order of its own index, and ends with its page.
 */
export function isFound(contact_id: string, search: string): string {
  return `(${contact_id} IN (
    SELECT f.contact_id FROM contact_keys f
    WHERE f.location_id = $1 AND f.key >= search_key(${search}) AND f.key < search_key(${search}) || chr(1114111))) IS TRUE`;
}
