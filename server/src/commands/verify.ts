import { keepVerification } from "../operations/credits/keep-verification.ts";
import { PROMISES, type Verification } from "../operations/credits/verify-books.ts";
import { findLocation } from "../operations/locations/find-location.ts";
import { monotonicNow, systemClock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { locationPublicId } from "../platform/ids.ts";
import type { CommandResult } from "./result.ts";

/** `kotally verify [--location ID]`: exit 1 and a list where anything is off. */
export async function verify(db: Database, { location }: { location?: string | undefined }): Promise<CommandResult> {
  const location_id = location === undefined ? null : (await findLocation(db, location)).location_id;
  const began = monotonicNow();
  const verification = await keepVerification(db, systemClock, { location_id });
  const seconds = ((monotonicNow() - began) / 1000).toFixed(1);
  const { findings, broken, ...counts } = verification;
  const is_clean = Object.keys(broken).length === 0;
  const verified = Object.entries(counts).map(([name, count]) => `${name} ${count.toLocaleString("en-US")}`);
  return {
    document: { ok: is_clean, ...counts, broken, findings: findings.map(withPublicId) },
    lines: [
      `Verified in ${seconds} s: ${verified.join(", ")}.`,
      ...(is_clean ? ["The books are clean."] : brokenLines(verification)),
    ],
    exit_code: is_clean ? 0 : 1,
  };
}

function brokenLines({ findings, broken }: Verification): string[] {
  return Object.entries(broken).flatMap(([invariant, count]) => {
    const told = findings.filter((finding) => finding.invariant === invariant);
    const lines = told
      .map(withPublicId)
      .map(({ location_id, subject }) => `  ${location_id} ${JSON.stringify(subject)}`);
    if (count > told.length) lines.push(`  … and ${count - told.length} more`);
    return [`${invariant}, ${count} times. ${PROMISES[invariant] ?? ""}`, ...lines];
  });
}

function withPublicId<T extends { location_id: string }>(finding: T): T {
  return { ...finding, location_id: locationPublicId(finding.location_id) };
}
