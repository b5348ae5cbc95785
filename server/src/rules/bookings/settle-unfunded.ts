import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Outcome } from "../outcome.ts";
import { NEEDS_CLOSED_LOTS } from "./charge-booking.ts";
import { chargeUnfunded, planUnfunded } from "./settle-awaiting.ts";

export interface SettleUnfundedAsk {
  external_id: string;
  /** Limits the choice to this product. */
  product_config_id?: string | undefined;
}

/** Rule 30. Staff charge a booking that could not be charged when it was made. */
export function decideSettleUnfunded(facts: Facts, ask: SettleUnfundedAsk, context: Context): Decision {
  const { member, catalog } = facts;
  const nothing = { changes: null, member: null };
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, ...nothing };
  const books = member && new MemberBooks(member);
  if (books) settleDue(books, catalog, context);
  const booking = books?.appointments.find(({ external_id }) => external_id === ask.external_id);
  if (!books || !booking) return { outcome: { reason_code: "NOT_FOUND" }, ...nothing };
  const told = (outcome: Outcome): Decision => ({ outcome, changes: books.changes(), member: books.member() });
  if (!booking.unfunded) return told({ reason_code: "NOTHING_TO_SETTLE" });

  // Staff decide now, so that is since when it is charged.
  const plan = planUnfunded(books, booking, context.now, ask.product_config_id, catalog, context);
  if (plan === NEEDS_CLOSED_LOTS) return { needs: "closed_lots" };
  if ("unfunded" in plan) return told(plan.refusal);
  chargeUnfunded(books, booking, plan, context.now, catalog, context);
  const movements = plan.takes.map(({ lot, amount }) => ({ entitlement_id: lot.id, amount }));
  return told({ reason_code: "booking_settled", booking: booking.external_id, movements });
}
