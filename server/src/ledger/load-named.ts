import type { Transaction } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { findVersions } from "../store/appointment-versions.ts";
import { findAppointments, type BookingKey } from "../store/appointments.ts";
import { findAliases, findContacts, insertMissingContacts, lockContacts, type ContactRow } from "../store/contacts.ts";
import { findChargesOfRefs, findLatestCharges, type ChargeRow } from "../store/ledger-entries.ts";
import { findLocationStates, type LocationState } from "../store/locations.ts";
import {
  findNearbyPayments,
  findOffersTaken,
  findPayments,
  findPaymentsById,
  lockPaymentKeys,
  type FoundPayment,
  type NearbyKey,
  type PaymentRow,
} from "../store/payment-events.ts";
import { claimRequests, findRequests, type RememberedRequest } from "../store/requests.ts";
import { findUnattached } from "../store/unattached-reversals.ts";
import { ifAny, joinKey, memberKey } from "./keys.ts";
import type { Command } from "./operation.ts";

/** Entries without a reference that are loaded for a restore: enough for the latest hundred deductions over several lots. */
const MAX_LATEST_CHARGES = 400;
/** How far apart two tellings of one payment may be dated. Rule 32. */
const NEARBY = "10 minutes";

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
  const wanted = wantedOf(commands);
  const with_ref = wanted.refs.filter((key) => key.external_ref !== null);
  const without_ref = wanted.refs.filter((key) => key.external_ref === null);

  // All of it goes out at once. The order matters: what follows the locks sees what was committed before they were got.
  const [
    claims,
    created_contact_ids,
    contact_rows,
    ,
    states,
    remembered,
    by_key,
    by_id,
    of_refs,
    latest,
    appointments,
  ] = await Promise.all([
    ifAny(requests, () => claimRequests(tx, requests)),
    ifAny(fresh, () => insertMissingContacts(tx, fresh, recorded_at)),
    is_read ? findContacts(tx, tenants, contacts) : lockContacts(tx, tenants, contacts),
    ifAny(wanted.payment_keys, (keys) => lockPaymentKeys(tx, keys)),
    findLocationStates(tx, tenants),
    ifAny(requests, () => findRequests(tx, tenants, requests)),
    ifAny(wanted.payment_keys, (keys) => findPayments(tx, tenants, keys)),
    ifAny(wanted.payment_ids, (keys) => findPaymentsById(tx, tenants, keys)),
    ifAny(distinct(with_ref), (keys) => findChargesOfRefs(tx, tenants, keys)),
    ifAny(distinct(without_ref), (keys) => findLatestCharges(tx, tenants, keys, MAX_LATEST_CHARGES)),
    ifAny(distinct(with_ref), (keys) => findAppointments(tx, tenants, keys)),
  ]);
  const around = [...wanted.nearby, ...by_id.map(whenItWasPaid)];
  const [unattached, nearby, offers, versions, aliases] = await Promise.all([
    ifAny(wanted.payment_keys, (keys) => findUnattached(tx, tenants, keys)),
    ifAny(around, (keys) => findNearbyPayments(tx, tenants, keys, NEARBY)),
    ifAny(wanted.offers, (keys) => findOffersTaken(tx, tenants, keys)),
    ifAny(distinct(wanted.bookings), (keys) => findVersions(tx, tenants, keys)),
    ifAny(wanted.aliased, (keys) => findAliases(tx, tenants, keys)),
  ]);
  const found: FoundPayment[] = [...by_key, ...by_id];
  const payments: PaymentRow[] = found;

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
    payments: new Map(payments.map((row) => [row.id, row])),
    payment_ids: new Map(
      payments.flatMap((row) => row.keys.map(({ provider, key }) => [joinKey(row.location_id, provider, key), row.id])),
    ),
    payers: found.map(({ location_id, contact_id, contact_external_id }) => {
      return { location_id, contact_id, external_id: contact_external_id };
    }),
    unattached,
    nearby: nearby as PaymentRow[],
    offers,
    versions,
    aliases,
    charges: [...of_refs, ...latest] as ChargeRow[],
    appointments,
  };
}

function whenItWasPaid({ location_id, contact_external_id, paid_at }: FoundPayment): NearbyKey {
  return { location_id, contact_external_id, at: paid_at };
}

/** What the commands name, each kind as the rows of its statement. */
function wantedOf(commands: readonly Command[]) {
  return {
    payment_keys: commands.flatMap(({ keys, location_id }) =>
      (keys.payment_keys ?? []).map((key) => ({ location_id, ...key })),
    ),
    payment_ids: commands.flatMap(({ keys, location_id }) =>
      keys.payment_id === undefined ? [] : [{ location_id, id: keys.payment_id }],
    ),
    nearby: commands.flatMap(({ keys: { nearby_payments_at: at, contact_external_id }, location_id }) =>
      at === undefined ? [] : [{ location_id, contact_external_id, at }],
    ),
    offers: commands.flatMap(({ keys: { offers_of, contact_external_id }, location_id }) =>
      offers_of ? [{ location_id, contact_external_id, ...offers_of }] : [],
    ),
    bookings: commands.flatMap(({ keys: { versions_of }, location_id }) =>
      versions_of === undefined ? [] : [{ location_id, external_id: versions_of }],
    ),
    aliased: commands.flatMap(({ keys: { versions_of, contact_external_id }, location_id }) =>
      versions_of === undefined ? [] : [{ location_id, external_id: contact_external_id }],
    ),
    refs: commands.flatMap(({ keys, location_id }): (BookingKey & { product_config_id: string | null })[] => {
      const { charges_of_ref, charges_of_product, contact_external_id } = keys;
      if (charges_of_ref === undefined) return [];
      const product_config_id = charges_of_product ?? null;
      return [{ location_id, contact_external_id, external_ref: charges_of_ref, product_config_id }];
    }),
  };
}

function uniqueContacts(commands: readonly Command[]) {
  const unique = new Map<string, { location_id: string; external_id: string; id: string; creates: boolean }>();
  const add = (location_id: string, external_id: string, creates: boolean) => {
    unique.set(joinKey(location_id, external_id), { location_id, external_id, id: creates ? newId() : "", creates });
  };
  for (const command of commands) {
    const { location_id, keys } = command;
    const creates = (keys.creates_contact ?? false) || (unique.get(memberKey(command))?.creates ?? false);
    add(location_id, keys.contact_external_id, creates);
    const related = keys.related_contact;
    if (related !== undefined && !unique.has(joinKey(location_id, related))) add(location_id, related, false);
  }
  return [...unique.values()];
}

function distinct<T extends object>(keys: readonly T[]): T[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}
