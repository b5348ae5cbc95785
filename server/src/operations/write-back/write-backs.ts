import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { findBalanceField, keepBalanceField } from "../../store/balance-fields.ts";
import { findLocations } from "../../store/locations.ts";
import {
  concludeWriteBack,
  findLocationsToWriteBack,
  leaseWriteBacks,
  type LeasedWriteBack,
} from "../../store/write-backs.ts";

export type { LeasedWriteBack };

/** How long a process has a balance before another may write it. */
const LEASE_MS = 120_000;
const FIRST_RETRY_MS = 30_000;
const LATEST_RETRY_MS = 3_600_000;

/** Locations with balances that are due. */
export function findDueLocations(db: Database, clock: Clock, at_most: number): Promise<string[]> {
  return db.transaction([], (tx) => findLocationsToWriteBack(tx, clock.now(), at_most), { read_only: true });
}

/** Balances of a location that this process writes now, and the location's version to read them under. */
export async function leaseBalances(
  db: Database,
  clock: Clock,
  location_id: string,
  at_most: number,
): Promise<{ leased: LeasedWriteBack[]; version: number }> {
  const now = clock.now();
  return db.transaction([location_id], async (tx) => {
    const [leased, [location]] = await Promise.all([
      leaseWriteBacks(tx, { location_id, now, until: now + LEASE_MS, at_most }),
      findLocations(tx, [location_id]),
    ]);
    return { leased, version: location?.version ?? 0 };
  });
}

/** What became of a balance; `failed`: it is tried again, later each time; `given_up`: not before it changes. */
export type Written =
  | { kind: "written"; value: number; changes_at: Instant | null }
  | { kind: "unchanged"; changes_at: Instant | null }
  | { kind: "given_up"; trouble: string }
  | { kind: "failed"; trouble: string; retry_after_ms: number | null };

export async function concludeBalance(
  db: Database,
  clock: Clock,
  leased: LeasedWriteBack,
  result: Written,
): Promise<void> {
  const now = clock.now();
  const concluded = {
    written: result.kind === "written" ? result.value : null,
    again_at:
      "changes_at" in result ? result.changes_at : result.kind === "failed" ? retryAt(now, leased, result) : null,
    trouble: "trouble" in result ? result.trouble : null,
    is_failed: result.kind === "failed",
  };
  await db.transaction([leased.location_id], (tx) => concludeWriteBack(tx, leased, concluded, now));
}

function retryAt(now: Instant, { failures }: LeasedWriteBack, { retry_after_ms }: { retry_after_ms: number | null }) {
  const delay_ms = Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 20), LATEST_RETRY_MS);
  return now + Math.max(delay_ms, retry_after_ms ?? 0);
}

/** The custom field of this location's contacts; null: it must be looked up. */
export function knownBalanceField(db: Database, location_id: string): Promise<string | null> {
  return db.transaction("inbox", (tx) => findBalanceField(tx, location_id), { read_only: true });
}

/** Null: it is no longer there. */
export async function rememberBalanceField(db: Database, location_id: string, field_id: string | null): Promise<void> {
  await db.transaction("inbox", (tx) => keepBalanceField(tx, location_id, field_id));
}
