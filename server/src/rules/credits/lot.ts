import type { Instant, LocalDate } from "../time/local-days.ts";

/** Where a lot came from. Rollover and make-good lots burn before fresh ones (rule 8). */
export type LotOrigin = "purchase" | "period" | "rollover" | "make_good" | "adjustment";

/** One entitlement: credits of one purchase or period, with their own expiry; what is spent. */
export interface Lot {
  id: string;
  contact_id: string;
  product_config_id: string;
  origin: LotOrigin;
  /** What was decided about it; what a member reads (`active`, `expired`, …) is `statusOf`. */
  state: "open" | "paused" | "revoked";
  unlimited: boolean;
  /** All that was ever put in; `available + held` can never exceed it (rule 6). */
  granted: number;
  available: number;
  held: number;
  effective_at: Instant;
  /** First instant at which it is no longer usable; null: never expires. */
  expires_at: Instant | null;
  /** Set for `on_first_use`: days of life from the first service date, and when the clock starts by itself (rule 16). */
  activation: Activation | null;
  parent_id: string | null;
  membership_id: string | null;
  period_start_at: Instant | null;
  period_end_at: Instant | null;
  payment_event_id: string | null;
  /** Which item of the payment; a payment opens one lot for each item that grants. */
  payment_item: number | null;
  /** Freezes of its membership that touch its life, past ones too; null: none. Their days are in `expires_at` already. */
  freezes: readonly LotFreeze[] | null;
  created_at: Instant;
  /** False once it is swept or void: never loaded again unless it is named. */
  live: boolean;
}

/** Service dates in `[from_at, to_at)` cannot be served from the lot. Rule 23. */
export interface LotFreeze {
  freeze_id: string;
  from_at: Instant;
  to_at: Instant;
}

export interface Activation {
  expiry_days: number;
  /** What `expires_at` is while nobody has used it. */
  unused_expires_at: Instant;
  /** The local day on which the clock started; null while no use of it stands. */
  activated_on: LocalDate | null;
  /** Correlation id of the deduction that started the clock. */
  activated_by: string | null;
}

export type LotStatus = "active" | "paused" | "exhausted" | "expired" | "revoked" | "scheduled";

export function isExpired(lot: Lot, now: Instant): boolean {
  return lot.expires_at !== null && lot.expires_at <= now;
}

/** Whether a freeze forbids the service date `at`. Rule 23. */
export function isFrozenAt(lot: Lot, at: Instant): boolean {
  return lot.freezes !== null && lot.freezes.some(({ from_at, to_at }) => from_at <= at && at < to_at);
}

/** The status of an entitlement as the API says it, at `now`. Expiry holds at read time (rule 15). */
export function statusOf(lot: Lot, now: Instant): LotStatus {
  if (lot.state === "revoked") return "revoked";
  if (lot.state === "paused") return "paused";
  if (isExpired(lot, now)) return "expired";
  if (isFrozenAt(lot, now)) return "paused";
  if (lot.effective_at > now) return "scheduled";
  if (!lot.unlimited && lot.available === 0 && lot.held === 0) return "exhausted";
  return "active";
}
