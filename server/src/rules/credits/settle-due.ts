import type { Context, Decision, Facts } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";
import { isExpired } from "./lot.ts";
import { MemberBooks } from "./member-books.ts";

/**
 * Whatever fell due for a member up to `now`, in order of time. The job and every mutation run the same function, so a late
 * job changes nothing (clarification 16). Rule 15: what is left of an expired lot is booked to `expired`, never what is held.
 */
export function settleDue(books: MemberBooks, now: Instant): void {
  const due = [...books.lots.values()].filter((lot) => lot.live && isExpired(lot, now));
  due.sort((a, b) => (a.expires_at ?? 0) - (b.expires_at ?? 0) || (a.id < b.id ? -1 : 1));
  for (const { id, available, expires_at } of due) {
    if (available > 0) {
      books.post({
        type: "expire",
        lot_id: id,
        amount: available,
        reason: "expired",
        occurred_at: expires_at ?? now,
        is_due: true,
      });
    }
    if (books.lot(id).held === 0) books.put({ ...books.lot(id), live: false });
  }
}

/** The job's own decision: nothing but what is due. A suspended workspace's ledger jobs pause (clarification 22). */
export function decideDue({ member, is_billing_live }: Facts, _: unknown, { now }: Context): Decision {
  if (!is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  if (!member)
    return { outcome: { reason_code: "NO_ENTITLEMENT", detail: "UNKNOWN_CONTACT" }, changes: null, member: null };
  const books = new MemberBooks(member);
  settleDue(books, now);
  return { outcome: { reason_code: "due_settled" }, changes: books.changes(), member: books.member() };
}
