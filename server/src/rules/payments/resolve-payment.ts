import type { Catalog } from "../catalog/product-config.ts";
import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { grantPayment, putItem } from "./grant-payment.ts";
import type { PaymentEvent, PaymentFlag, PaymentItem } from "./payment-event.ts";
import { acknowledge } from "./payment-flags.ts";
import { outcomeOf } from "./payment-outcome.ts";
import { hasGranted, ownerElsewhere } from "./record-payment.ts";
import { attach, causeOf, settleReversals } from "./reverse-payment.ts";

export interface ResolveAsk {
  action: "grant" | "dismiss" | "map" | "no_credits" | "assign_contact" | "acknowledge" | "take_back";
  /** The items that are meant; omitted: all that wait. `map` says of each what it is. */
  items?: readonly { item: number; product_config_id?: string | undefined }[] | undefined;
  /** With `acknowledge`: the flags that are meant; omitted: all. */
  flags?: readonly PaymentFlag[] | undefined;
  /** Why, in words. */
  reason?: string | undefined;
}

/** What staff decide of a payment that waits for them; it is granted with its original date. Rules 32, 33, 36. */
export function decideResolvePayment(facts: Facts, ask: ResolveAsk, context: Context): Decision {
  const { member, catalog, payments } = facts;
  const [payment] = payments;
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  const unknown = ask.items?.find((named) => named.product_config_id && !isActive(named.product_config_id, catalog));
  if (unknown) return { outcome: { reason_code: "CONFIG_NOT_FOUND" }, changes: null, member: null };
  if (!payment || !member) return { outcome: { reason_code: "NOT_FOUND" }, changes: null, member: null };
  const elsewhere = ask.action === "assign_contact" ? null : ownerElsewhere(payment, facts);
  if (elsewhere) return elsewhere;

  const books = new MemberBooks(member);
  settleDue(books, catalog, context);
  const decided = RESOLUTIONS[ask.action](books, payment, ask, facts, context);
  if (!decided) return { outcome: { reason_code: "NOTHING_TO_RESOLVE" }, changes: null, member: null };
  books.audit({
    action: "resolve_payment",
    subject: `payment ${payment.id}`,
    before: { status: payment.status, items: payment.items.map(toldItem) },
    after: {
      action: ask.action,
      ...(ask.reason === undefined ? {} : { reason: ask.reason }),
      status: decided.status,
      items: decided.items.map(toldItem),
    },
  });
  const outcome = { ...outcomeOf(decided, payment), reason_code: "payment_resolved" } as const;
  return { outcome, changes: books.changes(), member: books.member() };
}

/** Who gave money back that no provider told of. */
const BY_HAND = "console";

type Resolution = (
  books: MemberBooks,
  payment: PaymentEvent,
  ask: ResolveAsk,
  facts: Facts,
  context: Context,
) => PaymentEvent | null;

const RESOLUTIONS: Record<ResolveAsk["action"], Resolution> = {
  /** Grant anyway: what is held back, and items that were held for a person. */
  grant(books, payment, ask, facts, context) {
    if (payment.status === "probable_duplicate" || payment.status === "settling") {
      return grantPayment(books, { ...payment, duplicate_of: null }, facts, context, { is_decided: true });
    }
    // A period is granted once, whoever asks (rule 18): what was paid for it twice is dismissed, or mapped to something else.
    const held = itemsMeant(payment, ask).filter(({ reason }) => reason === "ONCE_PER_CONTACT");
    if (payment.status !== "recorded" || held.length === 0) return null;
    const waiting = held.reduce((whole, item) => putItem(whole, { ...item, status: "waiting", reason: null }), payment);
    return grantOnly(books, waiting, held, facts, context);
  },

  dismiss(books, payment, ask, facts, context) {
    if (payment.status === "recorded") {
      const open = itemsMeant(payment, ask).filter(isOpen);
      if (open.length === 0) return null;
      return put(
        books,
        open.reduce((whole, item) => putItem(whole, { ...item, status: "dismissed" }), payment),
      );
    }
    if (payment.status === "dismissed" || payment.status === "failed") return null;
    passReversals(books, payment, facts, context);
    return put(books, { ...payment, status: "dismissed", settles_at: null });
  },

  /** Staff say what the items are. */
  map(books, payment, ask, facts, context) {
    const mapped = itemsMeant(payment, ask).filter((item) => isOpen(item) && configOf(ask, item.item) !== undefined);
    if (payment.status !== "recorded" || mapped.length === 0) return null;
    const waiting = mapped.reduce((whole, item) => putItem(whole, { ...item, status: "waiting" }), payment);
    return grantOnly(books, waiting, mapped, facts, context, ask);
  },

  no_credits(books, payment, ask) {
    const spared = itemsMeant(payment, ask).filter(({ status }) => status === "unmatched");
    if (payment.status !== "recorded" || spared.length === 0) return null;
    const products = spared.flatMap(({ product_id }) =>
      product_id === null ? [] : `${payment.provider}:${product_id}`,
    );
    books.no_credit_products = [...new Set(products)];
    return put(
      books,
      spared.reduce((whole, item) => putItem(whole, { ...item, status: "no_credits", reason: null }), payment),
    );
  },

  /** Staff have seen what it is flagged with. */
  acknowledge(books, payment, ask) {
    const seen = payment.flags.filter(
      (flag) => !payment.acknowledged.includes(flag) && (ask.flags ?? [flag]).includes(flag),
    );
    return seen.length === 0 ? null : put(books, acknowledge(payment, seen));
  },

  /** The money was given back by hand: its credits go as with a full refund. What its provider tells of it later is the same money. */
  take_back(books, payment, _, facts, context) {
    const { amount_cents, contact_id } = payment;
    const is_open = payment.items.some(
      ({ status, granted, taken, shortfall }) => status === "granted" && taken + shortfall < granted,
    );
    if (!amount_cents || !is_open || contact_id !== books.contact.id) return null;
    const refund = {
      provider: BY_HAND,
      refund_id: BY_HAND,
      amount_cents,
      status: "succeeded",
      refunded_at: context.now,
    } as const;
    const whole = attach(payment, { keys: [], refund, dispute: null });
    const taken = settleReversals(books, whole, causeOf(whole, context), facts, context);
    return put(books, acknowledge(taken, ["charged_while_frozen"]));
  },

  /** The payer whom nobody knew is this contact. What was granted stays where it is. */
  assign_contact(books, payment, _, facts, context) {
    if (hasGranted(payment) || payment.contact_id === books.contact.id) return null;
    const moved = { ...payment, contact_id: books.contact.id };
    if (payment.status !== "recorded") return put(books, moved);
    return grantPayment(books, moved, facts, context);
  },
};

/** Grants these items only; others that wait stay as they are. */
function grantOnly(
  books: MemberBooks,
  payment: PaymentEvent,
  items: readonly PaymentItem[],
  facts: Facts,
  context: Context,
  ask?: ResolveAsk,
): PaymentEvent {
  const meant = new Set(items.map(({ item }) => item));
  const resolve = (item: PaymentItem) => {
    const id = ask ? configOf(ask, item.item) : item.product_config_id;
    const config = meant.has(item.item) ? facts.catalog.configs.get(id ?? "") : undefined;
    if (config) return { status: "matched", config } as const;
    return { status: "unmatched", reason: item.reason ?? "NO_PRODUCT_CONFIG" } as const;
  };
  return grantPayment(books, payment, facts, context, { resolve, is_decided: true });
}

/** Staff say that it repeats another payment: what was refunded of it was refunded of that one. */
function passReversals(books: MemberBooks, payment: PaymentEvent, facts: Facts, context: Context): void {
  const repeated = facts.nearby_payments.find(({ id }) => id === payment.duplicate_of);
  if (!repeated || payment.refunds.length + payment.disputes.length === 0) return;
  let whole = repeated;
  for (const refund of payment.refunds) whole = attach(whole, { keys: [], refund, dispute: null });
  for (const dispute of payment.disputes) whole = attach(whole, { keys: [], refund: null, dispute });
  settleReversals(books, whole, causeOf(whole, context), facts, context);
}

function itemsMeant({ items }: PaymentEvent, ask: ResolveAsk): PaymentItem[] {
  return items.filter(({ item }) => !ask.items || ask.items.some((one) => one.item === item));
}

function isOpen({ status }: PaymentItem): boolean {
  return status === "unmatched" || status === "held";
}

function configOf({ items }: ResolveAsk, item: number): string | undefined {
  return items?.find((one) => one.item === item)?.product_config_id;
}

function isActive(id: string, { configs }: Catalog): boolean {
  return configs.get(id)?.active ?? false;
}

function toldItem({ item, status, product_config_id }: PaymentItem) {
  return { item, status, product_config_id };
}

function put(books: MemberBooks, payment: PaymentEvent): PaymentEvent {
  books.putPayment(payment);
  return payment;
}
