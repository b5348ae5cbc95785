import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { settleGroup } from "./bring-about.ts";
import { chargesMade, openCharges } from "./posted-charges.ts";

export interface SettleBookingAsk {
  external_id: string;
}

/** The job's own decision: a booking without a final status a day after its end counts as used. Clarification 1. */
export function decideSettleBooking(facts: Facts, { external_id }: SettleBookingAsk, context: Context): Decision {
  const { member, catalog } = facts;
  const nothing = { changes: null, member: null };
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, ...nothing };
  const books = member && new MemberBooks(member);
  const booking = books?.appointments.find((other) => other.external_id === external_id);
  if (!books || !booking) return { outcome: { reason_code: "NOT_FOUND" }, ...nothing };
  settleDue(books, catalog, context);
  const { settles_at } = booking;
  const is_due = settles_at !== null && settles_at <= context.now;
  if (is_due) {
    const used = { settlement: "used", reason: "no_final_status", at: settles_at } as const;
    for (const group of openCharges(books, external_id, chargesMade(books, external_id))) {
      const is_held = group.charges.some(({ type, settlement }) => type === "hold" && settlement === "held");
      if (is_held) settleGroup(books, group, used, context.now);
    }
    books.putAppointment({ ...booking, settles_at: null });
    settleDue(books, catalog, context);
  }
  const reason_code = is_due ? "booking_settled" : "NOTHING_TO_SETTLE";
  return { outcome: { reason_code, booking: external_id }, changes: books.changes(), member: books.member() };
}
