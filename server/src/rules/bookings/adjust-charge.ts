import { costOf, type Catalog } from "../catalog/product-config.ts";
import { giveBack, type ReturnCause } from "../credits/give-back.ts";
import { hasLimits } from "../credits/limits.ts";
import { isExpired, isFrozenAt, type Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import { localDate, type Instant } from "../time/local-days.ts";
import type { Unfunded } from "./appointment.ts";
import { holdTakes, imagine, NEEDS_CLOSED_LOTS, planBooking, type BookingAsk } from "./charge-booking.ts";
import { amountOf, CALENDAR_CHANGED, type BookingCharge } from "./posted-charges.ts";

/** The calendar and start that a standing charge was made for. */
export interface ChargedFor {
  calendar_id: string | null;
  starts_at: Instant | null;
}

/** Null: it is charged as it deserves. */
export type Charged = Unfunded | null | typeof NEEDS_CLOSED_LOTS;

/**
 * Brings a standing charge to another calendar or start. Rule 29: same family → the difference, else given back and charged
 * anew. Another day is charged anew where a limit or the lot's clock looks at the day; else the charge stays where it can.
 */
export function adjustCharge(
  books: MemberBooks,
  group: BookingCharge,
  was: ChargedFor,
  ask: BookingAsk,
  catalog: Catalog,
  context: Context,
): Charged {
  const is_moved = was.starts_at !== null && was.starts_at !== ask.starts_at;
  const is_elsewhere = was.calendar_id !== null && was.calendar_id !== ask.calendar_id;
  if (!is_moved && !is_elsewhere) return null;
  if (!canStay(books, group, was, ask, catalog)) return chargeAnew(books, group, ask, catalog, context);
  // What the API took is the caller's amount (clarification 9).
  return is_elsewhere && !group.is_by_api ? postDifference(books, group, ask, catalog, context) : null;
}

function canStay(
  books: MemberBooks,
  { charges }: BookingCharge,
  was: ChargedFor,
  ask: BookingAsk,
  catalog: Catalog,
): boolean {
  const { timezone } = catalog.policy;
  const dayOf = (at: Instant | null) => (at === null ? null : localDate(at, timezone));
  const is_other_day = was.starts_at !== null && dayOf(was.starts_at) !== dayOf(ask.starts_at);
  return charges.every(({ entitlement_id, restored, amount }) => {
    const lot = books.lot(entitlement_id);
    const config = catalog.configs.get(lot.product_config_id);
    if (restored === amount) return true;
    if (!config || (ask.calendar_id !== null && !config.calendars.has(ask.calendar_id))) return false;
    if (is_other_day && (hasLimits(config) || lot.activation !== null)) return false;
    return servesAt(lot, ask.starts_at);
  });
}

/** Whether the lot may serve a date, whatever it holds and whether or not it has expired since. */
function servesAt(lot: Lot, at: Instant | null): boolean {
  if (lot.state !== "open") return false;
  return at === null || (lot.effective_at <= at && !isExpired(lot, at) && !isFrozenAt(lot, at));
}

function chargeAnew(
  books: MemberBooks,
  group: BookingCharge,
  ask: BookingAsk,
  catalog: Catalog,
  context: Context,
): Charged {
  const cause = { reason: "rebooked", at: Math.min(context.now, ask.since) };
  const free = imagine(books, (copy) => returnAll(copy, group, ask.external_id, cause, catalog, context));
  const could_be = planBooking(free, ask, catalog, context);
  if (could_be === NEEDS_CLOSED_LOTS) return NEEDS_CLOSED_LOTS;
  if ("unfunded" in could_be && isExpiredMeanwhile(books, group, ask, context.now)) return null;
  returnAll(books, group, ask.external_id, cause, catalog, context);
  const plan = planBooking(books, ask, catalog, context);
  if (plan === NEEDS_CLOSED_LOTS) return NEEDS_CLOSED_LOTS;
  if ("unfunded" in plan) return plan.unfunded;
  holdTakes(books, plan.takes, ask, catalog, context);
  return null;
}

/** A move within a lot's life that we hear of after it costs nobody the credits. */
function isExpiredMeanwhile(books: MemberBooks, { charges }: BookingCharge, ask: BookingAsk, now: Instant): boolean {
  const lots = charges.map(({ entitlement_id }) => books.lot(entitlement_id));
  return lots.some((lot) => isExpired(lot, now)) && lots.every((lot) => servesAt(lot, ask.starts_at));
}

function postDifference(
  books: MemberBooks,
  group: BookingCharge,
  ask: BookingAsk,
  catalog: Catalog,
  context: Context,
): Charged {
  const [first] = group.charges;
  const config = first && catalog.configs.get(books.lot(first.entitlement_id).product_config_id);
  if (!config || ask.calendar_id === null) return null;
  const difference = costOf(config, ask.calendar_id) - amountOf(group);
  const at = Math.min(context.now, ask.since);
  if (difference < 0)
    returnPart(books, group, -difference, ask.external_id, { reason: CALENDAR_CHANGED, at }, catalog, context);
  if (difference <= 0) return null;
  const plan = planBooking(books, { ...ask, amount: difference }, catalog, context);
  if (plan === NEEDS_CLOSED_LOTS || "unfunded" in plan) return chargeAnew(books, group, ask, catalog, context);
  holdTakes(books, plan.takes, ask, catalog, context, CALENDAR_CHANGED);
  return null;
}

/** Gives back what stands of a charge, in reverse order. Rule 31. */
export function returnAll(
  books: MemberBooks,
  group: BookingCharge,
  external_id: string,
  cause: ReturnCause,
  catalog: Catalog,
  context: Context,
): void {
  returnPart(books, group, amountOf(group), external_id, cause, catalog, context);
}

function returnPart(
  books: MemberBooks,
  { charges }: BookingCharge,
  amount: number,
  external_id: string,
  cause: ReturnCause,
  catalog: Catalog,
  context: Context,
): void {
  let missing = amount;
  for (const charge of charges.toReversed()) {
    const part = Math.min(missing, charge.amount - charge.restored);
    if (part === 0) continue;
    giveBack(books, { charge, amount: part }, external_id, catalog, context, cause);
    missing -= part;
  }
}
