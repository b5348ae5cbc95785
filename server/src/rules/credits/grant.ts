import type { ProductConfig } from "../catalog/product-config.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Membership } from "../memberships/membership.ts";
import { anchorOf, periodToOpen, type Period } from "../memberships/periods.ts";
import type { PaymentEvent } from "../payments/payment-event.ts";
import { DAY, type Instant } from "../time/local-days.ts";
import { balanceOf, sortUsable, unlimitedMark } from "./choose-lots.ts";
import { endOfPeriodLot, lifeOfPackage } from "./expiry.ts";
import type { Lot } from "./lot.ts";
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
  if (facts.payment) return duplicatePayment(facts, facts.payment, now);
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  const config = catalog.configs.get(ask.product_config_id);
  if (!config?.active) return { outcome: { reason_code: "CONFIG_NOT_FOUND" }, changes: null, member: null };
  if (!member) throw new Error("a grant needs its contact");

  const books = new MemberBooks(member);
  settleDue(books, now);
  books.hint(ask.email, ask.name);
  const payment_event_id = context.newId();
  const lot = openLot(books, config, paid_at, payment_event_id, facts, context);
  if (!lot.unlimited) {
    books.post({
      type: "grant",
      lot_id: lot.id,
      amount: lot.granted,
      reason: "purchase",
      external_ref: ask.external_ref,
      // True since it was paid, so that what expires of a late payment does not expire before it was granted.
      occurred_at: Math.min(paid_at, now),
    });
  }
  // Paid for long ago: granted and expired, so that the history is complete (rule 20).
  settleDue(books, now);
  return {
    outcome: {
      reason_code: "grant_applied",
      location_id: catalog.location_id,
      contact_id: member.contact.id,
      entitlement_id: lot.id,
      credits_granted: lot.granted,
      ...balanceNow(books.member(), config.id, facts, now),
    },
    changes: books.changes(),
    member: books.member(),
    payment: {
      id: payment_event_id,
      contact_id: member.contact.id,
      product_config_id: config.id,
      entitlement_id: lot.id,
      provider: ask.provider,
      external_payment_id: ask.external_payment_id,
      event_type: ask.event_type,
      amount_cents: ask.amount_cents ?? null,
      currency: ask.currency ?? null,
      paid_at,
      external_ref: ask.external_ref ?? null,
      metadata: ask.metadata ?? null,
    },
  };
}

function duplicatePayment(facts: Facts, payment: PaymentEvent, now: Instant): Decision {
  const payer = facts.payer ?? facts.member;
  const outcome = {
    reason_code: "duplicate_payment_event",
    location_id: facts.catalog.location_id,
    contact_id: payment.contact_id,
    entitlement_id: payment.entitlement_id,
    credits_granted: 0,
    ...(payer ? balanceNow(payer, payment.product_config_id, facts, now) : { balance_after: 0 }),
  } as const;
  return { outcome, changes: null, member: null };
}

/** Available credits of one product config, now: 0 while the lot is scheduled or paused. Clarification 4. */
function balanceNow(member: Member, product_config_id: string, { catalog }: Facts, now: Instant) {
  // Nothing is asked for, so no usage limit can stand in its way.
  const { candidates } = sortUsable(member.lots, [], { product_config_id }, catalog, now);
  return { balance_after: balanceOf(candidates), ...unlimitedMark(candidates) };
}

function openLot(
  books: MemberBooks,
  config: ProductConfig,
  paid_at: Instant,
  payment_event_id: string,
  facts: Facts,
  context: Context,
): Lot {
  const zone = facts.catalog.policy.timezone;
  const membership = config.type === "membership" ? membershipFor(books, config, paid_at, zone, context) : null;
  const period = membership?.period ?? null;
  const effective_at = period?.start_at ?? paid_at;
  const life = period
    ? { expires_at: endOfPeriodLot(config, period, zone), activation: null }
    : lifeOfPackage(config, effective_at, zone);
  const unlimited = config.credits === "unlimited";
  const lot: Lot = {
    id: context.newId(),
    contact_id: books.contact.id,
    product_config_id: config.id,
    origin: period ? "period" : "purchase",
    state: "open",
    unlimited,
    granted: config.credits === "unlimited" ? 0 : config.credits,
    available: 0,
    held: 0,
    effective_at,
    ...life,
    parent_id: null,
    membership_id: membership?.id ?? null,
    period_start_at: period?.start_at ?? null,
    period_end_at: period?.end_at ?? null,
    payment_event_id,
    created_at: context.now,
    live: true,
  };
  books.open(lot);
  return lot;
}

/** Rule 18, clarification 19: the first payment starts the membership, each further one opens its next period. */
function membershipFor(
  books: MemberBooks,
  config: ProductConfig,
  paid_at: Instant,
  zone: string,
  context: Context,
): { id: string; period: Period } {
  const known = books.memberships.find((other) => other.product_config_id === config.id);
  const membership: Membership = known ?? {
    id: context.newId(),
    product_config_id: config.id,
    status: "active",
    started_at: paid_at,
    anchor_on: anchorOf(config, paid_at, zone),
    paid_periods: [],
  };
  const period = periodToOpen(membership, paid_at, zone);
  books.putMembership({ ...membership, paid_periods: [...membership.paid_periods, period.start_at] });
  return { id: membership.id, period };
}
