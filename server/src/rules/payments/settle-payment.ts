import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { outcomeOf } from "./payment-outcome.ts";
import { decideLikeness, ownerElsewhere } from "./record-payment.ts";

/** Rule 32. GoHighLevel had its time: a Stripe payment that still stands alone is granted. Level-triggered; too early changes nothing. */
export function decideSettlePayment(facts: Facts, _: unknown, context: Context): Decision {
  const { member, catalog, payments } = facts;
  const [payment] = payments;
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  if (!payment || !member) return { outcome: { reason_code: "NOT_FOUND" }, changes: null, member: null };
  const elsewhere = ownerElsewhere(payment, facts);
  if (elsewhere) return elsewhere;
  const is_due = payment.status === "settling" && payment.settles_at !== null && payment.settles_at <= context.now;
  if (!is_due) return { outcome: outcomeOf(payment, payment), changes: null, member: null };
  const books = new MemberBooks(member);
  settleDue(books, catalog, context);
  const decided = decideLikeness(books, payment, facts, context);
  return { outcome: outcomeOf(decided, payment), changes: books.changes(), member: books.member() };
}
