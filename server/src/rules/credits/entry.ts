import type { Instant, LocalDate } from "../time/local-days.ts";

export type Account =
  | "available"
  | "held"
  | "issued"
  | "used"
  | "no_show"
  | "late_cancel"
  | "expired"
  | "refunded"
  | "adjusted"
  | "shortfall";

interface Movement {
  debit: Account;
  credit: Account;
}

/** Clarification 2. Which account each type of entry debits and credits; the database holds the same table. */
export const MOVEMENTS = {
  grant: { debit: "issued", credit: "available" },
  deduct: { debit: "available", credit: "used" },
  restore: { debit: "used", credit: "available" },
  hold: { debit: "available", credit: "held" },
  release: { debit: "held", credit: "available" },
  settle_used: { debit: "held", credit: "used" },
  settle_no_show: { debit: "held", credit: "no_show" },
  settle_late_cancel: { debit: "held", credit: "late_cancel" },
  unsettle_used: { debit: "used", credit: "held" },
  unsettle_no_show: { debit: "no_show", credit: "held" },
  unsettle_late_cancel: { debit: "late_cancel", credit: "held" },
  expire: { debit: "available", credit: "expired" },
  reinstate: { debit: "expired", credit: "available" },
  rollover: { debit: "available", credit: "available" },
  transfer: { debit: "available", credit: "available" },
  make_good: { debit: "available", credit: "available" },
  refund: { debit: "available", credit: "refunded" },
  refund_undone: { debit: "refunded", credit: "available" },
  shortfall: { debit: "shortfall", credit: "refunded" },
  shortfall_undone: { debit: "refunded", credit: "shortfall" },
  adjust_up: { debit: "adjusted", credit: "available" },
  adjust_down: { debit: "available", credit: "adjusted" },
  usage: { debit: "issued", credit: "used" },
  usage_restore: { debit: "used", credit: "issued" },
} as const satisfies Record<string, Movement>;

export type EntryType = keyof typeof MOVEMENTS;

/** Types that a member is told of under a plainer name: the ledger's and a preview's lines. Clarification 2. */
const TOLD_AS = {
  settle_used: "settle",
  settle_no_show: "settle",
  settle_late_cancel: "settle",
  unsettle_used: "settle",
  unsettle_no_show: "settle",
  unsettle_late_cancel: "settle",
  reinstate: "restore",
  refund_undone: "refund",
  shortfall_undone: "shortfall",
  adjust_up: "adjust",
  adjust_down: "adjust",
  usage_restore: "restore",
} as const satisfies Partial<Record<EntryType, string>>;

type Renamed = keyof typeof TOLD_AS;
export type ToldType = Exclude<EntryType, Renamed> | (typeof TOLD_AS)[Renamed];

export function toldAs(type: EntryType): ToldType {
  return type in TOLD_AS ? TOLD_AS[type as Renamed] : (type as Exclude<EntryType, Renamed>);
}

/** One movement of the books, before it is written: `amount > 0` from the debit account to the credit account (rule 1). */
export interface NewEntry {
  /** The contact's own entry number: the order of the ledger (clarification 2). */
  entry_number: number;
  type: EntryType;
  amount: number;
  entitlement_id: string;
  /** The lot that receives, for rollover, transfer and make-good. */
  to_entitlement_id: string | null;
  /** Available credits of `entitlement_id` after this entry. */
  balance_after: number;
  reason: string;
  /** Number of the entry that this one gives back. */
  reverses: number | null;
  service_on: LocalDate | null;
  external_ref: string | null;
  occurred_at: Instant;
  /** True for what fell due by time or followed of itself, and was not asked for: it carries no request id. */
  is_due: boolean;
  /** Of what followed of itself, who told of it; omitted: time did. */
  told_by?: "api" | "ghl";
}

/** Where the held credits of a booking went; `held`: they still wait. */
export type Settlement = "held" | "used" | "no_show" | "late_cancel";

/** A deduction that may be given back: one entry, with what of it was restored. Rule 9. */
export interface Charge {
  entry_number: number;
  /** `hold`: taken for a booking that its provider tells of; `deduct` and `usage`: used at once (clarification 1). */
  type: "deduct" | "usage" | "hold";
  entitlement_id: string;
  amount: number;
  /** Given back: restored, or released from the hold. */
  restored: number;
  /** Of a hold, where what was not given back is now; `used` for all others. */
  settlement: Settlement;
  unlimited: boolean;
  reason: string;
  correlation_id: string;
  external_ref: string | null;
  service_on: LocalDate | null;
}

/** The change of a lot's available credits as the member sees it. */
export function signedAmount(type: EntryType, amount: number, received: boolean): number {
  const { debit, credit } = MOVEMENTS[type];
  if (debit === "available" && credit === "available") return received ? amount : -amount;
  if (credit === "available") return amount;
  return debit === "available" ? -amount : 0;
}
