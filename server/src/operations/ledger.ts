import { Catalogs } from "../ledger/catalogs.ts";
import { Executor, type ExecutorSettings } from "../ledger/executor.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";

export interface LedgerSettings extends ExecutorSettings {
  /** How long a Stripe payment waits for GoHighLevel's. Rule 32. */
  stripe_settle_seconds?: number;
}

const DEFAULT_SETTLE_SECONDS = 120;

/** The one way to the books of a database. */
export function openLedger(db: Database, clock: Clock, settings: LedgerSettings): Executor {
  const { stripe_settle_seconds = DEFAULT_SETTLE_SECONDS, ...executor } = settings;
  return new Executor({ db, clock, catalogs: new Catalogs(stripe_settle_seconds) }, executor);
}

export type { Executor as Ledger };
