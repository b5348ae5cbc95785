import type { Transaction } from "../platform/database.ts";
import { findVersions, lockBookings } from "../store/appointment-versions.ts";
import { findAliases } from "../store/contacts.ts";
import {
  findNearbyPayments,
  findOffersTaken,
  findPayments,
  findPaymentsById,
  lockPaymentKeys,
  lockPaymentsById,
  type FoundPayment,
  type NearbyKey,
  type PaymentRow,
} from "../store/payment-events.ts";
import { findUnattached } from "../store/unattached-reversals.ts";
import { distinct, ifAny, joinKey } from "./keys.ts";
import type { Command } from "./operation.ts";

/** How far apart two tellings of one payment may be dated. Rule 32. */
const NEARBY = "10 minutes";

/** What was told before of the payments and bookings that the commands name; its statements go out behind the locks of the contacts. */
export async function loadTold(tx: Transaction, tenants: readonly string[], commands: readonly Command[]) {
  const wanted = wantedOf(commands);
  const [, , , by_key, by_id, unattached, nearby, offers, versions, aliases] = await Promise.all([
    ifAny(wanted.payment_keys, (keys) => lockPaymentKeys(tx, keys)),
    ifAny(wanted.payment_ids, (keys) => lockPaymentsById(tx, tenants, keys)),
    ifAny(wanted.versions, (keys) => lockBookings(tx, keys)),
    ifAny(wanted.payment_keys, (keys) => findPayments(tx, tenants, keys)),
    ifAny(wanted.payment_ids, (keys) => findPaymentsById(tx, tenants, keys)),
    ifAny(wanted.payment_keys, (keys) => findUnattached(tx, tenants, keys)),
    ifAny(wanted.nearby, (keys) => findNearbyPayments(tx, tenants, keys, NEARBY)),
    ifAny(wanted.offers, (keys) => findOffersTaken(tx, tenants, keys)),
    ifAny(wanted.versions, (keys) => findVersions(tx, tenants, keys)),
    ifAny(wanted.aliased, (keys) => findAliases(tx, tenants, keys)),
  ]);
  const around = await ifAny(by_id.map(whenItWasPaid), (keys) => findNearbyPayments(tx, tenants, keys, NEARBY));
  const found: FoundPayment[] = [...by_key, ...by_id];
  return {
    payments: new Map<string, PaymentRow>(found.map((row) => [row.id, row])),
    payment_ids: new Map(
      found.flatMap((row) => row.keys.map(({ provider, key }) => [joinKey(row.location_id, provider, key), row.id])),
    ),
    payers: found.map(({ location_id, contact_id, contact_external_id }) => {
      return { location_id, contact_id, external_id: contact_external_id };
    }),
    unattached,
    nearby: [...nearby, ...around] as PaymentRow[],
    offers,
    versions,
    aliases,
  };
}

function whenItWasPaid({ location_id, contact_external_id, paid_at }: FoundPayment): NearbyKey {
  return { location_id, contact_external_id, at: paid_at };
}

/** Each kind as the rows of its statement. */
function wantedOf(commands: readonly Command[]) {
  return {
    payment_keys: distinct(
      commands.flatMap(({ keys, location_id }) => (keys.payment_keys ?? []).map((key) => ({ location_id, ...key }))),
    ),
    payment_ids: distinct(
      commands.flatMap(({ keys: { payment_id: id }, location_id }) => (id === undefined ? [] : [{ location_id, id }])),
    ),
    nearby: distinct(
      commands.flatMap(({ keys: { nearby_payments_at: at, contact_external_id }, location_id }) =>
        at === undefined ? [] : [{ location_id, contact_external_id, at }],
      ),
    ),
    offers: distinct(
      commands.flatMap(({ keys: { offers_of, contact_external_id }, location_id }) =>
        offers_of ? [{ location_id, contact_external_id, ...offers_of }] : [],
      ),
    ),
    versions: distinct(
      commands.flatMap(({ keys: { versions_of: external_id }, location_id }) =>
        external_id === undefined ? [] : [{ location_id, external_id }],
      ),
    ),
    aliased: distinct(
      commands.flatMap(({ keys: { versions_of, aliases, contact_external_id: external_id }, location_id }) =>
        versions_of === undefined && !aliases ? [] : [{ location_id, external_id }],
      ),
    ),
  };
}
