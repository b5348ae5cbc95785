import type { Catalog, ProductConfig } from "../catalog/product-config.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import { addMonths, localDate, startOfDay, type Instant } from "../time/local-days.ts";
import { changePlanWith, configOf, graceOf, membershipOf, withdrawGrace } from "./boundary.ts";
import { freezeAt, mayGoOn, unfrozenFrom, type Membership, type MembershipPeriod } from "./membership.ts";
import { openPeriod } from "./open-period.ts";
import { anchorOf, periodToOpen, type Period } from "./periods.ts";
import { rollOver } from "./roll-over.ts";

/** A payment for a membership: what it opens is decided by rule 18. */
export interface PeriodPayment {
  paid_at: Instant;
  payment_event_id: string;
  payment_item: number;
  quantity: number;
  external_ref?: string | undefined;
  /** The period that the provider says was paid; null: the first unpaid one. */
  period: { start_at: Instant; end_at: Instant } | null;
  /** As `provider:id`. */
  subscription_id: string | null;
}

/**
 * `charged_while_frozen`: the membership stood still when it was charged (rule 23). `late`: it was paid within grace and told when that
 * was over, so that nothing rolled over (rule 22).
 */
export type PeriodFlag = "charged_while_frozen" | "late";

export interface PaidPeriod {
  lot: Lot;
  /** What staff should know of it. */
  flags: readonly PeriodFlag[];
}

/**
 * Rule 18, clarification 19. The first payment starts the membership, each further one opens a period; one while it is to end undoes
 * that. Null: the provider's period was granted before.
 */
export function payPeriod(
  books: MemberBooks,
  config: ProductConfig,
  payment: PeriodPayment,
  catalog: Catalog,
  context: Context,
): PaidPeriod | null {
  const { now } = context;
  const zone = catalog.policy.timezone;
  const known = findPaid(books, config, payment);
  const before = known ?? newMembership(config, payment, zone, context);
  const period = payment.period ? { index: null, ...payment.period } : nextUnpaid(before, payment.paid_at, zone);
  const renewal = payment.period ? "provider" : before.renewal;
  if (before.periods.some(({ start_at }) => start_at === period.start_at)) return null;
  const plan = planOf(books, before, config, period, catalog);
  const term = plan.term_months !== null && period.index !== null ? period.index + plan.term_months : 0;
  const paid: Membership = {
    ...before,
    status: before.status === "ended" ? "suspended" : before.status,
    renewal,
    ...endAfterPayment(before, payment.paid_at, period),
    next_config_id: plan.id === before.product_config_id ? before.next_config_id : plan.id,
    subscription_id: payerOf(before, payment, period),
    prepaid_through: Math.max(before.prepaid_through, term),
  };
  const { paid_at: occurred_at, ...grant } = payment;
  const lot = openPeriod(
    books,
    paid,
    plan,
    period,
    // True since it was paid, so that what expires of a late payment does not expire before it was granted.
    { ...grant, reason: "purchase", occurred_at: Math.min(occurred_at, now), opened_at: now },
    catalog,
    context,
  );
  if (known) takeUp(books, known, { ...period, lot_id: lot.id }, payment.paid_at, catalog, context);
  else books.putMembership({ ...membershipOf(books, paid.id), open_until: period.end_at });
  const flags: PeriodFlag[] = [];
  if (freezeAt(paid, Math.min(payment.paid_at, now)) !== null) flags.push("charged_while_frozen");
  if (known && missedGrace(known, payment, catalog)) flags.push("late");
  return { lot: books.lot(lot.id), flags };
}

function missedGrace(known: Membership, { paid_at }: PeriodPayment, catalog: Catalog): boolean {
  return known.status === "suspended" && paid_at < graceOf(known, known.open_until, catalog);
}

/** Rule 25. The plan of the period that is paid: what was bought, or where the membership moves to another plan then, that. */
function planOf(
  books: MemberBooks,
  membership: Membership,
  bought: ProductConfig,
  period: Period,
  catalog: Catalog,
): ProductConfig {
  const { product_config_id, next_config_id, open_until } = membership;
  if (period.start_at < open_until || bought.id === next_config_id) return bought;
  if (bought.id === product_config_id) return catalog.configs.get(next_config_id ?? bought.id) ?? bought;
  // Paid by its subscription for another plan: the provider moved it, unless the contact has a membership of that plan too.
  const is_taken = books.memberships.some((other) => other.product_config_id === bought.id && other.status !== "ended");
  return is_taken ? configOf(catalog, membership) : bought;
}

/** Clarification 19. A payment undoes an end that was decided before it was made; one that is only told later does not. */
function endAfterPayment(
  { status, ends_at, cancelled_at, open_until }: Membership,
  paid_at: Instant,
  period: Period,
): Pick<Membership, "ends_at" | "cancelled_at"> {
  if (status === "ended") return { ends_at: Math.max(open_until, period.end_at), cancelled_at };
  if (ends_at === null || cancelled_at === null || cancelled_at <= paid_at)
    return { ends_at: null, cancelled_at: null };
  return { ends_at: Math.max(ends_at, period.end_at), cancelled_at };
}

/** Clarification 19. Of several subscriptions that pay it, it follows the one of its latest period, whichever was told last. */
function payerOf(membership: Membership, payment: PeriodPayment, period: Period): string | null {
  const { subscription_id, periods } = membership;
  const is_latest = periods.every(({ start_at }) => start_at < period.start_at);
  return (is_latest ? payment.subscription_id : subscription_id) ?? subscription_id ?? payment.subscription_id;
}

function findPaid(
  books: MemberBooks,
  config: ProductConfig,
  { subscription_id, paid_at }: PeriodPayment,
): Membership | undefined {
  const live = books.memberships.filter(({ status }) => status !== "ended");
  return (
    live.find((other) => subscription_id !== null && other.subscription_id === subscription_id) ??
    live.find((other) => other.product_config_id === config.id || other.next_config_id === config.id) ??
    endedUnheard(books, subscription_id, paid_at)
  );
}

/** Rule 24. What its subscription ended before this earlier payment was heard of: that opens its period, and it ends with it. */
function endedUnheard(books: MemberBooks, subscription_id: string | null, paid_at: Instant): Membership | undefined {
  if (subscription_id === null) return undefined;
  const isTaken = (config_id: string) =>
    books.memberships.some(({ status, product_config_id }) => status !== "ended" && product_config_id === config_id);
  return books.memberships.find(
    (other) =>
      other.status === "ended" &&
      mayGoOn(other) &&
      other.subscription_id === subscription_id &&
      paid_at < (other.cancelled_at ?? 0) &&
      !isTaken(other.product_config_id),
  );
}

function newMembership(config: ProductConfig, payment: PeriodPayment, zone: string, context: Context): Membership {
  const started_at = payment.period?.start_at ?? payment.paid_at;
  return {
    id: context.newId(),
    product_config_id: config.id,
    status: "active",
    renewal: payment.period ? "provider" : config.renewal,
    started_at,
    anchor_on: anchorOf(config, started_at, zone),
    periods: [],
    open_until: started_at,
    prepaid_through: 0,
    grace_until: null,
    lots_in_grace: [],
    ends_at: null,
    cancelled_at: null,
    next_config_id: null,
    subscription_id: payment.subscription_id,
    subscription_told: null,
    freezes: [],
  };
}

/** What is prepaid for a term is paid, opened or not. What a provider billed so far goes on by the month when it says no more. */
function nextUnpaid(membership: Membership, paid_at: Instant, zone: string): Period {
  if (membership.renewal === "provider") return monthAfter(membership, paid_at, zone);
  const opened = membership.periods.map(({ index }) => index);
  const prepaid = Array.from({ length: membership.prepaid_through }, (_, index) => index);
  const unopened = prepaid.filter((index) => !opened.includes(index));
  const blank = { start_at: 0, end_at: 0, lot_id: "" };
  const periods = [...membership.periods, ...unopened.map((index) => ({ index, ...blank }))];
  return periodToOpen({ ...membership, periods }, paid_at, zone);
}

/** Months that are looked at for one that is not over. */
const MAX_MONTHS = 1200;

function monthAfter({ periods, started_at }: Membership, paid_at: Instant, zone: string): Period {
  const billed_until = Math.max(started_at, ...periods.map(({ end_at }) => end_at));
  const anchor_on = localDate(billed_until, zone);
  let start_at = billed_until;
  for (let k = 1; k < MAX_MONTHS; k += 1) {
    const end_at = startOfDay(addMonths(anchor_on, k), zone);
    if (end_at > paid_at) return { index: null, start_at, end_at };
    start_at = end_at;
  }
  throw new Error("a membership has no period left to open");
}

/** A period that has begun is the open one now; one that was past due takes over what rolls, and the rest expires. */
function takeUp(
  books: MemberBooks,
  before: Membership,
  period: MembershipPeriod,
  paid_at: Instant,
  catalog: Catalog,
  context: Context,
): void {
  const { now } = context;
  // It is paid early, or its boundary waits for the end of a freeze: there it takes over what rolls.
  if (period.start_at > now || (before.status === "active" && before.open_until <= now)) return;
  const paid = membershipOf(books, before.id);
  const open_until = Math.max(before.open_until, period.end_at);
  if (before.status === "past_due") {
    // By the provider's time, so that it does not matter whether the boundary or the payment was heard of first.
    const due_at = unfrozenFrom(before, Math.max(before.open_until, period.start_at));
    const since = Math.max(due_at, Math.min(paid_at, now));
    rollOver(books, before, period, since, catalog, context);
    withdrawGrace(books, before, since);
  }
  const renewed = changePlanWith(books, paid, period.lot_id);
  books.putMembership({ ...renewed, status: "active", grace_until: null, lots_in_grace: [], open_until });
}
