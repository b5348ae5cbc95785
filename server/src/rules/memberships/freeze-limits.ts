import type { ProductConfig } from "../catalog/product-config.ts";
import type { Outcome } from "../outcome.ts";
import { addMonths, type LocalDate } from "../time/local-days.ts";
import type { Freeze, Membership } from "./membership.ts";

/** Freezes that one membership ever has, cancelled ones too. */
const MAX_FREEZES = 200;
/** The span within which `max_per_year` counts. */
const YEAR_MONTHS = 12;

/** Rule 23. Why these local days cannot be frozen; null: they can. */
export function whyNotFreeze(
  { freezes }: Membership,
  wanted: Pick<Freeze, "from_on" | "to_on" | "days">,
  { freeze: { max_days, max_per_year } }: ProductConfig,
): Outcome | null {
  const others = freezes.filter(({ status }) => status !== "cancelled");
  const met = others.find(({ from_on, to_on }) => from_on < wanted.to_on && wanted.from_on < to_on);
  if (met) return { reason_code: "FREEZE_OVERLAPS", freeze_id: met.id, from_on: met.from_on, to_on: met.to_on };
  if (wanted.days > max_days) return { reason_code: "FREEZE_LIMIT_REACHED", max_days };
  const begun = [...others.map(({ from_on }) => from_on), wanted.from_on];
  if (max_per_year !== null && mostInAYear(begun, wanted.from_on) > max_per_year) {
    return { reason_code: "FREEZE_LIMIT_REACHED", max_per_year };
  }
  return freezes.length >= MAX_FREEZES ? { reason_code: "FREEZE_LIMIT_REACHED", max_freezes: MAX_FREEZES } : null;
}

/** Clarification 20. The most freezes that begin within any twelve months around `wanted_on`. */
function mostInAYear(begun: readonly LocalDate[], wanted_on: LocalDate): number {
  const counts = begun.map((first) => {
    const before = addMonths(first, YEAR_MONTHS);
    if (wanted_on < first || wanted_on >= before) return 0;
    return begun.filter((on) => first <= on && on < before).length;
  });
  return Math.max(...counts);
}
