import type { Charge, Settlement } from "../credits/entry.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { ChargedFor } from "./appointment.ts";

/** Reasons of a booking's charges: its own, the difference to a dearer calendar, and the penalty of a no-show. */
export const BOOKED = "booked";
export const CALENDAR_CHANGED = "calendar_changed";
export const NO_SHOW_PENALTY = "no_show_penalty";

/** What one generation of a booking cost, over all lots that it was drawn from. */
export interface BookingCharge {
  /** Number of its first entry. */
  entry_number: number;
  charges: readonly Charge[];
  /** Charged by the API's deduct: its amount is the caller's (clarification 14). */
  is_by_api: boolean;
}

/** What was posted for a booking and was not given back whole, in the order in which it was charged. Rule 27. */
export function openCharges(books: MemberBooks, external_id: string, made: readonly ChargedFor[]): BookingCharge[] {
  return postedCharges(books, external_id, made).filter((group) => amountOf(group) > 0);
}

/** All that was ever posted for a booking, without penalties; `made`: where its charges that stand begin. */
export function postedCharges(books: MemberBooks, external_id: string, made: readonly ChargedFor[]): BookingCharge[] {
  const begins = new Set(made.map(({ entry_number }) => entry_number));
  const groups: (BookingCharge & { charges: Charge[] })[] = [];
  for (const charge of chargesOf(books, external_id)) {
    const { entry_number, reason } = charge;
    if (reason === NO_SHOW_PENALTY) continue;
    const last = groups.at(-1);
    if (last && !begins.has(entry_number) && belongsTo(last, charge)) last.charges.push(charge);
    else groups.push({ entry_number, charges: [charge], is_by_api: reason !== BOOKED });
  }
  return groups;
}

/** Whether nothing was charged for the booking since: a difference is told by coming right after its charge. */
export function isLatest(books: MemberBooks, external_id: string, { charges }: BookingCharge): boolean {
  const latest = chargesOf(books, external_id).findLast(({ reason }) => reason !== NO_SHOW_PENALTY);
  return charges.some(({ entry_number }) => entry_number === latest?.entry_number);
}

/** What the charges of a booking were made for, as far as it follows a provider. */
export function chargesMade(books: MemberBooks, external_id: string): readonly ChargedFor[] {
  return books.appointments.find((other) => other.external_id === external_id)?.followed?.charges ?? [];
}

/** Several lots of one charge, a difference to it, and what the API took of a booking that still stands. */
function belongsTo(group: BookingCharge, charge: Charge): boolean {
  if (charge.reason === CALENDAR_CHANGED) return true;
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
