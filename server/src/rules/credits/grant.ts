import type { Context, Decision, Facts } from "../decision.ts";
import { grantPayment } from "../payments/grant-payment.ts";
import type { PaymentEvent } from "../payments/payment-event.ts";
import { ownerElsewhere, primaryOf } from "../payments/record-payment.ts";
import { waitingItems } from "../payments/resolve-items.ts";
import { DAY, type Instant } from "../time/local-days.ts";
import { balanceOf, sortUsable, unlimitedMark } from "./choose-lots.ts";
import { MemberBooks } from "./member-books.ts";
import type { Member } from "./member.ts";
import { settleDue } from "./settle-due.ts";

export interface GrantAsk {
  product_config_id: string;
  provider: string;
  external_payment_id: string;
  event_type: string;
  amount_cents?: number | undefined;
  currency?: string | undefined;
  paid_at?: Instant | undefined;
  email?: string | undefined;
  name?: string | undefined;
  external_ref?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
}

/** How far ahead of the location's clock a payment may say it was paid. Rule 14. */
const MAX_PAID_AHEAD = DAY;

/** Turns a payment into credits, once. A duplicate is told before any refusal (clarification 8). */
export function decideGrant(facts: Facts, ask: GrantAsk, context: Context): Decision {
  const { now } = context;
  const { member, catalog } = facts;
  const paid_at = ask.paid_at ?? now;
  if (paid_at > now + MAX_PAID_AHEAD) {
    const message = "must not be more than a day ahead of the location's clock";
    return { invalid: { field: "paid_at", message } };
  }
  const known = primaryOf(facts.payments);
  if (known && !awaitsGrant(known, facts)) return duplicatePayment(facts, known, context);
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  const config = catalog.configs.get(ask.product_config_id);
  if (!config?.active) return { outcome: { reason_code: "CONFIG_NOT_FOUND" }, changes: null, member: null };
  if (!member) throw new Error("a grant needs its contact");

  const books = new MemberBooks(member);
  settleDue(books, catalog, context);
  books.hint(ask);
  const told = paymentOf(ask, books.contact.id, paid_at, context);
  const payment = known ? takeUp(known, told) : told;
  const matched = { status: "matched", config } as const;
  // The caller says what was bought, and is answered with its credits: nothing is held back for a person.
  const recorded = grantPayment(books, payment, facts, context, { resolve: () => matched, is_decided: true });
  const [item] = recorded.items;
  if (!item?.entitlement_id) return duplicatePayment(facts, recorded, context);
  return {
    outcome: {
      reason_code: "grant_applied",
      location_id: catalog.location_id,
      contact_id: member.contact.id,
      entitlement_id: item.entitlement_id,
      credits_granted: item.granted,
      ...balanceNow(books.member(), books.lot(item.entitlement_id).product_config_id, facts, now),
    },
    changes: books.changes(),
    member: books.member(),
  };
}

/** Told by its provider, and not granted yet: the caller's word that it was paid, and for what, decides it. Rule 32. */
function awaitsGrant(known: PaymentEvent, facts: Facts): boolean {
  const is_open = ["pending", "settling", "failed", "recorded"].includes(known.status);
  const is_undecided = known.items.every(({ status }) => status === "waiting" || status === "unmatched");
  return is_open && is_undecided && ownerElsewhere(known, facts) === null;
}

function takeUp(known: PaymentEvent, told: PaymentEvent): PaymentEvent {
  return {
    ...known,
    contact_id: told.contact_id,
    amount_cents: known.amount_cents ?? told.amount_cents,
    currency: known.currency ?? told.currency,
    external_ref: known.external_ref ?? told.external_ref,
    metadata: known.metadata ?? told.metadata,
    items: waitingItems([], known.amount_cents ?? told.amount_cents),
  };
}

function paymentOf(ask: GrantAsk, contact_id: string, paid_at: Instant, { newId }: Context): PaymentEvent {
  const { provider, external_payment_id } = ask;
  return {
    id: newId(),
    contact_id,
    provider,
    external_payment_id,
    keys: [{ provider, key: external_payment_id }],
    event_type: ask.event_type,
    status: "pending",
    flags: [],
    acknowledged: [],
    amount_cents: ask.amount_cents ?? null,
    currency: ask.currency ?? null,
    paid_at,
    settles_at: null,
    duplicate_of: null,
    subscription_id: null,
    period_start_at: null,
    period_end_at: null,
    external_ref: ask.external_ref ?? null,
    metadata: ask.metadata ?? null,
    items: waitingItems([], ask.amount_cents ?? null),
    refunds: [],
    disputes: [],
  };
}

function duplicatePayment(facts: Facts, payment: PaymentEvent, context: Context): Decision {
  const payer = facts.payer ?? facts.member;
  const books = payer && new MemberBooks(payer);
  // The balance of now reckons with what is due; nothing is written (clarification 16), and while suspended it waits.
  if (books && facts.is_billing_live) settleDue(books, facts.catalog, context);
  const granted = payment.items.find(({ status }) => status === "granted");
  // A membership on its way to another plan may have opened that one's period (rule 25).
  const config_id = books?.lots.get(granted?.entitlement_id ?? "")?.product_config_id ?? granted?.product_config_id;
  const outcome = {
    reason_code: "duplicate_payment_event",
    location_id: facts.catalog.location_id,
    contact_id: payment.contact_id,
    entitlement_id: granted?.entitlement_id ?? null,
    credits_granted: 0,
    ...(books && config_id ? balanceNow(books.member(), config_id, facts, context.now) : { balance_after: 0 }),
  } as const;
  return { outcome, changes: null, member: null };
}

/** Available credits of one product config, now: 0 while the lot is scheduled or paused. Clarification 4. */
function balanceNow(member: Member, product_config_id: string, { catalog }: Facts, now: Instant) {
  // Nothing is asked for, so no usage limit can stand in its way.
  const { candidates } = sortUsable(member.lots, [], { product_config_id }, catalog, now);
  return { balance_after: balanceOf(candidates), ...unlimitedMark(candidates) };
}
