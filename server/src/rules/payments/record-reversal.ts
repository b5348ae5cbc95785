import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts, Unattached } from "../decision.ts";
import { disputeOf, refundOf } from "./fold-reversals.ts";
import { joinKeys } from "./join-payment.ts";
import type { PaymentEvent } from "./payment-event.ts";
import { ownerElsewhere, primaryOf, withoutNamesOf } from "./record-payment.ts";
import { refundedCents } from "./refunded.ts";
import { attach, causeOf, settleReversals } from "./reverse-payment.ts";
import type { ToldDispute, ToldRefund } from "./told.ts";

/** Rule 34. Takes one telling of a refund: credits in the ratio of all that was given back, of that payment's lots only. */
export function decideRecordRefund(facts: Facts, { refund: told }: { refund: ToldRefund }, context: Context): Decision {
  const kept = { keys: told.keys, refund: refundOf(told), dispute: null };
  return recordReversal(facts, told, kept, context);
}

/** Rule 35. Takes one telling of a dispute: open, won or lost. */
export function decideRecordDispute(
  facts: Facts,
  { dispute: told }: { dispute: ToldDispute },
  context: Context,
): Decision {
  const kept = { keys: told.keys, refund: null, dispute: disputeOf(told) };
  return recordReversal(facts, told, kept, context);
}

function recordReversal(facts: Facts, told: ToldRefund | ToldDispute, kept: Unattached, context: Context): Decision {
  const { member, catalog } = facts;
  const kind = kept.refund ? "refund" : "dispute";
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  if (!told.is_live && !catalog.policy.sandbox) {
    return { outcome: { reason_code: "test_payment_ignored" }, changes: null, member: null };
  }
  const known = primaryOf(facts.payments);
  if (!known) return { outcome: { reason_code: `${kind}_kept` }, changes: null, member: null, kept };
  const elsewhere = ownerElsewhere(known, facts);
  if (elsewhere) return elsewhere;
  // Recorded in this very moment: whose it is, is to be found out again.
  if (!member) {
    const external_contact_id = facts.payer?.contact.external_id ?? null;
    return { outcome: { reason_code: "PAYMENT_ELSEWHERE", external_contact_id }, changes: null, member: null };
  }

  const books = new MemberBooks(member);
  settleDue(books, catalog, context);
  const keys = joinKeys(known.keys, withoutNamesOf(told, known, facts).keys);
  const payment = attach({ ...known, keys }, kept);
  const settled = settleReversals(books, payment, causeOf(payment, context), facts, context);
  const outcome = { reason_code: `${kind}_recorded`, ...reversalTold(settled, known) } as const;
  return { outcome, changes: books.changes(), member: books.member() };
}

/** What the payment comes to, and what this telling changed of it. */
function reversalTold(settled: PaymentEvent, before: PaymentEvent) {
  const sum = ({ items }: PaymentEvent, field: "taken" | "shortfall") =>
    items.reduce((total, item) => total + item[field], 0);
  return {
    payment_event_id: settled.id,
    refunded_cents: refundedCents(settled.refunds),
    taken: sum(settled, "taken") - sum(before, "taken"),
    shortfall: sum(settled, "shortfall") - sum(before, "shortfall"),
  };
}
