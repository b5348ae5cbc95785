import type { Catalog } from "../catalog/product-config.ts";
import { settleHold } from "../credits/give-back.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import { windowOf } from "../credits/restore.ts";
import type { Context } from "../decision.ts";
import { adjustCharge, returnAll, type Charged } from "./adjust-charge.ts";
import type { Appointment } from "./appointment.ts";
import type { BookingVersion } from "./booking-version.ts";
import { holdTakes, NEEDS_CLOSED_LOTS, planBooking, type BookingAsk } from "./charge-booking.ts";
import { deserves, type Verdict } from "./deserve.ts";
import { foldVersions, isBooked, type Booking, type Generation } from "./fold-versions.ts";
import { returnPenalty, takePenalty } from "./no-show-penalty.ts";
import { openCharges, postedCharges, type BookingCharge } from "./posted-charges.ts";

/** Days that a make-good lot lives where the studio cancelled. Rule 31. */
export const STUDIO_MAKE_GOOD_DAYS = 30;

/** One contact's share of a booking. */
export interface Share {
  external_id: string;
  /** All names of the contact. */
  names: ReadonlySet<string>;
  known: Appointment | null;
}

type Judged = Generation & { number: number; verdict: Verdict };

/** What became of it: since when it is charged as it deserves, or why it is not. */
export interface BroughtAbout {
  booking: Booking;
  waived: number[];
  unfunded: Exclude<Charged, typeof NEEDS_CLOSED_LOTS>;
  is_partly_penalised: boolean;
}

/**
 * Rules 27 to 29. Compares what every generation of the booking deserves of this contact with what was posted, and posts only
 * the difference: whatever was told before, in whatever order, the same stands in the end.
 */
export function bringAbout(
  books: MemberBooks,
  share: Share,
  versions: readonly BookingVersion[],
  catalog: Catalog,
  context: Context,
): BroughtAbout | typeof NEEDS_CLOSED_LOTS {
  const { external_id, known } = share;
  const { now } = context;
  const hours = windowHours(books, external_id, versions, catalog, context);
  const booking = foldVersions(versions, hours);
  const waived = waivedOf(share, booking);
  const judged = booking.generations.map((generation, i): Judged => {
    return { ...generation, number: i + 1, verdict: judge(generation, i + 1, share, waived, hours, now) };
  });
  const current = judged.at(-1);
  if (!current) throw new Error("a booking without a generation");
  const { surplus, pairs } = match(openCharges(books, external_id), judged);

  const gone = judged.findLast(({ verdict }) => verdict.settlement === null)?.verdict ?? current.verdict;
  const is_studio = known?.cancelled_by === "studio";
  const cause = { reason: gone.reason, at: Math.min(now, gone.at), ...(is_studio ? STUDIO : {}) };
  if (current.verdict.settlement !== "no_show") returnPenalty(books, external_id, current.verdict.at, catalog, context);
  for (const group of surplus.toReversed()) returnAll(books, group, external_id, cause, catalog, context);
  for (const { group, generation } of pairs) {
    if (group && generation !== current) settleGroup(books, group, generation.verdict, now);
    if (!group && generation !== current) waived.push(generation.number);
  }

  let unfunded: Charged = null;
  let is_partly_penalised = false;
  if (current.verdict.settlement !== null) {
    const group = pairs.find(({ generation }) => generation === current)?.group ?? null;
    unfunded = chargeCurrent(books, share, current, group, catalog, context);
    if (unfunded === NEEDS_CLOSED_LOTS) return NEEDS_CLOSED_LOTS;
    const charged = openCharges(books, external_id).at(-1);
    if (!unfunded && charged) {
      settleGroup(books, charged, current.verdict, now);
      const is_no_show = current.verdict.settlement === "no_show" && !known?.flags.includes("partly_funded_penalty");
      if (is_no_show) is_partly_penalised = penalise(books, share, charged, current, catalog, context);
    }
  }
  return { booking, waived, unfunded, is_partly_penalised };
}

const STUDIO = { make_good_days: STUDIO_MAKE_GOOD_DAYS };

function penalise(
  books: MemberBooks,
  { external_id }: Share,
  charged: BookingCharge,
  { calendar_id, verdict }: Judged,
  catalog: Catalog,
  context: Context,
): boolean {
  return takePenalty(books, { external_id, calendar_id }, charged, verdict.at, catalog, context);
}

/** Rule 28, clarification 12: of what it was drawn from last, or would be. */
function windowHours(
  books: MemberBooks,
  external_id: string,
  versions: readonly BookingVersion[],
  catalog: Catalog,
  context: Context,
): number {
  const last = postedCharges(books, external_id).at(-1);
  if (last) return windowOf(books, last.charges, catalog);
  const { generations, updated_at: since } = foldVersions(versions, catalog.policy.cancellation_window_hours);
  const { calendar_id, starts_at } = generations.at(-1) ?? generations[0];
  const plan = planBooking(books, { external_id, calendar_id, starts_at, since }, catalog, context);
  const takes = plan === NEEDS_CLOSED_LOTS || "unfunded" in plan ? [] : plan.takes;
  return windowOf(
    books,
    takes.map(({ lot }) => ({ entitlement_id: lot.id })),
    catalog,
  );
}

/** A generation that nobody paid for is not charged any more once it is over; what the API gave back whole stays so. */
function waivedOf({ known }: Share, { generations }: Booking): number[] {
  if (!known) return [];
  const waived = [...(known.followed?.waived ?? (known.status === "cancelled" ? [1] : []))];
  if (known.unfunded && generations.length > known.generation) waived.push(known.generation);
  return waived;
}

function judge(
  generation: Generation,
  number: number,
  { names, known }: Share,
  waived: readonly number[],
  hours: number,
  now: number,
): Verdict {
  if (!names.has(generation.contact_external_id)) {
    return { settlement: null, reason: "contact_changed", at: generation.booked_at };
  }
  const verdict = deserves(generation, hours, now);
  if (!waived.includes(number)) return verdict;
  const is_studio = known?.cancelled_by === "studio" && known.generation === number;
  // What staff say is true from now on.
  if (is_studio) return { settlement: null, reason: "cancelled_by_studio", at: now };
  return { ...verdict, settlement: null, reason: "waived" };
}

interface Matched {
  pairs: { generation: Judged; group: BookingCharge | null }[];
  surplus: BookingCharge[];
}

/** Which posted charge stands for which generation; both are in order of time. */
function match(groups: readonly BookingCharge[], judged: readonly Judged[]): Matched {
  const owed = judged.filter(({ verdict }) => verdict.settlement !== null);
  const excess = Math.max(0, groups.length - owed.length);
  // What is too much is the latest, unless the latest is what is deserved.
  const from = owed.at(-1) === judged.at(-1) ? excess : 0;
  const kept = groups.slice(from, from + owed.length);
  return {
    pairs: owed.map((generation, i) => ({ generation, group: kept[i] ?? null })),
    surplus: groups.filter((group) => !kept.includes(group)),
  };
}

function chargeCurrent(
  books: MemberBooks,
  { external_id, known }: Share,
  { calendar_id, starts_at, booked_at: since, status, number }: Judged,
  group: BookingCharge | null,
  catalog: Catalog,
  context: Context,
): Charged {
  const ask: BookingAsk = { external_id, calendar_id, starts_at, since };
  if (group) return known && isBooked(status) ? adjustCharge(books, group, known, ask, catalog, context) : null;
  const plan = planBooking(books, ask, catalog, context);
  if (plan === NEEDS_CLOSED_LOTS) return NEEDS_CLOSED_LOTS;
  if ("unfunded" in plan) {
    const first = known?.generation === number ? known.unfunded?.since : undefined;
    return { ...plan.unfunded, since: first ?? plan.unfunded.since };
  }
  holdTakes(books, plan.takes, ask, catalog, context);
  return null;
}

/** Moves the holds of a charge to where its verdict says. What was used at once stays used. */
export function settleGroup(books: MemberBooks, { charges }: BookingCharge, verdict: Verdict, now: number): void {
  const { settlement, reason, at } = verdict;
  if (settlement === null) return;
  for (const charge of charges) {
    settleHold(books, charge, settlement, reason, Math.min(now, at), reason === "no_final_status");
  }
}
