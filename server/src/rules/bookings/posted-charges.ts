import type { Charge, Settlement } from "../credits/entry.ts";
import type { MemberBooks } from "../credits/member-books.ts";

/** Reasons of a booking's charges: its own, the difference to a dearer calendar, and the penalty of a no-show. */
export const BOOKED = "booked";
export const CALENDAR_CHANGED = "calendar_changed";
export const NO_SHOW_PENALTY = "no_show_penalty";

/** What one generation of a booking cost, over all lots that it was drawn from. */
export interface BookingCharge {
  charges: readonly Charge[];
  /** Charged by the API's deduct: its amount is the caller's (clarification 14). */
  is_by_api: boolean;
}

/** What was posted for a booking and was not given back whole, in the order in which it was charged. Rule 27. */
export function openCharges(books: MemberBooks, external_id: string): BookingCharge[] {
  return postedCharges(books, external_id).filter((group) => amountOf(group) > 0);
}

/** All that was ever posted for a booking; without penalties. */
export function postedCharges(books: MemberBooks, external_id: string): BookingCharge[] {
  const groups: (BookingCharge & { charges: Charge[] })[] = [];
  for (const charge of chargesOf(books, external_id)) {
    if (charge.reason === NO_SHOW_PENALTY) continue;
    const last = groups.at(-1);
    if (last && belongsTo(last, charge)) last.charges.push(charge);
    else groups.push({ charges: [charge], is_by_api: charge.reason !== BOOKED });
  }
  return groups;
}

/** A booking starts a charge of its own; what the API took, or a difference, belongs to the one that still stands. */
function belongsTo(group: BookingCharge, charge: Charge): boolean {
  if (charge.reason === BOOKED) {
    return group.charges.some(({ reason, correlation_id }) => {
      return reason === BOOKED && correlation_id === charge.correlation_id;
    });
  }
  return amountOf(group) > 0 && settlementOf(group) !== "late_cancel";
}

/** Penalties that were not given back whole. */
export function openPenalties(books: MemberBooks, external_id: string): Charge[] {
  return chargesOf(books, external_id).filter(
    ({ reason, amount, restored }) => reason === NO_SHOW_PENALTY && restored < amount,
  );
}

function chargesOf(books: MemberBooks, external_id: string): Charge[] {
  return books.charges
    .filter((charge) => charge.external_ref === external_id)
    .sort((a, b) => a.entry_number - b.entry_number);
}

/** What of it stands. */
export function amountOf({ charges }: BookingCharge): number {
  return charges.reduce((sum, { amount, restored }) => sum + amount - restored, 0);
}

/** Where it stands; of a charge that was partly used at once, where its holds are. */
export function settlementOf({ charges }: BookingCharge): Settlement {
  const standing = charges.filter(({ amount, restored }) => restored < amount);
  return (standing.find(({ type }) => type === "hold") ?? standing[0])?.settlement ?? "held";
}
