import type { Clock } from "../platform/clock.ts";
import type { Database, Transaction } from "../platform/database.ts";
import type { BillingStatus } from "../rules/billing/billing-status.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { ReadAs } from "./contact-read.ts";

const VERSION = { name: "view_location_version", text: "SELECT version FROM locations WHERE location_id = $1" };

/** Asks about a location, as one whose authorisation still holds; reads only. */
export function readLocation<T>(
  db: Database,
  { location_id, version }: ReadAs,
  ask: (tx: Transaction) => Promise<T>,
): Promise<T | "stale_authorisation"> {
  const work = async (tx: Transaction) => {
    const [[location], value] = await Promise.all([tx.query<{ version: number }>(VERSION, [location_id]), ask(tx)]);
    return location?.version === version ? value : "stale_authorisation";
  };
  return db.transaction([location_id], work, { read_only: true });
}

/** One location as of one snapshot. */
export interface LocationView {
  tx: Transaction;
  location_id: string;
  /** The location's clock. */
  now: Instant;
  /** The server's own: when deliveries came in, and what is waiting. */
  real_now: Instant;
  timezone: string;
  currency: string;
  sandbox: boolean;
  status: "pending" | "active" | "disconnected";
  billing_status: BillingStatus;
  cancellation_window_hours: number;
}

type LocationRow = Omit<LocationView, "tx" | "location_id" | "now" | "real_now"> & {
  version: number;
  clock_offset_ms: number;
};

const ONE_SNAPSHOT = { name: "", text: "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ" };

const FACTS = {
  name: "view_location_facts",
  text: `
    SELECT l.version, l.clock_offset_ms, l.timezone, l.currency, l.sandbox, l.status, l.cancellation_window_hours,
      w.billing_status
    FROM locations l JOIN workspaces w ON w.id = l.workspace_id WHERE l.location_id = $1`,
};

/** Asks about a location as of its own clock, everything of one moment; as one whose authorisation still holds. Reads only. */
export function viewLocation<T>(
  { db, clock }: { db: Database; clock: Clock },
  { location_id, version }: ReadAs,
  ask: (view: LocationView) => Promise<T>,
): Promise<T | "stale_authorisation"> {
  const work = async (tx: Transaction) => {
    const [, [location]] = await Promise.all([
      tx.query(ONE_SNAPSHOT),
      tx.query<LocationRow & Record<string, unknown>>(FACTS, [location_id]),
    ]);
    if (location?.version !== version) return "stale_authorisation";
    const { version: _, clock_offset_ms, ...facts } = location;
    const real_now = clock.now();
    return ask({ ...facts, tx, location_id, now: real_now + clock_offset_ms, real_now });
  };
  return db.transaction([location_id], work, { read_only: true });
}
