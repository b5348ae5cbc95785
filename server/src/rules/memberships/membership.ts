import type { Instant, LocalDate } from "../time/local-days.ts";

/** A recurring agreement that produces an entitlement every period. */
export interface Membership {
  id: string;
  product_config_id: string;
  status: "active";
  started_at: Instant;
  /** The date from which every boundary is reckoned; never a clamped one (rule 19). */
  anchor_on: LocalDate;
  /** Starts of the periods that were granted. */
  paid_periods: readonly Instant[];
}
