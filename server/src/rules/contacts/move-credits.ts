import type { Charge } from "../credits/entry.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";

const MERGED = "merged";

/** A charge that goes over with the lot that it is drawn from, and what of it stands. */
export interface MovedCharge {
  charge: Charge;
  amount: number;
}

const RETURNS = { deduct: "restore", usage: "usage_restore", hold: "release" } as const;

/**
 * Moves the credits of every lot, and these charges with them, to lots of the same terms of another contact. Rule 29: taken out
 * of the one books and put into the other by adjustments, so that both balance by themselves. Answers with the new lot of each old one.
 */
export function moveCredits(
  from: MemberBooks,
  to: MemberBooks,
  moved: readonly MovedCharge[],
  membership_ids: ReadonlyMap<string, string>,
  context: Context,
): Map<string, Lot> {
  const { now } = context;
  for (const { charge, amount } of moved) giveUp(from, charge, amount, now);
  const drawn_on = new Set(moved.map(({ charge }) => charge.entitlement_id));
  const taken_over = new Map<string, Lot>();
  for (const lot of from.lots.values()) {
    // What a dispute holds back stays where its payment is.
    const is_free = lot.live && lot.state === "open";
    const back = moved.reduce((sum, { charge, amount }) => (charge.entitlement_id === lot.id ? sum + amount : sum), 0);
    const amount = lot.unlimited ? 0 : is_free ? lot.available : back;
    if (!drawn_on.has(lot.id) && !(is_free && (lot.unlimited || amount > 0))) {
      // Nobody looks at these books any more: what is used up would wait for its expiry for ever.
      if (is_free && lot.held === 0) from.put({ ...lot, live: false });
      continue;
    }
    const membership_id = membership_ids.get(lot.membership_id ?? "") ?? null;
    const copy = copyOf(lot, to.contact.id, membership_id, amount, moved, context);
    to.open(copy);
    if (amount > 0) {
      from.post({ type: "adjust_down", lot_id: lot.id, amount, reason: MERGED, occurred_at: now });
      to.post({ type: "adjust_up", lot_id: copy.id, amount, reason: MERGED, occurred_at: now });
    }
    const left = from.lot(lot.id);
    if (left.available === 0 && left.held === 0) {
      from.put({ ...left, live: false, ...(lot.unlimited ? { state: "revoked" as const } : {}) });
    }
    taken_over.set(lot.id, to.lot(copy.id));
  }
  return taken_over;
}

function giveUp(from: MemberBooks, charge: Charge, amount: number, now: number): void {
  from.post({
    type: RETURNS[charge.type],
    lot_id: charge.entitlement_id,
    amount,
    reason: MERGED,
    reverses: charge.entry_number,
    ...(charge.service_on === null ? {} : { service_on: charge.service_on }),
    external_ref: charge.external_ref ?? undefined,
    occurred_at: now,
  });
  from.putCharge({ ...charge, restored: charge.restored + amount });
}

/** The same life and terms; the payment stays with whoever paid. */
function copyOf(
  lot: Lot,
  contact_id: string,
  membership_id: string | null,
  granted: number,
  moved: readonly MovedCharge[],
  { newId, correlation_id, now }: Context,
): Lot {
  const { activation } = lot;
  const started_by = moved.some(({ charge }) => charge.correlation_id === activation?.activated_by);
  return {
    ...lot,
    id: newId(),
    contact_id,
    origin: lot.origin === "period" && membership_id === null ? "adjustment" : lot.origin,
    state: lot.state === "paused" ? "open" : lot.state,
    granted,
    available: 0,
    held: 0,
    activation: activation && started_by ? { ...activation, activated_by: correlation_id } : activation,
    parent_id: null,
    membership_id,
    period_start_at: membership_id === null ? null : lot.period_start_at,
    period_end_at: membership_id === null ? null : lot.period_end_at,
    payment_event_id: null,
    payment_item: null,
    freezes: membership_id === null ? null : lot.freezes,
    created_at: now,
    live: true,
  };
}

/** Charges the new lots as the old ones were. Answers with the number of each charge's entry. */
export function chargeAgain(
  to: MemberBooks,
  moved: readonly MovedCharge[],
  lots: ReadonlyMap<string, Lot>,
  { now, correlation_id }: Context,
): Map<number, number> {
  const numbers = new Map<number, number>();
  const counted = new Set<string>();
  for (const { charge, amount } of moved) {
    const lot = lots.get(charge.entitlement_id);
    if (!lot) throw new Error(`lot ${charge.entitlement_id} was not taken over`);
    const { type, reason, service_on } = charge;
    const external_ref = charge.external_ref ?? undefined;
    const on = service_on === null ? {} : { service_on };
    const posting = { type, lot_id: lot.id, amount, reason, ...on, external_ref, occurred_at: now };
    const { entry_number } = to.post(posting);
    to.charges.push({ ...charge, entry_number, entitlement_id: lot.id, amount, restored: 0, correlation_id });
    numbers.set(charge.entry_number, entry_number);
    const booking = `${String(external_ref)} ${lot.product_config_id} ${String(service_on)}`;
    if (service_on !== null && !counted.has(booking)) to.countUsage(lot.product_config_id, service_on, 1);
    counted.add(booking);
  }
  return numbers;
}
