import type { ProductConfig } from "../catalog/product-config.ts";
import {
  addDays,
  addMonths,
  firstOfMonth,
  localDate,
  startOfDay,
  type Instant,
  type LocalDate,
} from "../time/local-days.ts";
import { moveOver, standstillsOf } from "./frozen-time.ts";
import type { Membership } from "./membership.ts";

/** `[start_at, end_at)`; the boundary instant belongs to the new period (rule 19). */
export interface Period {
  /** Its number from 0; null where the provider said the period. */
  index: number | null;
  start_at: Instant;
  end_at: Instant;
}

type Anchored = Pick<Membership, "started_at" | "anchor_on" | "freezes" | "periods">;

/** Rule 19. The date that boundaries are reckoned from: the payment's, or the first of its month. */
export function anchorOf(config: ProductConfig, started_at: Instant, zone: string): LocalDate {
  const date = localDate(started_at, zone);
  return config.anchor === "calendar_month" ? firstOfMonth(date) : date;
}

/** The date of the k-th boundary: the original anchor plus k months, moved on by the days of every freeze before it. */
function boundaryOn({ anchor_on, freezes }: Anchored, k: number): LocalDate {
  const date = addMonths(anchor_on, k);
  return k === 0 ? date : moveOver(date, standstillsOf(freezes));
}

/** The k-th period, from 0. The first one starts at the payment itself; every boundary is a local midnight. */
export function periodAt(membership: Anchored, k: number, zone: string): Period {
  const boundary = (n: number) => startOfDay(boundaryOn(membership, n), zone);
  return { index: k, start_at: k === 0 ? membership.started_at : boundary(k), end_at: boundary(k + 1) };
}

/** Periods that one membership may have behind it: a hundred years of months. */
const MAX_PERIODS = 1200;

/** Rule 18. A payment opens the first unpaid period that is not wholly past when it was paid. */
export function periodToOpen(membership: Anchored, paid_at: Instant, zone: string): Period {
  const paid = new Set(membership.periods.map(({ index }) => index));
  const frozen = membership.freezes.reduce((days, freeze) => days + freeze.days, 0);
  const unmoved = addDays(localDate(paid_at, zone), -frozen);
  const { months } = Temporal.PlainDate.from(membership.anchor_on).until(unmoved, { largestUnit: "month" });
  for (let k = Math.max(0, months); k < MAX_PERIODS; k += 1) {
    if (paid.has(k)) continue;
    const period = periodAt(membership, k, zone);
    if (period.end_at > paid_at) return period;
  }
  throw new Error("a membership has no period left to open");
}
