import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";

export interface WaiveAsk {
  external_id: string;
  /** Why, in words. */
  reason: string;
}

/** Rule 30. Staff let a booking go that could not be charged: it costs nothing, whatever becomes of it, until it is booked anew. */
export function decideWaive({ member, catalog, is_billing_live }: Facts, ask: WaiveAsk, context: Context): Decision {
  const nothing = { changes: null, member: null };
  if (!is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, ...nothing };
  const books = member && new MemberBooks(member);
  if (books) settleDue(books, catalog, context);
  const booking = books?.appointments.find(({ external_id }) => external_id === ask.external_id);
  if (!books || !booking) return { outcome: { reason_code: "NOT_FOUND" }, ...nothing };
  const { unfunded, generation, followed } = booking;
  if (unfunded) {
    const known = followed ?? { versions: 0, waived: [], charges: [] };
    const waived = [...new Set([...known.waived, generation])];
    books.putAppointment({ ...booking, unfunded: null, settles_at: null, followed: { ...known, waived } });
    const after = { unfunded: null, reason: ask.reason };
    books.audit({ action: "waive_booking", subject: `booking ${ask.external_id}`, before: { unfunded }, after });
  }
  const outcome = unfunded
    ? ({ reason_code: "booking_waived", booking: ask.external_id } as const)
    : ({ reason_code: "NOTHING_TO_SETTLE" } as const);
  return { outcome, changes: books.changes(), member: books.member() };
}
