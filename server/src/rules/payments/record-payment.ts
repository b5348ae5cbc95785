import { MemberBooks } from "../credits/member-books.ts";
import type { Member } from "../credits/member.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { grantPayment } from "./grant-payment.ts";
import { joinPayment, newPayment } from "./join-payment.ts";
import type { PaymentEvent } from "./payment-event.ts";
import { withFlag } from "./payment-flags.ts";
import { outcomeOf } from "./payment-outcome.ts";
import { findRepeated } from "./probable-duplicate.ts";
import { attach, causeOf, settleReversals } from "./reverse-payment.ts";
import type { PaymentKey, ToldPayment } from "./told.ts";
import { isPlaceholder } from "./unknown-contact.ts";

export interface PaymentAsk {
  payment: ToldPayment;
  /** What told of it: a provider's event type. */
  told_by: string;
}

const SECOND = 1000;

/** Rules 32, 33. Takes one telling of a payment: records or completes it, and grants it as soon as it is certain, once. */
export function decideRecordPayment(facts: Facts, ask: PaymentAsk, context: Context): Decision {
  const { member, catalog } = facts;
  const told = ask.payment;
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  if (!told.is_live && !catalog.policy.sandbox) {
    return { outcome: { reason_code: "test_payment_ignored" }, changes: null, member: null };
  }
  if (!member) throw new Error("a payment needs its contact");
  const known = primaryOf(facts.payments);
  const elsewhere = known && ownerElsewhere(known, facts);
  if (elsewhere) return elsewhere;

  const books = new MemberBooks(member);
  settleDue(books, catalog, context);
  const says_itself = told.contact.external_id === null || told.contact.external_id === member.contact.external_id;
  if (says_itself) books.hint(told.contact);
  const joined = known
    ? ownedBy(member, joinPayment(known, withoutNamesOf(told, known, facts), ask.told_by))
    : newPayment(told, ask.told_by, member.contact.id, context);
  const others = facts.payments.filter((other) => other !== known);
  // Kept on the payment from now on, whenever it grants.
  const reversed = facts.unattached.reduce(attach, joined);
  const payment = others.reduce((whole, other) => takeIn(books, whole, other), reversed);
  const decided = decidePaid(books, payment, told.status === "paid", facts, context);
  const outcome = outcomeOf(decided, known ?? null);
  return { outcome, changes: books.changes(), member: books.member() };
}

/** Of events that share a name the one that granted, else the first. */
export function primaryOf(payments: readonly PaymentEvent[]): PaymentEvent | undefined {
  const [first] = [...payments].sort((a, b) => Number(hasGranted(b)) - Number(hasGranted(a)) || (a.id < b.id ? -1 : 1));
  return first;
}

/** A name stays with the event that first had it. */
export function withoutNamesOf<T extends Pick<ToldPayment, "keys">>(
  told: T,
  known: PaymentEvent,
  { payments }: Facts,
): T {
  const taken = payments.filter((other) => other !== known).flatMap(({ keys }) => keys);
  const is_taken = ({ provider, key }: PaymentKey) =>
    taken.some((other) => other.provider === provider && other.key === key);
  return { ...told, keys: told.keys.filter((key) => !is_taken(key)) };
}

export function hasGranted({ items }: PaymentEvent): boolean {
  return items.some(({ status }) => status === "granted");
}

/** Its books are another contact's, and they are not locked: the caller asks again for that one. Nobody's payment may be taken over. */
export function ownerElsewhere(known: PaymentEvent, { member, payer, aliases }: Facts): Decision | null {
  if (!member || known.contact_id === member.contact.id) return null;
  if (payer && aliases.includes(payer.contact.external_id)) return null;
  if (payer && isPlaceholder(payer.contact.external_id) && !hasGranted(known)) return null;
  const external_contact_id = payer?.contact.external_id ?? null;
  return { outcome: { reason_code: "PAYMENT_ELSEWHERE", external_contact_id }, changes: null, member: null };
}

/** What granted stays with the contact whose books it is in, also after that one was merged into another. */
function ownedBy({ contact }: Member, payment: PaymentEvent): PaymentEvent {
  return hasGranted(payment) ? payment : { ...payment, contact_id: contact.id };
}

/** A name that only now joins two: what was not granted goes into the other; what was granted twice staff must see, nothing is clawed. */
function takeIn(books: MemberBooks, payment: PaymentEvent, other: PaymentEvent): PaymentEvent {
  if (hasGranted(other)) {
    const flagged = withFlag(other, "told_twice");
    if (flagged !== other) books.putPayment(flagged);
    return payment;
  }
  if (other.status === "dismissed") return payment;
  books.putPayment({ ...other, status: "dismissed", settles_at: null, duplicate_of: payment.id });
  const whole = [...other.refunds, ...other.disputes].reduce<PaymentEvent>((sum, reversal) => {
    const is_refund = "refund_id" in reversal;
    return attach(sum, { keys: [], refund: is_refund ? reversal : null, dispute: is_refund ? null : reversal });
  }, payment);
  return whole;
}

function decidePaid(
  books: MemberBooks,
  payment: PaymentEvent,
  is_paid: boolean,
  facts: Facts,
  context: Context,
): PaymentEvent {
  const { status } = payment;
  const waits = ["pending", "failed", "settling", "probable_duplicate"].includes(status);
  if (status === "recorded" || (waits && is_paid)) {
    const settles_at = status === "recorded" ? null : settlesAt(payment, facts, context);
    if (settles_at !== null && settles_at > context.now)
      return put(books, { ...payment, status: "settling", settles_at });
    return decideLikeness(books, payment, facts, context);
  }
  return putKnown(books, payment, facts, context);
}

/** Rule 32. A Stripe payment waits for GoHighLevel's; null: GoHighLevel has told of it, or is not asked. */
function settlesAt(payment: PaymentEvent, { catalog }: Facts, { now }: Context): number | null {
  if (payment.keys.some(({ provider }) => provider !== "stripe")) return null;
  return (
    payment.settles_at ??
    (payment.status === "probable_duplicate" ? null : now + catalog.policy.stripe_settle_seconds * SECOND)
  );
}

/** Holds back what is probably a repetition, and grants all else. */
export function decideLikeness(
  books: MemberBooks,
  payment: PaymentEvent,
  facts: Facts,
  context: Context,
): PaymentEvent {
  const repeated = payment.status === "recorded" ? null : findRepeated(payment, facts.nearby_payments, facts.catalog);
  if (!repeated) return grantPayment(books, { ...payment, duplicate_of: null }, facts, context);
  return put(books, { ...payment, status: "probable_duplicate", settles_at: null, duplicate_of: repeated.id });
}

/** Nothing is granted now; what it was told to have been given back of still counts. */
function putKnown(books: MemberBooks, payment: PaymentEvent, facts: Facts, context: Context): PaymentEvent {
  if (payment.refunds.length + payment.disputes.length === 0 || !hasGranted(payment)) return put(books, payment);
  return settleReversals(books, payment, causeOf(payment, context), facts, context);
}

function put(books: MemberBooks, payment: PaymentEvent): PaymentEvent {
  books.putPayment(payment);
  return payment;
}
