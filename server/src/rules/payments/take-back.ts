import type { Charge } from "../credits/entry.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Instant } from "../time/local-days.ts";

/** Why credits are taken back or returned, and since when that was true. */
export interface Cause {
  reason: string;
  occurred_at: Instant;
}

/** An item's lot and what its credits moved on to: rolled over, made good. Its own first. */
export function lotsOfItem(books: MemberBooks, entitlement_id: string): Lot[] {
  const own = books.lots.get(entitlement_id);
  if (!own) return [];
  const lots = [own];
  for (const { id } of lots) {
    const children = [...books.lots.values()].filter(({ parent_id, payment_event_id }) => {
      return parent_id === id && payment_event_id === null;
    });
    lots.push(...children.sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1)));
  }
  return lots;
}

/** Rule 34. Takes up to `wanted` credits: what is available first, then what is held for bookings. Answers with how many it took. */
export function takeBack(books: MemberBooks, lots: readonly Lot[], wanted: number, cause: Cause): number {
  let missing = wanted;
  for (const { id } of lots) {
    const amount = Math.min(missing, books.lot(id).available);
    if (amount > 0) books.post({ type: "refund", lot_id: id, amount, ...cause });
    missing -= amount;
  }
  for (const charge of heldCharges(books, lots)) {
    const amount = Math.min(missing, charge.amount - charge.restored);
    if (amount === 0) break;
    takeHeld(books, charge, amount, cause);
    missing -= amount;
  }
  return wanted - missing;
}

/** The latest hold first: what was booked early is funded longest. */
function heldCharges(books: MemberBooks, lots: readonly Lot[]): Charge[] {
  const ids = new Set(lots.map(({ id }) => id));
  return books.charges
    .filter(
      ({ type, settlement, entitlement_id }) => type === "hold" && settlement === "held" && ids.has(entitlement_id),
    )
    .filter(({ amount, restored }) => restored < amount)
    .sort((a, b) => b.entry_number - a.entry_number);
}

/** Out of the hold, and back: the booking takes place, its funding is gone, and staff see that. */
function takeHeld(books: MemberBooks, charge: Charge, amount: number, cause: Cause): void {
  const { entitlement_id: lot_id, external_ref, service_on, entry_number } = charge;
  books.post({
    type: "release",
    lot_id,
    amount,
    ...cause,
    reverses: entry_number,
    ...(service_on === null ? {} : { service_on }),
    external_ref: external_ref ?? undefined,
  });
  books.post({ type: "refund", lot_id, amount, ...cause, external_ref: external_ref ?? undefined });
  const released = { ...charge, restored: charge.restored + amount };
  books.putCharge(released);
  uncountIfWhole(books, released);
  const booking = books.appointments.find(({ external_id }) => external_id === external_ref);
  if (booking && !booking.flags.includes("funding_refunded")) {
    books.putAppointment({ ...booking, flags: [...booking.flags, "funding_refunded"] });
  }
}

/** A booking none of whose credits are held any more no longer counts towards the limits of its product. */
function uncountIfWhole(
  books: MemberBooks,
  { correlation_id, external_ref, entitlement_id, service_on }: Charge,
): void {
  const { product_config_id } = books.lot(entitlement_id);
  const parts = books.charges.filter(
    (other) =>
      other.correlation_id === correlation_id &&
      other.external_ref === external_ref &&
      books.lots.get(other.entitlement_id)?.product_config_id === product_config_id,
  );
  const is_whole = parts.every(({ amount, restored }) => restored === amount);
  if (is_whole && service_on !== null) books.countUsage(product_config_id, service_on, -1);
}
