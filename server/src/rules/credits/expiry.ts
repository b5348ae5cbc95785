import type { ProductConfig } from "../catalog/product-config.ts";
import type { Period } from "../memberships/periods.ts";
import { addDays, endOfDayAfter, localDate, startOfDay, type Instant } from "../time/local-days.ts";
import type { Activation, Lot } from "./lot.ts";

/** When a new lot of a package ends, and what its clock waits for. Rules 14 and 16. */
export function lifeOfPackage(
  config: ProductConfig,
  effective_at: Instant,
  zone: string,
): Pick<Lot, "expires_at" | "activation"> {
  if (config.expiry_days === null) return { expires_at: null, activation: null };
  if (config.activation === "on_purchase") {
    return { expires_at: endOfDayAfter(effective_at, config.expiry_days, zone), activation: null };
  }
  const starts_by_itself = addDays(localDate(effective_at, zone), config.activate_within_days);
  const unused_expires_at = startOfDay(addDays(starts_by_itself, config.expiry_days + 1), zone);
  return {
    expires_at: unused_expires_at,
    activation: { expiry_days: config.expiry_days, unused_expires_at, activated_on: null, activated_by: null },
  };
}

/** Rule 21. A period's credits expire with it, plus `expiry_days` where set. */
export function endOfPeriodLot(config: ProductConfig, period: Period, zone: string): Instant {
  if (!config.expiry_days) return period.end_at;
  return startOfDay(addDays(localDate(period.end_at, zone), config.expiry_days), zone);
}

/** Rule 16. The first service date booked starts the clock, unless it starts by itself before that. */
export function activate(lot: Lot, service_at: Instant, correlation_id: string, zone: string): Lot {
  if (!lot.activation || lot.activation.activated_on !== null) return lot;
  const { expiry_days, unused_expires_at } = lot.activation;
  const starts_by_itself = addDays(localDate(unused_expires_at, zone), -expiry_days - 1);
  const service_on = localDate(service_at, zone);
  const activation: Activation = {
    expiry_days,
    unused_expires_at,
    activated_on: service_on < starts_by_itself ? service_on : starts_by_itself,
    activated_by: correlation_id,
  };
  const expires_at = Math.min(endOfDayAfter(service_at, expiry_days, zone), unused_expires_at);
  return { ...lot, activation, expires_at };
}

/** Rule 16. Undone when the booking that started the clock is given back and nothing else was used of the lot. */
export function undoActivation(lot: Lot, restored_correlation_id: string, now: Instant): Lot {
  const started_by_it = lot.activation?.activated_by === restored_correlation_id;
  if (!lot.activation || !started_by_it || lot.available !== lot.granted) return lot;
  if (lot.activation.unused_expires_at <= now) return lot;
  return {
    ...lot,
    activation: { ...lot.activation, activated_on: null, activated_by: null },
    expires_at: lot.activation.unused_expires_at,
  };
}
