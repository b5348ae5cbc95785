import type { Catalog } from "../catalog/product-config.ts";
import type { Take } from "../credits/choose-lots.ts";
import { MemberBooks } from "../credits/member-books.ts";
import { planCharge, postTakes } from "../credits/plan-charge.ts";
import type { Context } from "../decision.ts";
import type { Outcome } from "../outcome.ts";
import type { Instant } from "../time/local-days.ts";
import type { Unfunded } from "./appointment.ts";
import { BOOKED, type CALENDAR_CHANGED } from "./posted-charges.ts";

/** What a booking asks of its member's lots. */
export interface BookingAsk {
  external_id: string;
  calendar_id: string | null;
  starts_at: Instant | null;
  /** Since when it deserves the charge, by the provider's time. */
  since: Instant;
  /** Limits the choice to this product. */
  product_config_id?: string | undefined;
  /** Credits; omitted: what one booking of the calendar costs. */
  amount?: number;
}

/** The facts do not suffice to say why: ask again with the member's closed lots. */
export const NEEDS_CLOSED_LOTS = "needs_closed_lots";

export type BookingPlan =
  | { takes: Take[] }
  /** With the refusal that a deduction would be answered with. */
  | { unfunded: Unfunded; refusal: Outcome }
  | typeof NEEDS_CLOSED_LOTS;

/** What the booking would be charged from, or why it cannot be charged. Rules 7 to 12, 30. */
export function planBooking(books: MemberBooks, ask: BookingAsk, catalog: Catalog, context: Context): BookingPlan {
  const { calendar_id, starts_at, product_config_id, amount } = ask;
  const plan = planCharge(
    { member: books.member(), catalog },
    {
      product_config_id,
      calendar_id: calendar_id ?? undefined,
      appointment_time: starts_at ?? undefined,
      ...(amount === undefined ? {} : { amount }),
    },
    context,
  );
  if ("needs" in plan) return NEEDS_CLOSED_LOTS;
  if (plan.takes !== null) return { takes: plan.takes };
  const unfunded = unfundedOf(books, ask, plan.refusal, catalog, context.now);
  return {
    unfunded,
    refusal: unfunded.reason === "CONFIG_NOT_FOUND" ? { reason_code: unfunded.reason } : plan.refusal,
  };
}

/**
 * Holds the credits of a plan for the booking; true since it was booked, but not before the credits were there. Answers with
 * the number of its first entry.
 */
export function holdTakes(
  books: MemberBooks,
  takes: readonly Take[],
  { external_id, starts_at, since }: BookingAsk,
  catalog: Catalog,
  context: Context,
  reason: typeof BOOKED | typeof CALENDAR_CHANGED = BOOKED,
): number {
  const { now } = context;
  const entry_number = books.contact.entry_count + 1;
  const posting = {
    type: "hold",
    reason,
    service_at: reason === BOOKED ? (starts_at ?? now) : null,
    external_ref: external_id,
    at: heldSince(takes, since, now),
  } as const;
  postTakes(books, takes, posting, catalog.policy.timezone, context);
  return entry_number;
}

/** Since when it is held: not before the credits were there. */
export function heldSince(takes: readonly Take[], since: Instant, now: Instant): Instant {
  const there_since = takes.map(({ lot }) => lot.effective_at).filter((at) => at <= now);
  return Math.min(now, Math.max(since, ...there_since));
}

/** The books as they would be after `change`, which is not made. */
export function imagine(books: MemberBooks, change: (copy: MemberBooks) => void): MemberBooks {
  const copy = new MemberBooks(books.member());
  change(copy);
  return copy;
}

function unfundedOf(books: MemberBooks, ask: BookingAsk, refusal: Outcome, catalog: Catalog, now: Instant): Unfunded {
  const { calendar_id, since } = ask;
  const detail = "detail" in refusal ? ((refusal.detail ?? null) as Unfunded["detail"]) : null;
  const is_sold = [...catalog.configs.values()].some(
    ({ active, calendars }) => active && calendar_id !== null && calendars.has(calendar_id),
  );
  const is_short = refusal.reason_code === "INSUFFICIENT_CREDITS";
  const no_lot = detail === "SERVICE_FAMILY_MISMATCH" ? "SERVICE_FAMILY_MISMATCH" : "NO_ENTITLEMENT";
  return {
    reason: is_short ? "INSUFFICIENT_CREDITS" : is_sold ? no_lot : "CONFIG_NOT_FOUND",
    detail,
    awaits_period: awaitsPeriod(books, ask, catalog),
    since: Math.min(now, since),
  };
}

/** Clarification 23. A membership covers it in a period that is not open yet, and goes on until then. */
function awaitsPeriod(books: MemberBooks, { calendar_id, starts_at }: BookingAsk, catalog: Catalog): boolean {
  if (calendar_id === null || starts_at === null) return false;
  return books.memberships.some(({ status, product_config_id, next_config_id, ends_at, started_at, periods }) => {
    const config = catalog.configs.get(next_config_id ?? product_config_id);
    if (status === "ended" || !config?.calendars.has(calendar_id)) return false;
    if (starts_at < started_at || (ends_at !== null && ends_at <= starts_at)) return false;
    return !periods.some(({ start_at, end_at }) => start_at <= starts_at && starts_at < end_at);
  });
}

/** Whether the period that a booking waited for is open now. */
export function isPeriodOpen(
  books: MemberBooks,
  { calendar_id, starts_at }: Pick<BookingAsk, "calendar_id" | "starts_at">,
  catalog: Catalog,
): boolean {
  if (calendar_id === null || starts_at === null) return false;
  return books.memberships.some(({ product_config_id, periods }) => {
    if (!catalog.configs.get(product_config_id)?.calendars.has(calendar_id)) return false;
    return periods.some(({ start_at, end_at }) => start_at <= starts_at && starts_at < end_at);
  });
}
