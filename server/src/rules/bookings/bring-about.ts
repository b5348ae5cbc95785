import type { Catalog } from "../catalog/product-config.ts";
import { windowOf } from "../credits/cancellation-window.ts";
import { settleHold } from "../credits/give-back.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import { adjustCharge, chargeBooking, returnAll, type Charged } from "./adjust-charge.ts";
import type { Appointment, ChargedFor, Unfunded } from "./appointment.ts";
import type { BookingVersion } from "./booking-version.ts";
import { NEEDS_CLOSED_LOTS, planBooking, type BookingAsk } from "./charge-booking.ts";
import { deserves, type Verdict } from "./deserve.ts";
import { foldVersions, type Booking, type Generation } from "./fold-versions.ts";
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

/** What became of it. */
export interface BroughtAbout {
  booking: Booking;
  waived: number[];
  charges: ChargedFor[];
  /** Why the current generation is not charged as it deserves; null: it is. */
  unfunded: Unfunded | null;
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
  const made = known?.followed?.charges ?? [];
  const hours = windowHours(books, share, versions, catalog, context);
  const booking = foldVersions(versions, hours);
  const waived = waivedOf(share, booking);
  const judged = booking.generations.map((generation, i): Judged => {
    return { ...generation, number: i + 1, verdict: judge(generation, i + 1, share, waived, hours, now) };
  });
  const current = judged.at(-1);
  if (!current) throw new Error("a booking without a generation");
  const { surplus, pairs } = match(inOrder(openCharges(books, external_id, made), made), judged);

  const gone = judged.findLast(({ verdict }) => verdict.settlement === null)?.verdict ?? current.verdict;
  const is_studio = known?.cancelled_by === "studio";
  const cause = { reason: gone.reason, at: Math.min(now, gone.at), ...(is_studio ? STUDIO : {}) };
  if (current.verdict.settlement !== "no_show") returnPenalty(books, external_id, current.verdict.at, catalog, context);
  for (const group of surplus.toReversed()) returnAll(books, group, external_id, cause, catalog, context);

  const after: BroughtAbout = { booking, waived, charges: [], unfunded: null, is_partly_penalised: false };
  for (const pair of pairs) {
    const is_current = pair.generation === current;
    const charged = chargeOne(books, share, pair, catalog, context);
    if (charged === NEEDS_CLOSED_LOTS) return NEEDS_CLOSED_LOTS;
    if ("unfunded" in charged) {
      if (is_current) after.unfunded = charged.unfunded;
      else waived.push(pair.generation.number);
      continue;
    }
    const { calendar_id, starts_at, verdict } = pair.generation;
    after.charges.push({ entry_number: charged.entry_number, calendar_id, starts_at });
    const group = chargeAt(books, external_id, charged.entry_number, [...made, ...after.charges]);
    settleGroup(books, group, verdict, now);
    // A penalty belongs to the charge that it came with.
    const is_anew = pair.group !== null && pair.group.entry_number !== charged.entry_number;
    if (is_current && is_anew) returnPenalty(books, external_id, verdict.at, catalog, context);
    const is_no_show = verdict.settlement === "no_show" && !known?.flags.includes("partly_funded_penalty");
    if (is_current && is_no_show) {
      const told = { external_id, calendar_id };
      after.is_partly_penalised = takePenalty(books, told, group, verdict.at, catalog, context);
    }
  }
  return after;
}

function chargeAt(
  books: MemberBooks,
  external_id: string,
  entry_number: number,
  made: readonly ChargedFor[],
): BookingCharge {
  const group = openCharges(books, external_id, made).find((other) => other.entry_number === entry_number);
  if (!group) throw new Error(`booking ${external_id} has no charge at entry ${entry_number}`);
  return group;
}

const STUDIO = { make_good_days: STUDIO_MAKE_GOOD_DAYS };

/** Rule 28, clarification 12: of what it was drawn from last, or would be. */
function windowHours(
  books: MemberBooks,
  { external_id, known }: Share,
  versions: readonly BookingVersion[],
  catalog: Catalog,
  context: Context,
): number {
  const last = postedCharges(books, external_id, known?.followed?.charges ?? []).at(-1);
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

/** By generation, as far as it was noted when they were made; a charge that was made anew for an earlier one comes later. */
function inOrder(groups: readonly BookingCharge[], made: readonly ChargedFor[]): BookingCharge[] {
  const placeOf = (group: BookingCharge) => {
    const place = made.findIndex(({ entry_number }) => entry_number === group.entry_number);
    return place === -1 ? made.length : place;
  };
  return groups.toSorted((a, b) => placeOf(a) - placeOf(b) || a.entry_number - b.entry_number);
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

function chargeOne(
  books: MemberBooks,
  { external_id, known }: Share,
  { generation, group }: Matched["pairs"][number],
  catalog: Catalog,
  context: Context,
): Charged {
  const { calendar_id, starts_at, booked_at: since, number } = generation;
  const ask: BookingAsk = { external_id, calendar_id, starts_at, since };
  if (group) {
    // What the API charged was made for what its booking was known as.
    const was = known?.followed?.charges.find(({ entry_number }) => entry_number === group.entry_number) ?? known;
    return was ? adjustCharge(books, group, was, ask, catalog, context) : group;
  }
  const charged = chargeBooking(books, ask, catalog, context);
  if (charged === NEEDS_CLOSED_LOTS || !("unfunded" in charged)) return charged;
  const first = known?.generation === number ? known.unfunded?.since : undefined;
  return { unfunded: { ...charged.unfunded, since: first ?? charged.unfunded.since } };
}

/** Moves the holds of a charge to where its verdict says. What was used at once stays used. */
export function settleGroup(books: MemberBooks, { charges }: BookingCharge, verdict: Verdict, now: number): void {
  const { settlement, reason, at } = verdict;
  if (settlement === null) return;
  for (const charge of charges) {
    settleHold(books, charge, settlement, reason, Math.min(now, at), reason === "no_final_status");
  }
}
