import { PROMISES } from "../../ledger/invariants.ts";
import type { Verification } from "../../ledger/verify-report.ts";
import { verifyLedger, type VerifyOptions } from "../../ledger/verify.ts";
import type { Database } from "../../platform/database.ts";

export { PROMISES };
export type { Verification };

/** Recomputes every balance, invariant and hash chain from the entries; changes nothing. Rules 4 to 6. */
export function verifyBooks(db: Database, options: VerifyOptions): Promise<Verification> {
  return verifyLedger(db, options);
}
