import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Outcome } from "../outcome.ts";
import type { Appointment } from "./appointment.ts";
import { NEEDS_CLOSED_LOTS } from "./charge-booking.ts";
import { chargeUnfunded, planUnfunded } from "./settle-awaiting.ts";

export interface SettleAllAsk {
  /** Omitted: all of the member's that are unfunded. */
  booking_ids?: readonly string[] | undefined;
}

interface Settled {
  booking: string;
  movements: { entitlement_id: string; amount: number }[];
}

/**
 * Rule 30. Staff charge a member's bookings that could not be charged, in the order in which they were made: each has what the ones
 * before it left. Where none can be charged it is refused as the first one is.
 */
export function decideSettleAll(facts: Facts, { booking_ids }: SettleAllAsk, context: Context): Decision {
  const { member, catalog } = facts;
  const nothing = { changes: null, member: null };
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, ...nothing };
  if (!member) return { outcome: { reason_code: "NOT_FOUND" }, ...nothing };
  const books = new MemberBooks(member);
  settleDue(books, catalog, context);
  const settled: Settled[] = [];
  const left: ({ booking: string } & Outcome)[] = [];
  for (const booking of waitingIn(books, booking_ids)) {
    const plan = planUnfunded(books, booking, context.now, undefined, catalog, context);
    if (plan === NEEDS_CLOSED_LOTS) return { needs: "closed_lots" };
    if ("unfunded" in plan) {
      left.push({ booking: booking.external_id, ...plan.refusal });
      continue;
    }
    chargeUnfunded(books, booking, plan, context.now, catalog, context);
    const movements = plan.takes.map(({ lot, amount }) => ({ entitlement_id: lot.id, amount }));
    settled.push({ booking: booking.external_id, movements });
  }
  const told = (outcome: Outcome): Decision => ({ outcome, changes: books.changes(), member: books.member() });
  if (settled.length > 0) return told({ reason_code: "booking_settled", settled, left });
  const [first] = left;
  return told(first ?? { reason_code: "NOTHING_TO_SETTLE" });
}

function waitingIn({ appointments }: MemberBooks, ids: readonly string[] | undefined): Appointment[] {
  return appointments
    .filter(({ unfunded, external_id }) => unfunded !== null && (ids === undefined || ids.includes(external_id)))
    .toSorted((a, b) => a.booked_at - b.booked_at || (a.external_id < b.external_id ? -1 : 1));
}
