import { settleAwaiting } from "../bookings/settle-awaiting.ts";
import type { Catalog, ProductConfig } from "../catalog/product-config.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import { addDays, localDate, startOfDay, type Instant } from "../time/local-days.ts";
import { auditMembership } from "./audit-membership.ts";
import { moveOver, standstillsSince } from "./frozen-time.ts";
import { paidAfter, type Membership, type MembershipPeriod } from "./membership.ts";
import { openPeriod } from "./open-period.ts";
import { periodAt } from "./periods.ts";
import { rollOver } from "./roll-over.ts";

/**
 * Rules 19 to 22, 24, 26. What happens when a membership's open period ends, at `at` (later than its end where a freeze holds then):
 * it ends if it was to; else its next period opens, paid before or opened by the schedule, and takes over what rolls; else it is
 * past due, until a later period that was paid begins.
 */
export function settleBoundary(
  books: MemberBooks,
  membership: Membership,
  at: Instant,
  catalog: Catalog,
  context: Context,
): void {
  const { open_until, ends_at, status } = membership;
  const is_over = ends_at !== null && ends_at <= open_until;
  const paid = is_over ? undefined : paidAfter(membership);
  const begun = paid && paid.start_at <= at ? paid : null;
  const next = begun ?? (is_over ? null : openScheduled(books, membership, at, catalog, context));
  if (!next) {
    const grace_until = graceOf(membership, at, catalog);
    // An end that lies further off is not this one: it may be a year's agreement that is paid by the month.
    if (ends_at === null || ends_at > grace_until || paid !== undefined)
      fallPastDue(books, membership, at, grace_until);
    else {
      books.putMembership({ ...membership, status: "ended" });
      auditMembership(books, "membership_ended", membership, at);
    }
    return;
  }
  if (status === "active" || isInGrace(membership, at)) rollOver(books, membership, next, at, catalog, context);
  if (status === "past_due") withdrawGrace(books, membership, at);
  const renewed = changePlanWith(books, membershipOf(books, membership.id), next.lot_id);
  const unpaid_no_more = { status: "active", grace_until: null, lots_in_grace: [] } as const;
  books.putMembership({ ...renewed, ...unpaid_no_more, open_until: next.end_at });
  settleAwaiting(books, catalog, { ...context, now: at });
}

function isInGrace({ status, grace_until }: Membership, at: Instant): boolean {
  return status === "past_due" && grace_until !== null && at < grace_until;
}

/** The next period, where the schedule opens it: prepaid for a term, or renewed without payments. Rule 18. */
function openScheduled(
  books: MemberBooks,
  membership: Membership,
  at: Instant,
  catalog: Catalog,
  context: Context,
): MembershipPeriod | null {
  // One further on that was paid early is not the last: what is prepaid before it comes first.
  const last = membership.periods.findLast(({ index, end_at }) => index !== null && end_at <= membership.open_until);
  if (last?.index === undefined || last.index === null) return null;
  const index = last.index + 1;
  const config = catalog.configs.get(membership.next_config_id ?? membership.product_config_id);
  const is_scheduled = membership.renewal === "schedule" && config?.term_months === null;
  if (!config || (!is_scheduled && index >= membership.prepaid_through)) return null;
  const period = periodAt(membership, index, catalog.policy.timezone);
  const grant = {
    payment_event_id: null,
    payment_item: null,
    quantity: 1,
    reason: "renewal",
    occurred_at: at,
    opened_at: at,
  } as const;
  openPeriod(books, membership, config, period, grant, catalog, context);
  return membershipOf(books, membership.id).periods.find((opened) => opened.index === index) ?? null;
}

/** Rule 25. A downgrade holds from the first period that was opened with it. */
export function changePlanWith(books: MemberBooks, membership: Membership, lot_id: string): Membership {
  const { next_config_id } = membership;
  if (next_config_id === null || books.lots.get(lot_id)?.product_config_id !== next_config_id) return membership;
  return { ...membership, product_config_id: next_config_id, next_config_id: null };
}

/** Clarification 18. When the grace ends of a boundary that passes unpaid at `at`. */
export function graceOf(membership: Membership, at: Instant, catalog: Catalog): Instant {
  const { timezone } = catalog.policy;
  const unpaid_on = localDate(at, timezone);
  const grace_on = addDays(unpaid_on, configOf(catalog, membership).grace_days);
  const in_the_way = standstillsSince(membership.freezes, unpaid_on);
  return Math.max(at, startOfDay(moveOver(grace_on, in_the_way), timezone));
}

/** Rule 26. Nothing new is granted, and the last period's lots count as not expired until grace ends. */
function fallPastDue(books: MemberBooks, membership: Membership, at: Instant, grace_until: Instant): void {
  const in_grace = [...books.lots.values()].filter(
    (lot) =>
      lot.membership_id === membership.id &&
      lot.live &&
      lot.effective_at < at &&
      isBetween(lot.expires_at, at, grace_until),
  );
  const lots_in_grace = in_grace.map(({ id, expires_at }) => ({ lot_id: id, expires_at: expires_at ?? at }));
  books.putMembership({ ...membership, status: "past_due", grace_until, lots_in_grace });
  for (const lot of in_grace) books.reshape({ ...lot, expires_at: grace_until });
  auditMembership(books, "membership_past_due", membership, at);
}

function isBetween(at: Instant | null, from: Instant, to: Instant): boolean {
  return at !== null && from <= at && at < to;
}

/** Rule 26. Grace has passed unpaid: its credits expire by themselves, and paid later it goes on (rule 18). */
export function endGrace(books: MemberBooks, membership: Membership): void {
  books.putMembership({ ...membership, status: "suspended", grace_until: null });
  auditMembership(books, "membership_suspended", membership, membership.grace_until ?? membership.open_until);
}

/** Rules 24, 26. What lived by grace alone ends with it: at its own expiry, or where grace did, at `at`. */
export function withdrawGrace(books: MemberBooks, membership: Membership, at: Instant): void {
  for (const { lot_id, expires_at } of membership.lots_in_grace) {
    const lot = books.lots.get(lot_id);
    if (lot?.live && !outlivesGrace(lot, membership, at))
      books.reshape({ ...lot, expires_at: Math.max(expires_at, at) });
  }
}

/** Rule 17. Whether staff gave it more time than grace did: that stays, paid or not. */
export function outlivesGrace({ expires_at }: Lot, { grace_until }: Membership, at: Instant): boolean {
  return expires_at !== null && expires_at > (grace_until ?? at);
}

export function configOf(catalog: Catalog, { product_config_id }: Membership): ProductConfig {
  const config = catalog.configs.get(product_config_id);
  if (!config) throw new Error(`product config ${product_config_id} of a membership is gone`);
  return config;
}

export function membershipOf(books: MemberBooks, id: string): Membership {
  const membership = books.memberships.find((other) => other.id === id);
  if (!membership) throw new Error(`membership ${id} was not loaded`);
  return membership;
}
