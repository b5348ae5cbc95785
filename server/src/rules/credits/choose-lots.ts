import { costOf, type Catalog, type ProductConfig } from "../catalog/product-config.ts";
import type { Detail } from "../reasons.ts";
import type { Instant } from "../time/local-days.ts";
import { compareBurnOrder, type Candidate } from "./burn-order.ts";
import { isLimitReached, type DayUsage } from "./limits.ts";
import { isExpired, isFrozenAt, type Lot } from "./lot.ts";

/** What a check, a deduction or a restore asks for. */
export interface Ask {
  product_config_id?: string | undefined;
  calendar_id?: string | undefined;
  /** Credits; omitted: what one booking of the calendar costs (clarification 9). */
  amount?: number | undefined;
  /** The service time; omitted: now. */
  appointment_time?: Instant | undefined;
}

export interface Rejection {
  lot: Lot;
  reason: Detail;
}

export interface Take {
  lot: Lot;
  amount: number;
}

export interface Usable {
  /** In burn order. */
  candidates: Candidate[];
  rejected: Rejection[];
}

/** Rules 7 and 10. Splits a member's lots into those usable for the ask and those that are not, each with its reason. */
export function sortUsable(
  lots: readonly Lot[],
  usage: readonly DayUsage[],
  ask: Ask,
  catalog: Catalog,
  now: Instant,
): Usable {
  const at = ask.appointment_time ?? now;
  const candidates: Candidate[] = [];
  const rejected: Rejection[] = [];
  for (const lot of lots) {
    const config = catalog.configs.get(lot.product_config_id);
    const reason = config ? whyNot(lot, config, usage, ask, catalog, at, now) : "SERVICE_FAMILY_MISMATCH";
    if (reason !== null || !config) rejected.push({ lot, reason: reason ?? "SERVICE_FAMILY_MISMATCH" });
    else candidates.push({ lot, config });
  }
  candidates.sort(compareBurnOrder);
  return { candidates, rejected };
}

/** Clarification 13. Of a lot that is not gone the first of its reasons; a limit is that of a date on which it is valid. */
function whyNot(
  lot: Lot,
  config: ProductConfig,
  usage: readonly DayUsage[],
  ask: Ask,
  catalog: Catalog,
  at: Instant,
  now: Instant,
): Detail | null {
  if (!isCovered(config, ask)) return "SERVICE_FAMILY_MISMATCH";
  if (lot.state === "paused") return "ENTITLEMENT_PAUSED";
  if (lot.state === "revoked" || isExpired(lot, now)) return "ENTITLEMENT_EXPIRED";
  if (at < lot.effective_at) return "NOT_YET_ACTIVE";
  if (isExpired(lot, at)) return "ENTITLEMENT_EXPIRED";
  if (isFrozenAt(lot, at)) return "ENTITLEMENT_PAUSED";
  return isLimitReached(config, lot, usage, at, catalog.policy.timezone) ? "USAGE_LIMIT_REACHED" : null;
}

/** Rule 10. What is named limits the choice; with both named, both must match. */
export function isCovered(config: ProductConfig, ask: Ask): boolean {
  if (ask.product_config_id !== undefined && config.id !== ask.product_config_id) return false;
  return ask.calendar_id === undefined || config.calendars.has(ask.calendar_id);
}

/** Available credits over usable lots; an unlimited lot holds none. Clarification 4. */
export function balanceOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { lot }) => sum + lot.available, 0);
}

/** Where an unlimited membership covers the request, that stands beside the finite balance. */
export function unlimitedMark(candidates: readonly Candidate[]): { unlimited?: true } {
  return candidates.some(({ lot }) => lot.unlimited) ? { unlimited: true } : {};
}

/**
 * Rules 8, 9, 11, 12. Takes the whole cost in burn order, or nothing (null). Without an amount a booking is not split over
 * configs of different cost: the next price group is tried whole (clarification 9).
 */
export function takeInOrder(candidates: readonly Candidate[], ask: Ask): Take[] | null {
  if (ask.amount !== undefined) return takeWhole(candidates, ask.amount);
  const costs = new Set(candidates.map(({ config }) => costOf(config, ask.calendar_id)));
  for (const cost of costs) {
    const takes = takeWhole(
      candidates.filter(({ config }) => costOf(config, ask.calendar_id) === cost),
      cost,
    );
    if (takes) return takes;
  }
  return null;
}

function takeWhole(candidates: readonly Candidate[], cost: number): Take[] | null {
  const takes: Take[] = [];
  let missing = cost;
  for (const { lot } of candidates) {
    const amount = lot.unlimited ? missing : Math.min(missing, lot.available);
    if (amount === 0) continue;
    takes.push({ lot, amount });
    missing -= amount;
    if (missing === 0) return takes;
  }
  return null;
}
