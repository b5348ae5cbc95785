import { addDays, daysBetween, localDate, shiftDays, type Instant, type LocalDate } from "../time/local-days.ts";
import type { Freeze } from "./membership.ts";

/** Days from a date on in which nothing passes. Where there are several they are in order and do not overlap. */
export interface Standstill {
  from_on: LocalDate;
  days: number;
}

export function standstillsOf(freezes: readonly Freeze[]): Standstill[] {
  return freezes.filter(({ status }) => status !== "cancelled");
}

/** The same for what began on `start_on`: days before that were none of its own. */
export function standstillsSince(freezes: readonly Freeze[], start_on: LocalDate): Standstill[] {
  return freezes
    .filter(({ status, to_on }) => status !== "cancelled" && to_on > start_on)
    .map((freeze) => {
      const from_on = freeze.from_on > start_on ? freeze.from_on : start_on;
      return { from_on, days: daysBetween(from_on, freeze.to_on) };
    });
}

/** Where a date comes to lie when every standstill before it is put in; it never lies inside one. Rule 23. */
export function moveOver(date: LocalDate, standstills: readonly Standstill[]): LocalDate {
  return standstills.reduce((moved, { from_on, days }) => (from_on <= moved ? addDays(moved, days) : moved), date);
}

/** The date that `moveOver` moved there; one inside a standstill stands for its start. */
export function moveBack(date: LocalDate, standstills: readonly Standstill[]): LocalDate {
  return standstills.reduceRight((moved, { from_on, days }) => {
    if (moved < from_on) return moved;
    const before = addDays(moved, -days);
    return before < from_on ? from_on : before;
  }, date);
}

/** Where an instant that lay right for some standstills lies for others. */
export function moveAlong(
  at: Instant,
  before: readonly Standstill[],
  after: readonly Standstill[],
  zone: string,
): Instant {
  const date = localDate(at, zone);
  return shiftDays(at, daysBetween(date, moveOver(moveBack(date, before), after)), zone);
}
