import type { ProductConfig } from "../catalog/product-config.ts";
import {
  addMonths,
  firstOfMonth,
  HOUR,
  localDate,
  startOfDay,
  type Instant,
  type LocalDate,
} from "../time/local-days.ts";
import type { Membership } from "./membership.ts";

/** `[start_at, end_at)`; the boundary instant belongs to the new period (rule 19). */
export interface Period {
  start_at: Instant;
  end_at: Instant;
}

/** Rule 19. The date that boundaries are reckoned from: the payment's, or the first of its month. */
export function anchorOf(config: ProductConfig, started_at: Instant, zone: string): LocalDate {
  const date = localDate(started_at, zone);
  return config.anchor === "calendar_month" ? firstOfMonth(date) : date;
}

/** The k-th period, from 0. The first one starts at the payment itself; every boundary is a local midnight. */
export function periodAt(membership: Pick<Membership, "started_at" | "anchor_on">, k: number, zone: string): Period {
  const boundary = (n: number) => startOfDay(addMonths(membership.anchor_on, n), zone);
  return { start_at: k === 0 ? membership.started_at : boundary(k), end_at: boundary(k + 1) };
}

/** The furthest that two time zones are apart. */
const MAX_ZONE_SHIFT = 26 * HOUR;

/** A boundary that was reckoned before the location's zone was changed is still the same boundary. */
function isPaid({ started_at, paid_periods }: Membership, k: number, { start_at }: Period): boolean {
  if (k === 0) return paid_periods.includes(started_at);
  return paid_periods.some((paid) => paid !== started_at && Math.abs(paid - start_at) <= MAX_ZONE_SHIFT);
}

/** Periods that one membership may have behind it: a hundred years of months. */
const MAX_PERIODS = 1200;

/** Rule 18. A payment opens the first unpaid period that is not wholly past when it was paid. */
export function periodToOpen(membership: Membership, paid_at: Instant, zone: string): Period {
  const months = Temporal.PlainDate.from(membership.anchor_on).until(localDate(paid_at, zone), {
    largestUnit: "month",
  }).months;
  for (let k = Math.max(0, months); k < MAX_PERIODS; k += 1) {
    const period = periodAt(membership, k, zone);
    if (period.end_at > paid_at && !isPaid(membership, k, period)) return period;
  }
  throw new Error(`membership ${membership.id} has no period left to open`);
}
