import type { ProductConfig } from "../catalog/product-config.ts";
import { addDays, localDate, startOfWeek, type Instant, type LocalDate } from "../time/local-days.ts";
import type { Lot } from "./lot.ts";

/** Bookings of one product config on one service date, restored ones not counted. */
export interface DayUsage {
  product_config_id: string;
  service_on: LocalDate;
  bookings: number;
}

export function hasLimits(config: ProductConfig): boolean {
  return Object.values(config.limits).some((limit) => limit !== undefined);
}

/** Rule 12. Limits count bookings per config by service date in local time; the week starts on Monday. */
export function isLimitReached(
  config: ProductConfig,
  lot: Lot,
  usage: readonly DayUsage[],
  at: Instant,
  zone: string,
): boolean {
  const { per_day, per_week, per_period } = config.limits;
  if (per_day === undefined && per_week === undefined && per_period === undefined) return false;
  const day = localDate(at, zone);
  const count = (from: LocalDate, before: LocalDate) =>
    usage
      .filter((u) => u.product_config_id === config.id && from <= u.service_on && u.service_on < before)
      .reduce((sum, u) => sum + u.bookings, 0);
  if (per_day !== undefined && count(day, addDays(day, 1)) >= per_day) return true;
  const monday = startOfWeek(day);
  if (per_week !== undefined && count(monday, addDays(monday, 7)) >= per_week) return true;
  if (per_period === undefined) return false;
  const period = periodOf(lot, zone);
  return count(period.from, period.before) >= per_period;
}

/** A membership's lot counts its period, any other lot its own life. */
function periodOf(lot: Lot, zone: string): { from: LocalDate; before: LocalDate } {
  const from = localDate(lot.period_start_at ?? lot.effective_at, zone);
  const end = lot.period_end_at ?? lot.expires_at;
  // An end at local midnight belongs to the next day; a period that ends within a day takes that day with it.
  return { from, before: end === null ? "9999-12-31" : addDays(localDate(end - 1, zone), 1) };
}
