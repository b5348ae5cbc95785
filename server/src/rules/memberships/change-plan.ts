import type { Catalog, ProductConfig } from "../catalog/product-config.ts";
import { endOfPeriodLot } from "../credits/expiry.ts";
import { MemberBooks } from "../credits/member-books.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { daysBetween, localDate, type Instant } from "../time/local-days.ts";
import { auditMembership } from "./audit-membership.ts";
import { configOf } from "./boundary.ts";
import { moveBack, standstillsOf } from "./frozen-time.ts";
import { lifeOfPeriodLot } from "./life.ts";
import { unfrozenFrom, type Membership, type MembershipPeriod } from "./membership.ts";
import { currentOf, openBooks, refuse } from "./open-command.ts";
import { tellMembership } from "./tell-membership.ts";

export interface ChangePlanAsk {
  membership_id: string;
  product_config_id: string;
  /** Omitted: now where the new plan gives more credits, else from the next period. */
  when?: "now" | "next_period" | undefined;
  reason?: string | undefined;
}

/** Rule 25. More now: the difference for the days that are left. Less from the next period, and nothing is taken back. */
export function decideChangePlan(facts: Facts, ask: ChangePlanAsk, context: Context): Decision {
  const { now } = context;
  const { catalog } = facts;
  const config = catalog.configs.get(ask.product_config_id);
  const is_plan = config?.active === true && config.type === "membership";
  const books = openBooks(facts, context, is_plan ? null : { reason_code: "CONFIG_NOT_FOUND" });
  if (!(books instanceof MemberBooks)) return books;
  if (!config || !is_plan) return refuse(books, { reason_code: "CONFIG_NOT_FOUND" });
  const membership = books.memberships.find(({ id, status }) => id === ask.membership_id && status !== "ended");
  if (!membership) return refuse(books, { reason_code: "MEMBERSHIP_NOT_FOUND" });
  if (membership.status !== "active") {
    return refuse(books, { reason_code: "MEMBERSHIP_NOT_ACTIVE", status: membership.status });
  }
  const current = configOf(catalog, membership);
  const flaw = flawOf(books, membership, config);
  if (flaw) return { invalid: flaw };

  const takes_back = config.id === current.id;
  const when = ask.when ?? (creditsOf(config) > creditsOf(current) || takes_back ? "now" : "next_period");
  if (when === "next_period") books.putMembership({ ...membership, next_config_id: takes_back ? null : config.id });
  else {
    books.putMembership({ ...membership, product_config_id: config.id, next_config_id: null });
    if (!takes_back) grantDifference(books, membership, current, config, catalog, context);
  }
  const to = { product_config_id: config.id, reason: ask.reason };
  auditMembership(books, "change_plan", membership, now, to);
  return {
    outcome: { reason_code: "plan_changed", when, membership: tellMembership(currentOf(books, membership), now) },
    changes: books.changes(),
    member: books.member(),
  };
}

function flawOf(
  books: MemberBooks,
  membership: Membership,
  config: ProductConfig,
): { field: string; message: string } | null {
  const { id, product_config_id, next_config_id, ends_at } = membership;
  const field = "product_config_id";
  if (config.id === (next_config_id ?? product_config_id)) return { field, message: "is its plan already" };
  if (ends_at !== null) return { field: "membership_id", message: "is about to end: resume it first" };
  const is_taken = books.memberships.some(
    (other) =>
      other.id !== id &&
      other.status !== "ended" &&
      (other.product_config_id === config.id || other.next_config_id === config.id),
  );
  return is_taken ? { field, message: "is the plan of another membership of this contact" } : null;
}

function creditsOf({ credits }: ProductConfig): number {
  return credits === "unlimited" ? Number.POSITIVE_INFINITY : credits;
}

/** A lot of the new plan that ends with the running period; an unlimited plan covers the rest of it. */
function grantDifference(
  books: MemberBooks,
  membership: Membership,
  from: ProductConfig,
  to: ProductConfig,
  catalog: Catalog,
  { now, newId }: Context,
): void {
  const zone = catalog.policy.timezone;
  const period = membership.periods.findLast(({ start_at }) => start_at <= now);
  if (!period) return;
  const unlimited = to.credits === "unlimited";
  const had = Math.max(creditsOf(from), mostInPeriod(books, membership, period, catalog));
  const granted = unlimited ? 0 : shareLeft(creditsOf(to) - had, membership, period, now, zone);
  if (!unlimited && granted === 0) return;
  const id = newId();
  books.open({
    id,
    contact_id: books.contact.id,
    product_config_id: to.id,
    origin: "adjustment",
    state: "open",
    unlimited,
    granted,
    available: 0,
    held: 0,
    ...lifeOfPeriodLot(membership, period, endOfPeriodLot(from, period, zone), zone),
    effective_at: unfrozenFrom(membership, now),
    activation: null,
    parent_id: null,
    membership_id: membership.id,
    period_start_at: period.start_at,
    period_end_at: period.end_at,
    payment_event_id: null,
    payment_item: null,
    created_at: now,
    live: true,
  });
  if (!unlimited)
    books.post({ type: "adjust_up", lot_id: id, amount: granted, reason: "plan_upgraded", occurred_at: now });
}

/** What the best plan gives that this period had before: a plan left and taken again is no second upgrade. */
function mostInPeriod(books: MemberBooks, membership: Membership, period: MembershipPeriod, catalog: Catalog): number {
  const plans = [...books.lots.values()]
    .filter((lot) => lot.membership_id === membership.id && lot.period_start_at === period.start_at)
    .filter(({ origin, state }) => (origin === "period" || origin === "adjustment") && state !== "revoked")
    .map(({ product_config_id }) => catalog.configs.get(product_config_id));
  return Math.max(0, ...plans.map((plan) => (plan ? creditsOf(plan) : 0)));
}

/** `round_half_up(difference × days left ÷ days in the period)`, at least 0; frozen days are none of either. Today is left. */
export function shareLeft(
  difference: number,
  { freezes, renewal }: Pick<Membership, "freezes" | "renewal">,
  period: Pick<MembershipPeriod, "start_at" | "end_at">,
  now: Instant,
  zone: string,
): number {
  if (!(difference > 0)) return 0;
  const standstills = renewal === "provider" ? [] : standstillsOf(freezes);
  const dateOf = (at: Instant) => moveBack(localDate(at, zone), standstills);
  const left = daysBetween(dateOf(now), dateOf(period.end_at));
  const days = Math.max(1, daysBetween(dateOf(period.start_at), dateOf(period.end_at)));
  const share = (2 * difference * Math.min(Math.max(0, left), days) + days) / (2 * days);
  return Number.isFinite(share) ? Math.floor(share) : 0;
}
