import { dateOf, midnight, mondayOf, plusDays, plusMonths } from "./model-days.ts";
import { productOf } from "./products.ts";

/** The books as plain data: lists that are walked from the front, nothing indexed, nothing cached, nothing shared. */
export interface Model {
  zone: string;
  now: number;
  is_suspended: boolean;
  /** Keys of products that are not sold any more. */
  inactive: string[];
  members: Record<string, Member>;
  payments: Record<string, { member: string; product: string; lot: string }>;
}

export interface Member {
  lots: ModelLot[];
  bookings: Booking[];
  memberships: Record<string, Membership>;
  /** When the booking of a reference begins, as far as anybody said. */
  starts: Record<string, number>;
}

export interface Membership {
  started_at: number;
  anchor_on: string;
  /** Numbers of the periods that were paid. */
  paid: number[];
  /** When the last period that has begun ends; unpaid from then on. */
  open_until: number;
  /** While its boundary is unpaid: until when its credits count all the same. */
  grace_until: number | null;
  /** What it was before grace, by lot. */
  own_ends: Record<string, number>;
  is_suspended: boolean;
}

export interface ModelLot {
  id: string;
  product: string;
  origin: "purchase" | "period" | "make_good";
  granted: number;
  available: number;
  /** Credits that were booked to `expired` so far. */
  expired: number;
  unlimited: boolean;
  effective_at: number;
  expires_at: number | null;
  /** Until its first use: days it will live then, when it ends unused, and which booking started it. */
  waiting: { days: number; unused_until: number; started_by: number | null } | null;
  period: { start_at: number; end_at: number } | null;
  created_at: number;
}

/** One deduction: what it took of which lot, in order. */
export interface Booking {
  ref: string | null;
  service_on: string;
  parts: { lot: string; amount: number; restored: number }[];
}

export interface Ask {
  product?: string | undefined;
  calendar?: string | undefined;
  amount?: number | undefined;
  at?: number | undefined;
  ref?: string | undefined;
}

export function lotOf(member: Member, id: string): ModelLot {
  const lot = member.lots.find((known) => known.id === id);
  if (!lot) throw new Error(`the model has no lot ${id}`);
  return lot;
}

export function isExpired(lot: ModelLot, at: number): boolean {
  return lot.expires_at !== null && lot.expires_at <= at;
}

/** What time does: boundaries of memberships pass, and what is left of a lot whose time is over goes to `expired`. */
export function expire(member: Member, now: number, zone: string): void {
  for (const [key, membership] of Object.entries(member.memberships))
    passBoundaries(member, key, membership, now, zone);
  for (const lot of member.lots) {
    if (!isExpired(lot, now)) continue;
    lot.expired += lot.available;
    lot.available = 0;
  }
}

/** The instant at which period k begins and period k − 1 ends. */
export function boundaryOf({ anchor_on }: { anchor_on: string }, k: number, zone: string): number {
  return midnight(plusMonths(anchor_on, k), zone);
}

function passBoundaries(member: Member, key: string, membership: Membership, now: number, zone: string): void {
  const { paid } = membership;
  while (!membership.is_suspended && membership.grace_until === null && membership.open_until <= now) {
    const ends = paid.map((k) => boundaryOf(membership, k + 1, zone)).filter((end) => end > membership.open_until);
    if (ends.length > 0) membership.open_until = Math.min(...ends);
    else beginGrace(member, key, membership, zone);
  }
  if (membership.grace_until === null || membership.grace_until > now) return;
  membership.grace_until = null;
  membership.is_suspended = true;
}

/** Lots that would have ended before grace does live as long as grace. */
function beginGrace(member: Member, key: string, membership: Membership, zone: string): void {
  const { open_until } = membership;
  const { grace_days = 7 } = productOf(key);
  const grace_until = midnight(plusDays(dateOf(open_until, zone), grace_days), zone);
  membership.grace_until = Math.max(open_until, grace_until);
  for (const lot of member.lots) {
    const is_own = lot.product === key && lot.origin === "period" && lot.effective_at < open_until;
    if (!is_own || lot.expires_at === null || lot.expires_at < open_until || lot.expires_at >= grace_until) continue;
    membership.own_ends[lot.id] = lot.expires_at;
    lot.expires_at = grace_until;
  }
}

/** A payment opened a period: what was in grace ends at its own end, or with grace. */
export function endGrace(member: Member, membership: Membership, paid_at: number, period_end: number): void {
  const since = Math.max(membership.open_until, paid_at);
  for (const [id, end] of Object.entries(membership.own_ends)) {
    if (membership.grace_until !== null) lotOf(member, id).expires_at = Math.max(end, since);
  }
  membership.open_until = Math.max(membership.open_until, period_end);
  membership.grace_until = null;
  membership.own_ends = {};
  membership.is_suspended = false;
}

export function statusOf(lot: ModelLot, now: number): string {
  if (isExpired(lot, now)) return "expired";
  if (lot.effective_at > now) return "scheduled";
  return lot.unlimited || lot.available > 0 ? "active" : "exhausted";
}

export function covers(lot: ModelLot, ask: Ask): boolean {
  if (ask.product !== undefined && lot.product !== ask.product) return false;
  return ask.calendar === undefined || productOf(lot.product).calendars.includes(ask.calendar);
}

/** Lots that may be spent on what is asked, the first to be spent first. */
export function usableLots(model: Model, member: Member, ask: Ask, counts_limits = true): ModelLot[] {
  const at = ask.at ?? model.now;
  const usable = member.lots.filter(
    (lot) =>
      covers(lot, ask) &&
      !isExpired(lot, model.now) &&
      !isExpired(lot, at) &&
      lot.effective_at <= at &&
      !(counts_limits && isLimitReached(model, member, lot, at)),
  );
  return usable.sort((a, b) => compare(burnKeys(a), burnKeys(b)));
}

function burnKeys(lot: ModelLot): (number | string)[] {
  const { priority = 100, calendars } = productOf(lot.product);
  return [
    priority,
    lot.unlimited ? 0 : 1,
    lot.expires_at ?? Number.POSITIVE_INFINITY,
    lot.origin === "make_good" ? 0 : 1,
    calendars.length,
    lot.effective_at,
    lot.created_at,
    lot.id,
  ];
}

function compare(a: (number | string)[], b: (number | string)[]): number {
  for (const [i, key] of a.entries()) {
    const other = b[i] ?? "";
    if (key < other) return -1;
    if (key > other) return 1;
  }
  return 0;
}

function isLimitReached(model: Model, member: Member, lot: ModelLot, at: number): boolean {
  const { per_day, per_week, per_period } = productOf(lot.product).limits ?? {};
  const day = dateOf(at, model.zone);
  const monday = mondayOf(day);
  const count = (from: string, to: string) => bookingsOf(member, lot.product, from, to);
  if (per_day !== undefined && count(day, day) >= per_day) return true;
  if (per_week !== undefined && count(monday, plusDays(monday, 6)) >= per_week) return true;
  if (per_period === undefined) return false;
  const end = lot.period?.end_at ?? lot.expires_at;
  const last = end === null ? "9999-12-31" : lastDayBefore(end, model.zone);
  return count(dateOf(lot.period?.start_at ?? lot.effective_at, model.zone), last) >= per_period;
}

function lastDayBefore(end: number, zone: string): string {
  const date = dateOf(end, zone);
  return midnight(date, zone) === end ? plusDays(date, -1) : date;
}

/** Bookings from one date through another that still hold something of the product. */
function bookingsOf(member: Member, product: string, from: string, to: string): number {
  return member.bookings.filter(
    ({ service_on, parts }) =>
      from <= service_on &&
      service_on <= to &&
      parts.some((part) => lotOf(member, part.lot).product === product && part.restored < part.amount),
  ).length;
}

/** What an answer tells of a set of lots. */
export function balance(lots: ModelLot[]): { balance_after: number; unlimited: true | undefined } {
  return {
    balance_after: lots.reduce((sum, lot) => sum + lot.available, 0),
    unlimited: lots.some((lot) => lot.unlimited) ? true : undefined,
  };
}
