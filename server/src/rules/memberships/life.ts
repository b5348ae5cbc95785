import type { Lot, LotFreeze } from "../credits/lot.ts";
import { localDate, shiftDays, daysBetween, type Instant } from "../time/local-days.ts";
import { moveAlong, moveOver, standstillsOf, standstillsSince } from "./frozen-time.ts";
import { unfrozenFrom, type Freeze, type Membership } from "./membership.ts";

type Life = Pick<Lot, "effective_at" | "expires_at" | "freezes">;

/**
 * Rule 23. The life of a lot that a period opens. Boundaries of its own were moved by the freezes before them, so only a tail
 * after the period is; what a provider bills by stays, so its credits live longer instead (clarification 20).
 */
export function lifeOfPeriodLot(
  membership: Membership,
  period: { start_at: Instant; end_at: Instant },
  expires_at: Instant,
  zone: string,
): Life {
  const { freezes, renewal } = membership;
  const end_on = localDate(period.end_at, zone);
  const standstills =
    renewal === "provider"
      ? standstillsSince(freezes, localDate(period.start_at, zone))
      : standstillsOf(freezes).filter(({ from_on }) => from_on > end_on);
  const expires_on = localDate(expires_at, zone);
  return {
    effective_at: unfrozenFrom(membership, period.start_at),
    expires_at: shiftDays(expires_at, daysBetween(expires_on, moveOver(expires_on, standstills)), zone),
    freezes: freezesSince(freezes, period.start_at),
  };
}

/** What a lot that began at `start_at` must know: on which service dates it cannot be used. */
function freezesSince(freezes: readonly Freeze[], start_at: Instant): LotFreeze[] | null {
  const met = freezes.filter(({ status, to_at }) => status !== "cancelled" && to_at > start_at);
  return met.length > 0 ? met.map(({ id, from_at, to_at }) => ({ freeze_id: id, from_at, to_at })) : null;
}

/** A lot of a membership whose freezes changed, as it must be now. */
export function movedLot(lot: Lot, before: Membership, after: Membership, zone: string): Lot {
  const { period_start_at, period_end_at, effective_at, expires_at } = lot;
  const is_own = before.renewal !== "provider";
  const start_on = localDate(period_start_at ?? effective_at, zone);
  const standstills = (freezes: readonly Freeze[]) =>
    is_own ? standstillsOf(freezes) : standstillsSince(freezes, start_on);
  const [old, now] = [standstills(before.freezes), standstills(after.freezes)];
  const move = (at: Instant | null) => (at === null ? null : moveAlong(at, old, now, zone));
  const start_at = is_own && period_start_at !== before.started_at ? move(period_start_at) : period_start_at;
  const begins_with_period = period_start_at !== null && effective_at === unfrozenFrom(before, period_start_at);
  return {
    ...lot,
    effective_at: begins_with_period && start_at !== null ? unfrozenFrom(after, start_at) : effective_at,
    expires_at: move(expires_at),
    period_start_at: start_at,
    period_end_at: is_own ? move(period_end_at) : period_end_at,
    freezes: freezesSince(after.freezes, start_at ?? effective_at),
  };
}
