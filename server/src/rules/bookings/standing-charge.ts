import { costOf, type Catalog } from "../catalog/product-config.ts";
import { balanceOf, sortUsable, unlimitedMark, type Ask } from "../credits/choose-lots.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Decision } from "../decision.ts";
import type { Outcome } from "../outcome.ts";
import type { Instant } from "../time/local-days.ts";
import type { Appointment } from "./appointment.ts";
import { amountOf, openCharges, type BookingCharge } from "./posted-charges.ts";

/** What its provider says of it stays; it is paid for now, whatever was decided of its charge before. */
export function paidByApi(known: Appointment): Appointment {
  const { followed, generation } = known;
  const waived = followed?.waived.filter((number) => number !== generation) ?? [];
  return { ...known, unfunded: null, followed: followed && { ...followed, waived } };
}

/** Clarification 14. The charge that stands of a booking that its provider tells of. */
export function standingCharge(books: MemberBooks, external_ref: string): BookingCharge | null {
  const known = books.appointments.find((other) => other.external_id === external_ref);
  return known?.source === "ghl" && !known.unfunded
    ? (openCharges(books, external_ref, known.followed?.charges ?? []).at(-1) ?? null)
    : null;
}

/** The same booking is not charged twice: what the caller asks beyond what stands. */
export function stillMissing(books: MemberBooks, held: BookingCharge, ask: Ask, { configs }: Catalog): number {
  const [first] = held.charges;
  const config = first && configs.get(books.lot(first.entitlement_id).product_config_id);
  const stands = amountOf(held);
  return Math.max(0, (ask.amount ?? (config ? costOf(config, ask.calendar_id) : stands)) - stands);
}

/** A deduction of what stands already: its answer, with nothing posted. */
export function chargedBefore(
  books: MemberBooks,
  held: BookingCharge,
  ask: Ask,
  catalog: Catalog,
  now: Instant,
): Decision {
  const { candidates } = sortUsable([...books.lots.values()], books.usage, ask, catalog, now);
  const [first] = held.charges.filter(({ amount, restored }) => restored < amount);
  const outcome: Outcome = {
    reason_code: "deducted",
    balance_after: balanceOf(candidates),
    entitlement_id: first?.entitlement_id ?? null,
    movements: [],
    ...unlimitedMark(candidates),
  };
  return { outcome, changes: books.changes(), member: books.member() };
}
