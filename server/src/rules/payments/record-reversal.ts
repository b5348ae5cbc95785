import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts, Unattached } from "../decision.ts";
import { DAY, type Instant } from "../time/local-days.ts";
import { disputeOf, refundOf } from "./fold-reversals.ts";
import { joinKeys } from "./join-payment.ts";
import type { PaymentEvent } from "./payment-event.ts";
import { withFlag } from "./payment-flags.ts";
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
  const attached = attach({ ...known, keys }, kept);
  const payment = isLateNews(attached, known, kept, context.now) ? withFlag(attached, "late") : attached;
  const settled = settleReversals(books, payment, causeOf(payment, context), facts, context);
  const outcome = { reason_code: `${kind}_recorded`, ...reversalTold(settled, known) } as const;
  return { outcome, changes: books.changes(), member: books.member() };
}

/** GoHighLevel's refunds are looked for once a day; later than twice that the books may have gone another way meanwhile. */
const LATE_AFTER = 2 * DAY;

function isLateNews(
  payment: PaymentEvent,
  before: PaymentEvent,
  { refund, dispute }: Unattached,
  now: Instant,
): boolean {
  const true_since = refund?.refunded_at ?? dispute?.changed_at ?? now;
  const is_news = payment.refunds !== before.refunds || payment.disputes !== before.disputes;
  return is_news && now - true_since > LATE_AFTER;
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
