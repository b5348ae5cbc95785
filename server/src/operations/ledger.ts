import { Catalogs } from "../ledger/catalogs.ts";
import { Executor, type ExecutorSettings } from "../ledger/executor.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";

/** The one way to the books of a database. */
export function openLedger(db: Database, clock: Clock, settings: ExecutorSettings): Executor {
  return new Executor({ db, clock, catalogs: new Catalogs() }, settings);
}

export type { Executor as Ledger };
