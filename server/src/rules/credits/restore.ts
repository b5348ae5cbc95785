import type { Catalog } from "../catalog/product-config.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Outcome } from "../outcome.ts";
import { HOUR, type Instant } from "../time/local-days.ts";
import { windowOf } from "./cancellation-window.ts";
import { balanceOf, isCovered, sortUsable, unlimitedMark, type Ask } from "./choose-lots.ts";
import type { Charge } from "./entry.ts";
import { giveBack, type ChargePart } from "./give-back.ts";
import { MemberBooks } from "./member-books.ts";
import type { Member } from "./member.ts";
import { settleDue } from "./settle-due.ts";

export interface RestoreAsk extends Ask {
  external_ref?: string | undefined;
}

/** Deductions without a reference that a restore without one looks at: the latest. Clarification 11. */
export const MAX_UNREFERENCED_CHARGES = 100;

/** Gives back what was deducted, in reverse order, never more than was taken. Rules 9, 28, 31; all or nothing. */
export function decideRestore(facts: Facts, ask: RestoreAsk, context: Context): Decision {
  const { now } = context;
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  if (!facts.member) {
    return { outcome: { reason_code: "NO_ENTITLEMENT", detail: "UNKNOWN_CONTACT" }, changes: null, member: null };
  }
  const { catalog } = facts;
  const books = new MemberBooks(facts.member);
  settleDue(books, catalog, context);
  const refuse = (outcome: Outcome): Decision => ({ outcome, changes: books.changes(), member: books.member() });
  if (![...books.lots.values()].some((lot) => isMatching(lot.product_config_id, ask, catalog))) {
    if (!facts.member.has_closed_lots) return { needs: "closed_lots" };
    return refuse({ reason_code: "NO_ENTITLEMENT", detail: hasCredits(books) ? "SERVICE_FAMILY_MISMATCH" : null });
  }

  const matching = chargesToRestore(books, ask, catalog);
  const amount = ask.amount ?? 1;
  const picked = pickInReverse(matching, amount);
  const given_back = picked?.map(({ charge }) => charge) ?? matching;
  const deadline = cancellationDeadline(books, ask, given_back, catalog);
  if (deadline !== null && now > deadline.until) {
    return refuse({ reason_code: "CANCELLATION_WINDOW_EXPIRED", ...deadline.facts });
  }
  if (!picked) {
    const restorable = matching.reduce((sum, charge) => sum + charge.amount - charge.restored, 0);
    return refuse({ reason_code: "NOTHING_TO_RESTORE", detail: null, restorable });
  }

  const movements = picked.flatMap((part) => giveBack(books, part, ask.external_ref, catalog, context));
  cancelBookingIfWhole(books, ask.external_ref);
  const outcome: Outcome = {
    reason_code: "restored",
    ...balanceAfter(books.member(), ask, picked, catalog, now),
    entitlement_id: movements[0]?.entitlement_id ?? null,
    movements,
  };
  const explanation = {
    chosen: movements.map((movement) => ({
      ...movement,
      product_config_id: books.lot(movement.entitlement_id).product_config_id,
    })),
    rejected: [],
  };
  return { outcome, changes: books.changes(), member: books.member(), explanation };
}

/** What was taken can be given back even where its product config is gone: no calendar names it then, its id does. */
function isMatching(product_config_id: string, ask: Ask, catalog: Catalog): boolean {
  const config = catalog.configs.get(product_config_id);
  if (config) return isCovered(config, ask);
  return ask.calendar_id === undefined && (ask.product_config_id ?? product_config_id) === product_config_id;
}

function hasCredits(books: MemberBooks): boolean {
  return [...books.lots.values()].some((lot) => lot.live && (lot.unlimited || lot.available > 0));
}

/** With a reference all of this contact's deductions of it, else the latest that carry none; latest first. */
function chargesToRestore(books: MemberBooks, ask: RestoreAsk, catalog: Catalog): Charge[] {
  const charges = books.charges
    .filter((charge) => charge.external_ref === (ask.external_ref ?? null))
    .filter((charge) => isMatching(books.lot(charge.entitlement_id).product_config_id, ask, catalog))
    .sort((a, b) => b.entry_number - a.entry_number);
  if (ask.external_ref !== undefined) return charges;
  const latest = new Set(
    [...new Set(charges.map((charge) => charge.correlation_id))].slice(0, MAX_UNREFERENCED_CHARGES),
  );
  return charges.filter((charge) => latest.has(charge.correlation_id));
}

/** Null where the charges do not bear the amount. */
function pickInReverse(charges: readonly Charge[], amount: number): ChargePart[] | null {
  const parts: ChargePart[] = [];
  let missing = amount;
  for (const charge of charges) {
    const part = Math.min(missing, charge.amount - charge.restored);
    if (part === 0) continue;
    parts.push({ charge, amount: part });
    missing -= part;
    if (missing === 0) return parts;
  }
  return null;
}

interface Deadline {
  until: Instant;
  facts: Record<string, unknown>;
}

/**
 * Rule 28, clarification 12: the shortest window among the configs that these deductions drew on, also where only a part of
 * one is given back; exactly at the window is in time.
 */
function cancellationDeadline(
  books: MemberBooks,
  ask: RestoreAsk,
  given_back: readonly Charge[],
  catalog: Catalog,
): Deadline | null {
  const booking = books.appointments.find(({ external_id }) => external_id === ask.external_ref);
  const starts_at = ask.appointment_time ?? booking?.starts_at ?? null;
  if (starts_at === null) return null;
  const deductions = new Set(given_back.map((charge) => charge.correlation_id));
  const drawn_on = books.charges.filter((charge) => deductions.has(charge.correlation_id));
  const hours = windowOf(books, drawn_on, catalog);
  const until = starts_at - hours * HOUR;
  return {
    until,
    facts: { cancellation_window_hours: hours, restorable_until: new Date(until).toISOString() },
  };
}

/** Clarification 14. A full restore cancels the booking of that reference. */
function cancelBookingIfWhole(books: MemberBooks, external_ref: string | undefined): void {
  const booking = books.appointments.find(({ external_id }) => external_id === external_ref);
  const open = books.charges.some((charge) => charge.external_ref === external_ref && charge.restored < charge.amount);
  if (!booking || external_ref === undefined || open) return;
  if (booking.source === "api") return books.putAppointment({ ...booking, status: "cancelled" });
  // Its provider goes on telling of it; given back is given back, until it is booked afresh.
  const followed = booking.followed ?? { versions: 0, waived: [], charges: [] };
  const waived = [...new Set([...followed.waived, booking.generation])];
  books.putAppointment({ ...booking, settles_at: null, followed: { ...followed, waived } });
}

/** Clarification 4; a restore that names only its reference means the products it was drawn from. */
function balanceAfter(member: Member, ask: RestoreAsk, picked: readonly ChargePart[], catalog: Catalog, now: Instant) {
  const usable = sortUsable(member.lots, member.usage, ask, catalog, now).candidates;
  const is_scoped = ask.product_config_id !== undefined || ask.calendar_id !== undefined;
  const config_ids = new Set(
    picked.map(({ charge }) => member.lots.find((lot) => lot.id === charge.entitlement_id)?.product_config_id),
  );
  const candidates = is_scoped ? usable : usable.filter(({ config }) => config_ids.has(config.id));
  return { balance_after: balanceOf(candidates), ...unlimitedMark(candidates) };
}
