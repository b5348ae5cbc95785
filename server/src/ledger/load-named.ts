import type { Transaction } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { PaymentEvent } from "../rules/payments/payment-event.ts";
import { findAppointments } from "../store/appointments.ts";
import { findContacts, insertMissingContacts, lockContacts, type ContactRow } from "../store/contacts.ts";
import { findChargesOfRefs, findLatestCharges, type ChargeRow } from "../store/ledger-entries.ts";
import { findLocationStates, type LocationState } from "../store/locations.ts";
import { findPayments } from "../store/payment-events.ts";
import { claimRequests, findRequests, type RememberedRequest } from "../store/requests.ts";
import { joinKey, memberKey } from "./keys.ts";
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
  const payment_keys = commands.flatMap(({ keys, location_id }) =>
    keys.payment ? [{ location_id, ...keys.payment }] : [],
  );
  const refs = commands.flatMap(({ keys, location_id }) => {
    const { charges_of_ref, charges_of_product, contact_external_id } = keys;
    if (charges_of_ref === undefined) return [];
    const product_config_id = charges_of_product ?? null;
    return [{ location_id, contact_external_id, external_ref: charges_of_ref, product_config_id }];
  });
  const with_ref = refs.filter((key) => key.external_ref !== null);
  const without_ref = refs.filter((key) => key.external_ref === null);

  // All of it goes out at once. The order matters: what follows the locks sees what was committed before they were got.
  const none = Promise.resolve([]);
  const [claims, created_contact_ids, contact_rows, states, remembered, payments, of_refs, latest, appointments] =
    await Promise.all([
      requests.length > 0 ? claimRequests(tx, requests) : none,
      fresh.length > 0 ? insertMissingContacts(tx, fresh, recorded_at) : none,
      is_read ? findContacts(tx, tenants, contacts) : lockContacts(tx, tenants, contacts),
      findLocationStates(tx, tenants),
      requests.length > 0 ? findRequests(tx, tenants, requests) : none,
      payment_keys.length > 0 ? findPayments(tx, tenants, payment_keys) : none,
      with_ref.length > 0 ? findChargesOfRefs(tx, tenants, distinct(with_ref)) : none,
      without_ref.length > 0 ? findLatestCharges(tx, tenants, distinct(without_ref), MAX_LATEST_CHARGES) : none,
      with_ref.length > 0 ? findAppointments(tx, tenants, distinct(with_ref)) : none,
    ]);

  return {
    loaded_at: Date.parse(recorded_at),
    busy: new Set(
      requests.filter((_, i) => claims[i] === false).map((key) => joinKey(key.location_id, key.request_id)),
    ),
    created_contact_ids,
    contacts: contact_rows as ContactRow[],
    states: new Map((states as LocationState[]).map((state) => [state.location_id, state])),
    remembered: new Map(
      (remembered as RememberedRequest[]).map((row) => [joinKey(row.location_id, row.request_id), row]),
    ),
    payments: new Map<string, PaymentEvent>(
      payments.map((row) => [joinKey(row.location_id, row.provider, row.external_payment_id), row]),
    ),
    charges: [...of_refs, ...latest] as ChargeRow[],
    appointments,
  };
}

function uniqueContacts(commands: readonly Command[]) {
  const unique = new Map<string, { location_id: string; external_id: string; id: string; creates: boolean }>();
  for (const command of commands) {
    const key = memberKey(command);
    const creates = (command.keys.creates_contact ?? false) || (unique.get(key)?.creates ?? false);
    const { location_id, keys } = command;
    unique.set(key, { location_id, external_id: keys.contact_external_id, id: creates ? newId() : "", creates });
  }
  return [...unique.values()];
}

function distinct<T extends object>(keys: readonly T[]): T[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}
