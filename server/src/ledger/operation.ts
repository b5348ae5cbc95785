import type { ZodType } from "zod";
import type { Context, Decision, Facts } from "../rules/decision.ts";
import type { PaymentKey } from "../rules/payments/told.ts";
import type { Refusal } from "../rules/reasons.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { EntrySource } from "../store/ledger-entries.ts";

/** Names the facts that a command needs; pure, from the input alone. */
export interface FactKeys {
  contact_external_id: string;
  /** The contact is created when it is new. */
  creates_contact?: boolean;
  /** A second contact that the command changes too. */
  related_contact?: string;
  /** That one is created when it is new. */
  creates_related_contact?: boolean;
  /** Names of a payment: the events they already name, and what was told under them before. */
  payment_keys?: readonly PaymentKey[];
  /** A payment event by its id, with the contact's payments around its time. */
  payment_id?: string;
  /** Payments of the contact around this time. */
  nearby_payments_at?: Instant;
  /** Offers that the contact took before, under these or its own names. */
  offers_of?: { email: string | null; phone: string | null };
  /** The contact's other names: of those that were merged into it. */
  aliases?: boolean;
  /** A booking whose told versions are wanted. */
  versions_of?: string;
  /** A booking reference whose deductions are wanted; null: the latest that carry none. */
  charges_of_ref?: string | null;
  /** Of the latest that carry no reference, only those drawn from this product config. */
  charges_of_product?: string | undefined;
  /** When what the command grants was paid: the usage that its limits count is then wanted too. */
  granted_at?: Instant | "now";
  /** What happened in the last `HISTORY_DAYS`: moves by time, charges by service date, bookings that stand or wait. */
  history?: boolean;
  /** Its memberships, and its bookings that are unfunded; also loaded where something of them is due. */
  memberships?: boolean;
  /** The service time that usage limits are counted at; omitted: now. */
  service_at?: Instant | undefined;
}

/** An operation on the ledger: a value that says everything about itself once. */
export interface LedgerOperation<Input = never> {
  /** The audit name, log field and metric. */
  name: string;
  /** Null for what only the system itself asks for. */
  scope: "grant" | "check" | "deduct" | "restore" | "manage" | null;
  /** True: nothing is written, no lock is taken. */
  is_read: boolean;
  summary: string;
  input: ZodType<Input>;
  refusals: readonly Refusal[];
  keys(input: Input): FactKeys;
  decide(facts: Facts, input: Input, context: Context): Decision;
}

/** Who asks, for what, on whose behalf. */
export interface Command {
  operation: LedgerOperation;
  input: unknown;
  keys: FactKeys;
  location_id: string;
  /** Null for what is idempotent by itself. */
  request: { id: string; payload_hash: Buffer } | null;
  correlation_id: string;
  source: EntrySource;
  actor_id: string | null;
  /** The person behind `actor_id`, whose every change is in the audit trail. */
  person?: { email: string; ip: string };
  /** The version of the location under which the caller was authorised; null: by no token. */
  authorised_version: number | null;
  /** Whether the answer tells the lots chosen and rejected. */
  explain: boolean;
  /**
   * Taken as of then: what arrived while the workspace was suspended is taken in its own order of time when billing is back, before
   * anybody else (clarification 22). Null: as of now.
   */
  as_of?: Instant | null;
}

export type Answer =
  | { kind: "answered"; body: string; correlation_id: string; reason_code: string; is_replay: boolean }
  /** Another process or request has this request id in work. */
  | { kind: "in_progress" }
  /** The request id was first used for something else. */
  | { kind: "mismatch"; operation: string }
  /** A contact that it names was merged into another one, whose books are meant. */
  | { kind: "merged"; name: string; into: string }
  | { kind: "invalid"; field: string; message: string }
  /** The location changed since the caller was authorised: authorise again. */
  | { kind: "stale_authorisation" }
  | { kind: "unavailable" }
  | { kind: "failed"; error: unknown };
