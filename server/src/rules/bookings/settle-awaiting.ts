import type { Catalog } from "../catalog/product-config.ts";
import { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";
import type { Appointment } from "./appointment.ts";
import { settleGroup } from "./bring-about.ts";
import {
  heldSince,
  holdTakes,
  isPeriodOpen,
  NEEDS_CLOSED_LOTS,
  planBooking,
  type BookingPlan,
} from "./charge-booking.ts";
import { settlesAt, type Verdict } from "./deserve.ts";
import { takePenalty } from "./no-show-penalty.ts";
import { openCharges } from "./posted-charges.ts";

/**
 * Clarification 23. What settles by itself when credits come, oldest first: bookings that only waited for their membership's
 * period; those whose credits had been paid for when they were booked, and we only heard of it later; all where the location
 * says `auto_settle`. The others wait for staff.
 */
export function settleAwaiting(books: MemberBooks, catalog: Catalog, context: Context): void {
  const waiting = books.appointments
    .filter(({ unfunded }) => unfunded !== null)
    .sort((a, b) => sinceOf(a) - sinceOf(b) || a.booked_at - b.booked_at || (a.external_id < b.external_id ? -1 : 1));
  for (const booking of waiting) {
    const since = sinceOf(booking);
    const is_open = booking.unfunded?.awaits_period === true && isPeriodOpen(books, booking, catalog);
    const of_all = is_open || catalog.policy.auto_settle;
    const lots = [...books.lots.values()].filter(({ effective_at }) => of_all || effective_at <= since);
    const seen = new MemberBooks({ ...books.member(), lots, has_closed_lots: true });
    const plan = planUnfunded(seen, booking, since, undefined, catalog, context);
    if (plan === NEEDS_CLOSED_LOTS) continue;
    if ("takes" in plan)
      books.byItself(booking.source, () => chargeUnfunded(books, booking, plan, since, catalog, context));
    // The period it waited for did not have the credits either: it waits for staff now.
    else if (is_open) books.putAppointment({ ...booking, unfunded: { ...plan.unfunded, since } });
  }
}

function sinceOf({ unfunded, booked_at }: Appointment): Instant {
  return unfunded?.since ?? booked_at;
}

export function planUnfunded(
  books: MemberBooks,
  { external_id, calendar_id, starts_at }: Appointment,
  since: Instant,
  product_config_id: string | undefined,
  catalog: Catalog,
  context: Context,
): BookingPlan {
  return planBooking(books, { external_id, calendar_id, starts_at, since, product_config_id }, catalog, context);
}

/** Charges it as its status deserves by now: an unfunded booking is one that deserves a charge. */
export function chargeUnfunded(
  books: MemberBooks,
  booking: Appointment,
  { takes }: Extract<BookingPlan, { takes: unknown }>,
  since: Instant,
  catalog: Catalog,
  context: Context,
): void {
  const { external_id, calendar_id, starts_at, ends_at } = booking;
  const entry_number = holdTakes(books, takes, { external_id, calendar_id, starts_at, since }, catalog, context);
  const followed = booking.followed ?? { versions: 0, waived: [], charges: [] };
  const charges = [...followed.charges, { entry_number, calendar_id, starts_at }];
  const charged = openCharges(books, external_id, charges).at(-1);
  if (!charged) throw new Error(`booking ${external_id} was charged without a charge`);
  const settles_at = starts_at === null ? null : settlesAt({ starts_at, ends_at });
  const verdict = verdictOf(booking, settles_at, heldSince(takes, since, context.now), context.now);
  settleGroup(books, charged, verdict, context.now);
  const is_partly =
    verdict.settlement === "no_show" && takePenalty(books, booking, charged, verdict.at, catalog, context);
  books.putAppointment({
    ...booking,
    unfunded: null,
    followed: { ...followed, charges },
    flags: is_partly ? [...booking.flags, "partly_funded_penalty"] : booking.flags,
    settles_at: verdict.settlement === "held" ? settles_at : null,
  });
}

/** What its status deserves: true since its provider changed it, and not before it is held. */
function verdictOf(
  { status, updated_at, cancelled_at }: Appointment,
  settles_at: Instant | null,
  held_at: Instant,
  now: Instant,
): Verdict {
  const told_at = (status === "cancelled" ? cancelled_at : null) ?? updated_at ?? now;
  const at = Math.max(held_at, told_at);
  if (status === "noshow") return { settlement: "no_show", reason: "no_show", at };
  if (status === "cancelled") return { settlement: "late_cancel", reason: "cancelled_late", at };
  if (status === "showed") return { settlement: "used", reason: "showed", at };
  if (settles_at !== null && settles_at <= now)
    return { settlement: "used", reason: "no_final_status", at: Math.max(held_at, settles_at) };
  return { settlement: "held", reason: "status_corrected", at };
}
