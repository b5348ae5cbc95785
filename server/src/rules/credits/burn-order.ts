import type { ProductConfig } from "../catalog/product-config.ts";
import type { Lot } from "./lot.ts";

export interface Candidate {
  lot: Lot;
  config: ProductConfig;
}

/**
 * Rule 8. Priority → (unlimited first within it) → soonest expiry, none last → rollover and make-good before fresh →
 * narrower scope → earlier effective → earlier created → id. A total order: same state, same answer.
 */
export function compareBurnOrder(a: Candidate, b: Candidate): number {
  return (
    a.config.priority - b.config.priority ||
    Number(b.lot.unlimited) - Number(a.lot.unlimited) ||
    compareExpiry(a.lot, b.lot) ||
    Number(isFresh(a.lot)) - Number(isFresh(b.lot)) ||
    a.config.calendars.size - b.config.calendars.size ||
    a.lot.effective_at - b.lot.effective_at ||
    a.lot.created_at - b.lot.created_at ||
    (a.lot.id < b.lot.id ? -1 : a.lot.id > b.lot.id ? 1 : 0)
  );
}

function compareExpiry(a: Lot, b: Lot): number {
  if (a.expires_at === b.expires_at) return 0;
  if (a.expires_at === null) return 1;
  if (b.expires_at === null) return -1;
  return a.expires_at - b.expires_at;
}

function isFresh(lot: Lot): boolean {
  return lot.origin !== "rollover" && lot.origin !== "make_good";
}
