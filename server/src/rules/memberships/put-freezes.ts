import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import { daysBetween, localDate, startOfDay, type Instant, type LocalDate } from "../time/local-days.ts";
import { moveAlong, standstillsOf, standstillsSince } from "./frozen-time.ts";
import { movedLot } from "./life.ts";
import type { Freeze, Membership } from "./membership.ts";

/**
 * Rule 23. Gives a membership other freezes than it had, and moves all that lies behind them: its lots, and where its boundaries
 * are its own its periods and its end. A provider's periods stay (clarification 20).
 */
export function putFreezes(
  books: MemberBooks,
  before: Membership,
  freezes: readonly Freeze[],
  zone: string,
): Membership {
  const [old, now] = [standstillsOf(before.freezes), standstillsOf(freezes)];
  const is_own = before.renewal !== "provider";
  const move = (at: Instant) => (is_own ? moveAlong(at, old, now, zone) : at);
  const unpaid_on = localDate(before.open_until, zone);
  const moveGrace = (at: Instant) => {
    const since = is_own ? [old, now] : [before.freezes, freezes].map((all) => standstillsSince(all, unpaid_on));
    return moveAlong(at, since[0] ?? [], since[1] ?? [], zone);
  };
  const after: Membership = {
    ...before,
    freezes,
    open_until: move(before.open_until),
    ends_at: before.ends_at === null ? null : move(before.ends_at),
    grace_until: before.grace_until === null ? null : moveGrace(before.grace_until),
    lots_in_grace: before.lots_in_grace.map((lot) => ({ ...lot, expires_at: moveGrace(lot.expires_at) })),
    periods: before.periods.map((period) => ({
      ...period,
      start_at: period.start_at === before.started_at ? period.start_at : move(period.start_at),
      end_at: move(period.end_at),
    })),
  };
  books.putMembership(after);
  for (const lot of books.lots.values()) {
    if (lot.membership_id !== before.id || !lot.live || lot.state === "revoked") continue;
    const moved = movedLot(lot, before, after, zone);
    if (!isSame(lot, moved)) books.reshape(moved);
  }
  return after;
}

function isSame(one: Lot, other: Lot): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A freeze over these local days, as of `now`. */
export function freezeOver(
  { id, from_on, to_on, is_open }: { id: string; from_on: LocalDate; to_on: LocalDate; is_open: boolean },
  requested_at: Instant,
  now: Instant,
  zone: string,
): Freeze {
  const [from_at, to_at] = [startOfDay(from_on, zone), startOfDay(to_on, zone)];
  const days = daysBetween(from_on, to_on);
  const status = days === 0 ? "cancelled" : to_at <= now ? "ended" : from_at <= now ? "active" : "planned";
  return { id, from_on, from_at, to_on, to_at, is_open, days, status, requested_at };
}
