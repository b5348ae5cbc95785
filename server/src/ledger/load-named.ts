import type { Transaction } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { findAppointments, type BookingKey } from "../store/appointments.ts";
import { findContacts, insertMissingContacts, lockContacts, type ContactRow } from "../store/contacts.ts";
import { findChargesOfRefs, findLatestCharges, type ChargeRow } from "../store/ledger-entries.ts";
import { findLocationStates } from "../store/locations.ts";
import { claimRequests, findRequests } from "../store/requests.ts";
import { distinct, ifAny, joinKey } from "./keys.ts";
import { loadTold } from "./load-told.ts";
import type { Command } from "./operation.ts";

/** Entries without a reference that are loaded for a restore: enough for the latest hundred deductions over several lots. */
const MAX_LATEST_CHARGES = 400;

/** What the first round found. */
export type NamedFacts = Awaited<ReturnType<typeof loadNamed>>;

/** The first round: what the inputs themselves name, with the locks that everything after stands on. */
export async function loadNamed(tx: Transaction, tenants: string[], commands: readonly Command[], recorded_at: string) {
  const requests = commands.flatMap(({ request, location_id }) =>
    request ? [{ location_id, request_id: request.id }] : [],
  );
  const contacts = uniqueContacts(commands);
  const is_read = commands.every(({ operation }) => operation.is_read);
  const fresh = contacts.filter(({ creates }) => creates);
  const refs = refsOf(commands);
  const with_ref = refs.filter((key) => key.external_ref !== null);
  const without_ref = refs.filter((key) => key.external_ref === null);

  // All of it goes out at once. The order matters: what follows the locks sees what was committed before they were got.
  const [claims, created_contact_ids, contact_rows, told, states, remembered, of_refs, latest, appointments] =
    await Promise.all([
      ifAny(requests, () => claimRequests(tx, requests)),
      ifAny(fresh, () => insertMissingContacts(tx, fresh, recorded_at)),
      is_read ? findContacts(tx, tenants, contacts) : lockContacts(tx, tenants, contacts),
      loadTold(tx, tenants, commands),
      findLocationStates(tx, tenants),
      ifAny(requests, () => findRequests(tx, tenants, requests)),
      ifAny(with_ref, (keys) => findChargesOfRefs(tx, tenants, keys)),
      ifAny(without_ref, (keys) => findLatestCharges(tx, tenants, keys, MAX_LATEST_CHARGES)),
      ifAny(with_ref, (keys) => findAppointments(tx, tenants, keys)),
    ]);

  return {
    ...told,
    loaded_at: Date.parse(recorded_at),
    busy: new Set(
      requests.filter((_, i) => claims[i] === false).map((key) => joinKey(key.location_id, key.request_id)),
    ),
    created_contact_ids,
    contacts: contact_rows as ContactRow[],
    states: new Map(states.map((state) => [state.location_id, state])),
    remembered: new Map(remembered.map((row) => [joinKey(row.location_id, row.request_id), row])),
    charges: [...of_refs, ...latest] as ChargeRow[],
    appointments,
  };
}

/** Booking references, or null for the latest deductions that carry none, with whose they are. */
function refsOf(commands: readonly Command[]): (BookingKey & { product_config_id: string | null })[] {
  const refs = commands.flatMap(({ keys, location_id }) => {
    const { charges_of_ref, charges_of_product, contact_external_id } = keys;
    if (charges_of_ref === undefined) return [];
    const product_config_id = charges_of_product ?? null;
    return [{ location_id, contact_external_id, external_ref: charges_of_ref, product_config_id }];
  });
  return distinct(refs);
}

function uniqueContacts(commands: readonly Command[]) {
  const unique = new Map<string, { location_id: string; external_id: string; id: string; creates: boolean }>();
  const add = (location_id: string, external_id: string, is_wanted: boolean) => {
    const key = joinKey(location_id, external_id);
    const creates = is_wanted || (unique.get(key)?.creates ?? false);
    unique.set(key, { location_id, external_id, id: creates ? newId() : "", creates });
  };
  for (const command of commands) {
    const { location_id, keys } = command;
    add(location_id, keys.contact_external_id, keys.creates_contact ?? false);
    if (keys.related_contact === undefined) continue;
    add(location_id, keys.related_contact, keys.creates_related_contact ?? false);
  }
  return [...unique.values()];
}
