import { costOf, type Catalog } from "../catalog/product-config.ts";
import { giveBack, type ReturnCause } from "../credits/give-back.ts";
import { isExpired, isFrozenAt, type Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import { localDate, type Instant } from "../time/local-days.ts";
import type { ChargedFor, Unfunded } from "./appointment.ts";
import { holdTakes, imagine, NEEDS_CLOSED_LOTS, planBooking, type BookingAsk } from "./charge-booking.ts";
import { amountOf, CALENDAR_CHANGED, isLatest, type BookingCharge } from "./posted-charges.ts";

/** A charge by the number of its first entry, or why there is none. */
export type Charged = { entry_number: number } | { unfunded: Unfunded } | typeof NEEDS_CLOSED_LOTS;

type Was = Pick<ChargedFor, "calendar_id" | "starts_at">;

/**
 * Brings a standing charge to another calendar or start. Rule 29: same family → the difference, else given back and charged
 * anew. Another day is charged anew: limits, the lot's clock and whoever looks back go by the service date.
 */
export function adjustCharge(
  books: MemberBooks,
  group: BookingCharge,
  was: Was,
  ask: BookingAsk,
  catalog: Catalog,
  context: Context,
): Charged {
  const is_moved = was.starts_at !== null && was.starts_at !== ask.starts_at;
  const is_elsewhere = was.calendar_id !== null && was.calendar_id !== ask.calendar_id;
  if (!is_moved && !is_elsewhere) return group;
  if (!canStay(books, group, was, ask, catalog)) return chargeAnew(books, group, ask, catalog, context);
  // What the API took is the caller's amount (clarification 9).
  return is_elsewhere && !group.is_by_api ? postDifference(books, group, ask, catalog, context) : group;
}

function canStay(
  books: MemberBooks,
  { charges, is_by_api }: BookingCharge,
  was: Was,
  ask: BookingAsk,
  { configs, policy }: Catalog,
): boolean {
  const dayOf = (at: Instant | null) => (at === null ? null : localDate(at, policy.timezone));
  if (!is_by_api && was.starts_at !== null && dayOf(was.starts_at) !== dayOf(ask.starts_at)) return false;
  return charges.every(({ entitlement_id, restored, amount }) => {
    const lot = books.lot(entitlement_id);
    const calendars = configs.get(lot.product_config_id)?.calendars;
    if (restored === amount) return true;
    return (ask.calendar_id === null || calendars?.has(ask.calendar_id)) && servesAt(lot, ask.starts_at);
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
  if ("unfunded" in could_be && isExpiredMeanwhile(books, group, ask, context.now)) return group;
  returnAll(books, group, ask.external_id, cause, catalog, context);
  return chargeBooking(books, ask, catalog, context);
}

/** Charges what is not charged yet. */
export function chargeBooking(books: MemberBooks, ask: BookingAsk, catalog: Catalog, context: Context): Charged {
  const plan = planBooking(books, ask, catalog, context);
  if (plan === NEEDS_CLOSED_LOTS || "unfunded" in plan) return plan;
  return { entry_number: holdTakes(books, plan.takes, ask, catalog, context) };
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
  if (!config || ask.calendar_id === null) return group;
  const difference = costOf(config, ask.calendar_id) - amountOf(group);
  const cause = { reason: CALENDAR_CHANGED, at: Math.min(context.now, ask.since) };
  if (difference < 0) returnPart(books, group, -difference, ask.external_id, cause, catalog, context);
  if (difference <= 0) return group;
  if (!isLatest(books, ask.external_id, group)) return chargeAnew(books, group, ask, catalog, context);
  const plan = planBooking(books, { ...ask, amount: difference }, catalog, context);
  if (plan === NEEDS_CLOSED_LOTS || "unfunded" in plan) return chargeAnew(books, group, ask, catalog, context);
  holdTakes(books, plan.takes, ask, catalog, context, CALENDAR_CHANGED);
  return group;
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
  for (const posted of charges.toReversed()) {
    const part = Math.min(missing, posted.amount - posted.restored);
    if (part === 0) continue;
    giveBack(books, { charge: posted, amount: part }, external_id, catalog, context, cause);
    missing -= part;
  }
}
