import type { Charge } from "../credits/entry.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { addDays, localDate, type LocalDate } from "../time/local-days.ts";
import { auditMembership } from "./audit-membership.ts";
import { configOf } from "./boundary.ts";
import { whyNotFreeze } from "./freeze-limits.ts";
import type { Freeze, Membership } from "./membership.ts";
import { currentOf, openMembership, refuse } from "./open-command.ts";
import { freezeOver, putFreezes } from "./put-freezes.ts";
import { rewind } from "./rewind.ts";
import { tellFreeze, tellMembership } from "./tell-membership.ts";

export interface FreezeAsk {
  membership_id: string;
  /** First frozen local day; omitted: today, or tomorrow where something was used today. */
  from_on?: LocalDate | undefined;
  /** First local day after it; omitted: open, it ends itself after `max_days`. */
  to_on?: LocalDate | undefined;
  reason?: string | undefined;
}

/** Days that a freeze may be back-dated, if nothing was used inside. */
const MAX_BACK_DAYS = 28;
/** Days ahead of today that a freeze may begin. */
const MAX_AHEAD_DAYS = 730;
/** Bookings inside a freeze that the answer names. */
const MAX_TOLD_BOOKINGS = 100;

/** Rule 23. Freezes a membership over local days: now, ahead, or back-dated where nothing was used inside. */
export function decideFreeze(facts: Facts, ask: FreezeAsk, context: Context): Decision {
  const { now } = context;
  const { catalog } = facts;
  const zone = catalog.policy.timezone;
  const opened = openMembership(facts, ask.membership_id, context);
  if (!("books" in opened)) return opened;
  const { books, membership } = opened;
  const config = configOf(catalog, membership);
  const today = localDate(now, zone);
  const used = chargesOf(books, membership);
  const used_today = used.some(({ service_on }) => service_on === today);
  const from_on = ask.from_on ?? (used_today ? addDays(today, 1) : today);
  const to_on = ask.to_on ?? addDays(from_on, config.freeze.max_days);
  const flaw = flawOf(membership, from_on, to_on, today, zone);
  if (flaw) return { invalid: flaw };

  const freeze = freezeOver({ id: context.newId(), from_on, to_on, is_open: ask.to_on === undefined }, now, now, zone);
  if (membership.status !== "active" && membership.open_until < freeze.from_at) {
    return refuse(books, { reason_code: "MEMBERSHIP_NOT_ACTIVE", status: membership.status });
  }
  const refusal = whyNotFreeze(membership, freeze, config);
  if (refusal) return refuse(books, refusal);
  const until_now = { ...freeze, to_on: to_on <= today ? to_on : addDays(today, 1) };
  const used_inside = used.find(({ service_on }) => isInside(service_on, until_now));
  if (used_inside) return refuse(books, { reason_code: "USED_INSIDE_FREEZE", used_on: used_inside.service_on });
  const is_begun = freeze.from_at <= now;
  if (is_begun && !facts.member?.has_closed_lots) return { needs: "closed_lots" };

  const before = is_begun ? rewind(books, membership, freeze.from_at, catalog, context) : membership;
  const freezes = [...before.freezes, freeze].sort((a, b) => (a.from_on < b.from_on ? -1 : 1));
  putFreezes(books, before, freezes, zone);
  settleDue(books, catalog, context);
  auditMembership(books, "freeze_membership", membership, now, { from_on, to_on, reason: ask.reason });
  return {
    outcome: {
      reason_code: "membership_frozen",
      freeze: tellFreeze(freeze),
      membership: tellMembership(currentOf(books, membership), now),
      bookings_inside: bookingsInside(used, freeze),
    },
    changes: books.changes(),
    member: books.member(),
  };
}

function flawOf(
  { started_at, ends_at }: Membership,
  from_on: LocalDate,
  to_on: LocalDate,
  today: LocalDate,
  zone: string,
): { field: string; message: string } | null {
  const ends_on = ends_at === null ? null : localDate(ends_at, zone);
  const from = (message: string) => ({ field: "from_on", message });
  if (from_on < addDays(today, -MAX_BACK_DAYS)) return from(`must be at most ${String(MAX_BACK_DAYS)} days ago`);
  if (from_on > addDays(today, MAX_AHEAD_DAYS)) return from(`must be at most ${String(MAX_AHEAD_DAYS)} days ahead`);
  if (from_on < localDate(started_at, zone)) return from("must not be before the membership began");
  if (ends_on !== null && from_on >= ends_on) return from("must be before the membership ends");
  return to_on <= from_on ? { field: "to_on", message: "must be after from_on" } : null;
}

/** What was taken from the membership's lots, and not given back whole. */
function chargesOf(books: MemberBooks, { id }: Membership): Charge[] {
  if (books.member().history === null) throw new Error("a freeze needs the member's history");
  return books.charges.filter(
    ({ entitlement_id, restored, amount }) => restored < amount && books.lots.get(entitlement_id)?.membership_id === id,
  );
}

function isInside(date: LocalDate | null, { from_on, to_on }: Freeze): boolean {
  return date !== null && from_on <= date && date < to_on;
}

/** Booked for a day that is now frozen: they stay as they are, and staff should know. */
function bookingsInside(charges: readonly Charge[], freeze: Freeze) {
  return charges
    .filter(({ service_on }) => isInside(service_on, freeze))
    .slice(0, MAX_TOLD_BOOKINGS)
    .map(({ external_ref, service_on, amount, restored, entitlement_id }) => ({
      external_ref,
      service_on,
      credits: amount - restored,
      entitlement_id,
    }));
}
