import type { Transaction } from "../platform/database.ts";
import { instant, uuidArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** A member of a location whose balance GoHighLevel shows. */
export interface BalanceOwner {
  location_id: string;
  contact_id: string;
}

const QUEUE = {
  name: "queue_write_backs",
  text: `
    INSERT INTO balance_write_backs AS b (location_id, contact_id, due_at)
    SELECT location_id, contact_id, $3 FROM unnest($1::uuid[], $2::uuid[]) AS k (location_id, contact_id)
    ORDER BY location_id, contact_id
    ON CONFLICT (location_id, contact_id) DO UPDATE SET due_at = excluded.due_at, change = b.change + 1`,
};

/** Notes that these balances may have changed. */
export function queueWriteBacks(tx: Transaction, owners: readonly BalanceOwner[], recorded_at: string) {
  const values = [uuidArray(owners.map((one) => one.location_id)), uuidArray(owners.map((one) => one.contact_id))];
  return tx.query(QUEUE, [...values, recorded_at]);
}

const QUEUE_ALL = {
  name: "",
  text: `
    INSERT INTO balance_write_backs AS b (location_id, contact_id, due_at)
    SELECT DISTINCT e.location_id, e.contact_id, $2::timestamptz FROM entitlements e
    WHERE e.location_id = $1 AND e.live
    ORDER BY e.location_id, e.contact_id
    ON CONFLICT (location_id, contact_id) DO UPDATE SET due_at = excluded.due_at, change = b.change + 1`,
};

/** Notes every member of a location who has something to use: GoHighLevel is to show what was there before it was connected. */
export function queueAllWriteBacks(tx: Transaction, location_id: string, now: Instant) {
  return tx.query(QUEUE_ALL, [location_id, instant(now)]);
}

const FORGET = { name: "", text: "UPDATE balance_write_backs SET written = NULL WHERE location_id = $1" };

/** What GoHighLevel shows is not known any more: each balance is written again, changed or not. */
export function forgetWritten(tx: Transaction, location_id: string) {
  return tx.query(FORGET, [location_id]);
}

const LOCATIONS = {
  name: "find_locations_to_write_back",
  text: "SELECT location_id FROM locations_to_write_back($1, $2)",
};

/** Connected locations, no sandboxes, with balances that are due; whichever location they are. */
export async function findLocationsToWriteBack(tx: Transaction, now: Instant, at_most: number): Promise<string[]> {
  const rows = await tx.query<{ location_id: string }>(LOCATIONS, [instant(now), at_most]);
  return rows.map(({ location_id }) => location_id);
}

/** A balance that this process is to write. */
export interface LeasedWriteBack extends BalanceOwner {
  change: number;
  written: number | null;
  failures: number;
}

const LEASE = {
  name: "lease_write_backs",
  text: `
    UPDATE balance_write_backs b SET leased_until = $3
    FROM (
      SELECT contact_id FROM balance_write_backs
      WHERE location_id = $1 AND due_at <= $2 AND COALESCE(leased_until, '-infinity') <= $2
      ORDER BY due_at LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED
    ) due
    WHERE b.location_id = $1 AND b.contact_id = due.contact_id
    RETURNING b.location_id, b.contact_id, b.change, b.written, b.failures`,
};

/** Takes balances that are due, so that no other process takes them before `until`. */
export function leaseWriteBacks(
  tx: Transaction,
  { location_id, now, until, at_most }: { location_id: string; now: Instant; until: Instant; at_most: number },
) {
  return tx.query<LeasedWriteBack & Record<string, unknown>>(LEASE, [
    location_id,
    instant(now),
    instant(until),
    at_most,
  ]);
}

/** What became of a balance: `written` null leaves what is known of GoHighLevel as it is. */
export interface ConcludedWriteBack {
  written: number | null;
  /** When it is looked at again by itself; null: not before the next change. */
  again_at: Instant | null;
  trouble: string | null;
  is_failed: boolean;
}

const CONCLUDE = {
  name: "conclude_write_back",
  text: `
    UPDATE balance_write_backs SET leased_until = NULL, trouble = $6,
      written = COALESCE($4, written), written_at = CASE WHEN $4::bigint IS NULL THEN written_at ELSE $8 END,
      failures = CASE WHEN $7 THEN failures + 1 ELSE 0 END,
      due_at = CASE WHEN change = $3 OR $7 THEN $5::timestamptz ELSE due_at END
    WHERE location_id = $1 AND contact_id = $2`,
};

/** A change that came meanwhile stays due. */
export function concludeWriteBack(
  tx: Transaction,
  { location_id, contact_id, change }: LeasedWriteBack,
  { written, again_at, trouble, is_failed }: ConcludedWriteBack,
  now: Instant,
) {
  const again = again_at === null ? null : instant(again_at);
  return tx.query(CONCLUDE, [location_id, contact_id, change, written, again, trouble, is_failed, instant(now)]);
}
