import type { Finding, Verification } from "../../ledger/verify-report.ts";
import type { VerifyOptions } from "../../ledger/verify.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { instant } from "../../platform/sql.ts";
import { findLocationsToVerify, putVerifications } from "../../store/ledger-verifications.ts";
import { verifyBooks } from "./verify-books.ts";

/**
 * Verifies the books, and keeps with each location when that was and what is off: the time is that of the beginning, since what was written
 * meanwhile was not looked at.
 */
export async function keepVerification(db: Database, clock: Clock, options: VerifyOptions = {}): Promise<Verification> {
  const began_at = clock.now();
  const locations = await db.transaction("owner", (tx) => findLocationsToVerify(tx, options.location_id ?? null));
  const verification = await verifyBooks(db, options);
  const verified = locations.flatMap((location_id) => {
    const findings = verification.findings.filter((finding) => finding.location_id === location_id);
    // Of what is broken often only the first are told: whoever is not among them is not known to be clean.
    if (findings.length === 0 && isCut(verification)) return [];
    return [{ location_id, findings: findings.map(({ invariant, subject }: Finding) => ({ invariant, subject })) }];
  });
  await db.transaction("owner", (tx) => putVerifications(tx, verified, instant(began_at)));
  return verification;
}

function isCut({ broken, findings }: Verification): boolean {
  return findings.length < Object.values(broken).reduce((sum, count) => sum + count, 0);
}
