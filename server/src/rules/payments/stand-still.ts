import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { PastMove } from "../credits/member.ts";
import { localDate, shiftDays, type Instant } from "../time/local-days.ts";
import type { Dispute, PaymentEvent, PaymentItem } from "./payment-event.ts";
import { lotsOfItem } from "./take-back.ts";

/**
 * Rule 35. While a dispute is open the lots of its payment cannot be used and their clock stands; one that was won has lengthened their
 * lives by its local days. Reckoned anew from all disputes, so order and repetition of what is told do no harm.
 */
export function standStill(
  books: MemberBooks,
  payment: PaymentEvent,
  moved: readonly PastMove[],
  zone: string,
  now: Instant,
): PaymentEvent {
  if (payment.disputes.length === 0) return payment;
  const lots = payment.items.filter(({ status }) => status === "granted").flatMap((item) => lotsOf(books, item));
  for (const lot of lots) if (lot.state !== "revoked") reinstate(books, lot, payment.disputes, moved, now);
  const ids = lots.map(({ id }) => id);
  const disputes = payment.disputes.map((dispute) => release(books, dispute, ids, zone));
  const state = disputes.some(({ status }) => status === "open") ? "paused" : "open";
  for (const id of ids) {
    const lot = books.lot(id);
    if (lot.live && lot.state !== "revoked" && lot.state !== state) books.put({ ...lot, state });
  }
  return { ...payment, disputes };
}

/** Those that a dispute may still concern: not what a cancellation voided. */
function lotsOf(books: MemberBooks, { entitlement_id, is_void }: PaymentItem): Lot[] {
  return lotsOfItem(books, entitlement_id ?? "").filter(({ state }) => state !== "revoked" || is_void);
}

/** What expired while its clock should have stood, because the dispute was heard of later, comes back. */
function reinstate(
  books: MemberBooks,
  lot: Lot,
  disputes: readonly Dispute[],
  moved: readonly PastMove[],
  now: Instant,
): void {
  const { expires_at } = lot;
  if (expires_at === null || !disputes.some((dispute) => stoodStillAt(dispute, expires_at))) return;
  for (const entry of moved) {
    const amount = entry.amount - entry.reversed;
    if (entry.type !== "expire" || entry.entitlement_id !== lot.id || amount <= 0) continue;
    books.put({ ...books.lot(lot.id), live: true });
    const occurred_at = Math.min(expires_at, now);
    books.post({
      type: "reinstate",
      lot_id: lot.id,
      amount,
      reason: "disputed",
      reverses: entry.entry_number,
      occurred_at,
    });
  }
}

function stoodStillAt({ status, opened_at, changed_at }: Dispute, at: Instant): boolean {
  return opened_at < at && (status === "open" || (status === "won" && at <= changed_at));
}

/** Posts the difference between the days that a dispute should have added to each lot and those that it did. */
function release(books: MemberBooks, dispute: Dispute, lot_ids: readonly string[], zone: string): Dispute {
  const released = lot_ids.flatMap((id) => {
    const lot = books.lot(id);
    const before = dispute.released.find(({ entitlement_id }) => entitlement_id === id)?.days ?? 0;
    const days = lot.live || lot.state === "revoked" ? daysStood(lot, dispute, before, zone) : before;
    if (days !== before) books.put(lengthen(lot, days - before, zone));
    return days === 0 ? [] : [{ entitlement_id: id, days }];
  });
  const others = dispute.released.filter(({ entitlement_id }) => !lot_ids.includes(entitlement_id));
  return { ...dispute, released: [...others, ...released] };
}

/** Local days of the dispute within the lot's life; none where it was over before. */
function daysStood(lot: Lot, { status, opened_at, changed_at }: Dispute, added: number, zone: string): number {
  if (status !== "won" || lot.expires_at === null) return 0;
  if (shiftDays(lot.expires_at, -added, zone) <= opened_at) return 0;
  const from = localDate(Math.max(opened_at, lot.effective_at), zone);
  const to = localDate(changed_at, zone);
  return Math.max(0, Temporal.PlainDate.from(from).until(to).days);
}

function lengthen(lot: Lot, days: number, zone: string): Lot {
  const { activation } = lot;
  const later = (at: Instant) => shiftDays(at, days, zone);
  return {
    ...lot,
    expires_at: lot.expires_at === null ? null : later(lot.expires_at),
    activation: activation && {
      ...activation,
      unused_expires_at: later(activation.unused_expires_at),
    },
  };
}
