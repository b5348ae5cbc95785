import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { BilledSubscription } from "../rules/billing/subscription.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** A workspace at Kotally's own Stripe, as it was read last. The fields of the subscription are null where there never was one. */
export interface BillingAccount {
  workspace_id: string;
  customer_id: string;
  checkout_session_id: string | null;
  had_trial: boolean;
  subscription_id: string | null;
  item_id: string | null;
  subscription_status: string | null;
  quantity: number | null;
  trial_ends_at: Instant | null;
  period_ends_at: Instant | null;
  cancels_at: Instant | null;
  ended_at: Instant | null;
  past_due_since: Instant | null;
  quantity_changes: number;
  reading_written: number;
  next_reading_at: Instant;
  read_at: Instant | null;
  trouble: string | null;
}

const COLUMNS = `workspace_id, customer_id, checkout_session_id, had_trial, subscription_id, item_id, subscription_status, quantity,
  trial_ends_at, period_ends_at, cancels_at, ended_at, past_due_since, quantity_changes, reading_written, next_reading_at, read_at,
  trouble`;

type Found = BillingAccount & Record<string, unknown>;

const FIND = { name: "", text: `SELECT ${COLUMNS} FROM billing_accounts WHERE workspace_id = $1` };

export async function findBillingAccount(tx: Transaction, workspace_id: string): Promise<BillingAccount | null> {
  return (await tx.query<Found>(FIND, [workspace_id]))[0] ?? null;
}

const LOCK = { name: "", text: `${FIND.text} FOR NO KEY UPDATE` };

export async function lockBillingAccount(tx: Transaction, workspace_id: string): Promise<BillingAccount | null> {
  return (await tx.query<Found>(LOCK, [workspace_id]))[0] ?? null;
}

const INSERT = {
  name: "",
  text: `
    INSERT INTO billing_accounts (workspace_id, customer_id, next_reading_at, created_at) VALUES ($1, $2, $3, $3)
    ON CONFLICT (workspace_id) DO NOTHING`,
};

/** Keeps the customer of a workspace; the first one stays. */
export function insertBillingAccount(tx: Transaction, workspace_id: string, customer_id: string, now: Instant) {
  return tx.query(INSERT, [workspace_id, customer_id, instant(now)]);
}

const KEEP_SESSION = {
  name: "",
  text: "UPDATE billing_accounts SET checkout_session_id = $2 WHERE workspace_id = $1",
};

export function keepCheckoutSession(tx: Transaction, workspace_id: string, session_id: string) {
  return tx.query(KEEP_SESSION, [workspace_id, session_id]);
}

const MARK_DUE = {
  name: "",
  text: `
    UPDATE billing_accounts SET next_reading_at = LEAST(next_reading_at, $2)
    WHERE customer_id = $1 RETURNING workspace_id`,
};

/** Stripe told of this customer: it is asked now. Answers whose customer it is; null: none of ours. */
export async function markReadingDue(tx: Transaction, customer_id: string, now: Instant): Promise<string | null> {
  const [row] = await tx.query<{ workspace_id: string }>(MARK_DUE, [customer_id, instant(now)]);
  return row?.workspace_id ?? null;
}

/** One reading of a workspace's subscription that was begun. */
export interface BegunReading {
  workspace_id: string;
  customer_id: string;
  /** A reading with a lower number was begun earlier. */
  number: number;
  leased_until: Instant;
}

const BEGUN = `workspace_id, customer_id, readings_begun AS number, next_reading_at AS leased_until`;

const BEGIN = {
  name: "",
  text: `
    UPDATE billing_accounts SET readings_begun = readings_begun + 1, next_reading_at = $2
    WHERE workspace_id = $1 RETURNING ${BEGUN}`,
};

export async function beginReading(
  tx: Transaction,
  workspace_id: string,
  leased_until: Instant,
): Promise<BegunReading | null> {
  const [row] = await tx.query<BegunReading & Record<string, unknown>>(BEGIN, [workspace_id, instant(leased_until)]);
  return row ?? null;
}

const BEGIN_DUE = {
  name: "",
  text: `
    UPDATE billing_accounts SET readings_begun = readings_begun + 1, next_reading_at = $2
    WHERE workspace_id IN (
      SELECT workspace_id FROM billing_accounts WHERE next_reading_at <= $1
      ORDER BY next_reading_at, workspace_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING ${BEGUN}`,
};

/** Begins the readings that are due; no other process begins them until the lease is over, unless Stripe tells something new. */
export function beginDueReadings(
  tx: Transaction,
  { now, leased_until, at_most }: { now: Instant; leased_until: Instant; at_most: number },
): Promise<BegunReading[]> {
  const values = [instant(now), instant(leased_until), at_most];
  return tx.query<BegunReading & Record<string, unknown>>(BEGIN_DUE, values);
}

/** When the next reading is due, unless Stripe told something new since this one began. */
const NEXT = "CASE WHEN next_reading_at = $2 THEN $3 ELSE LEAST(next_reading_at, $3) END";

const KEEP_NOTHING = {
  name: "",
  text: `
    UPDATE billing_accounts SET next_reading_at = ${NEXT},
      reading_written = CASE WHEN $6::text IS NULL THEN $4 ELSE reading_written END,
      read_at = CASE WHEN $6::text IS NULL THEN $5 ELSE read_at END, trouble = $6
    WHERE workspace_id = $1 AND reading_written < $4`,
};

/** A reading found no subscription, or failed with `trouble`; one that was overtaken says nothing any more. */
export function keepReading(
  tx: Transaction,
  { workspace_id, leased_until, number }: BegunReading,
  { next_reading_at, now, trouble }: { next_reading_at: Instant; now: Instant; trouble: string | null },
) {
  const values = [workspace_id, instant(leased_until), instant(next_reading_at), number];
  return tx.query(KEEP_NOTHING, [...values, instant(now), trouble]);
}

const KEEP = {
  name: "",
  text: `
    UPDATE billing_accounts SET next_reading_at = ${NEXT}, reading_written = $4, read_at = $5, trouble = NULL,
      subscription_id = $6, item_id = $7, subscription_status = $8, quantity = $9, trial_ends_at = $10, period_ends_at = $11,
      cancels_at = $12, ended_at = $13, past_due_since = $14, had_trial = had_trial OR $10::timestamptz IS NOT NULL,
      quantity_changes = quantity_changes + CASE WHEN quantity IS DISTINCT FROM $9 THEN 1 ELSE 0 END
    WHERE workspace_id = $1`,
};

/** Writes what a reading found. */
export function keepSubscription(
  tx: Transaction,
  { workspace_id, leased_until, number }: BegunReading,
  subscription: BilledSubscription,
  { past_due_since, next_reading_at, now }: { past_due_since: Instant | null; next_reading_at: Instant; now: Instant },
) {
  const { subscription_id, item_id, status, quantity, trial_ends_at, period_ends_at, cancels_at, ended_at } =
    subscription;
  const at = (moment: Instant | null) => (moment === null ? null : instant(moment));
  return tx.query(KEEP, [
    workspace_id,
    instant(leased_until),
    instant(next_reading_at),
    number,
    instant(now),
    subscription_id,
    item_id,
    status,
    quantity,
    at(trial_ends_at),
    at(period_ends_at),
    at(cancels_at),
    at(ended_at),
    at(past_due_since),
  ]);
}

// Rule 38. Sandboxes are not billed.
const ACTIVE_LOCATIONS = `
  SELECT count(*)::integer FROM locations l WHERE l.workspace_id = a.workspace_id AND l.status = 'active' AND NOT l.sandbox`;

/** A subscription whose quantity is not the number of active locations. */
export interface QuantityGap {
  workspace_id: string;
  subscription_id: string;
  item_id: string;
  quantity: number;
  quantity_changes: number;
  active_locations: number;
}

const GAPS = {
  name: "",
  text: `
    SELECT g.* FROM (
      SELECT a.workspace_id, a.subscription_id, a.item_id, a.quantity, a.quantity_changes, (${ACTIVE_LOCATIONS}) AS active_locations
      FROM billing_accounts a WHERE a.subscription_status = ANY ($1::text[])
    ) g
    WHERE g.quantity <> g.active_locations ORDER BY g.workspace_id LIMIT $2`,
};

export function findQuantityGaps(
  tx: Transaction,
  statuses: readonly string[],
  at_most: number,
): Promise<QuantityGap[]> {
  return tx.query<QuantityGap & Record<string, unknown>>(GAPS, [statuses, at_most]);
}

const KEEP_QUANTITY = {
  name: "",
  text: `
    UPDATE billing_accounts SET quantity = $3, quantity_changes = quantity_changes + 1
    WHERE workspace_id = $1 AND subscription_id = $2 AND quantity_changes = $4 RETURNING workspace_id`,
};

/** Records what Stripe was told; false where something else was recorded meanwhile. */
export async function keepQuantity(
  tx: Transaction,
  { workspace_id, subscription_id, quantity_changes, active_locations }: QuantityGap,
): Promise<boolean> {
  const values = [workspace_id, subscription_id, active_locations, quantity_changes];
  return (await tx.query(KEEP_QUANTITY, values)).length > 0;
}
