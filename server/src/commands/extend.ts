import { extendExpiry } from "../operations/credits/extend-expiry.ts";
import { submitOwn } from "../operations/credits/submit-own.ts";
import type { Ledger } from "../operations/ledger.ts";
import { findLocation } from "../operations/locations/find-location.ts";
import { fieldErrors } from "../operations/validation.ts";
import type { Database } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { CommandError, type CommandResult } from "./result.ts";

interface Options {
  until?: string;
  reason?: string;
  entitlement?: string[];
  dryRun?: boolean;
}

/** What a field of the operation is called here. */
const OPTIONS: Record<string, string> = { until_on: "--until", reason: "--reason" };

interface Answered {
  ok: boolean;
  message?: string;
  extended?: { entitlement_id: string; before: string; after: string }[];
  skipped?: { entitlement_id: string; reason: string }[];
}

/** `kotally extend LOCATION CONTACT --until DATE`: rule 17, with `--dry-run` as its preview. */
export async function extendEntitlements(
  db: Database,
  ledger: Ledger,
  reference: string,
  contact: string,
  { until, reason, entitlement, dryRun = false }: Options,
): Promise<CommandResult> {
  const { location_id } = await findLocation(db, reference);
  const input = {
    external_contact_id: contact,
    request_id: newId(),
    entitlement_ids: entitlement,
    until_on: until,
    reason,
    dry_run: dryRun,
  };
  const parsed = extendExpiry.input.safeParse(input);
  if (!parsed.success) {
    const wrong = fieldErrors(parsed.error).map(({ field, message }) => `${OPTIONS[field] ?? field} ${message}`);
    throw new CommandError(`${wrong.join("; ")}.`);
  }
  const answer = await submitOwn(ledger, extendExpiry, location_id, parsed.data, {
    source: "console",
    urgency: "interactive",
  });
  if (answer.kind !== "answered") throw new CommandError("The books could not be changed now; nothing was: try again.");
  const body = JSON.parse(answer.body) as Answered;
  const lines = [
    ...(body.extended ?? []).map(({ entitlement_id, before, after }) => `${entitlement_id}: ${before} → ${after}`),
    ...(body.skipped ?? []).map(({ entitlement_id, reason: why }) => `${entitlement_id}: left as it is (${why})`),
  ];
  if (body.message) lines.push(body.message);
  if (dryRun) lines.push("Dry run: nothing was written.");
  return { document: body, lines, exit_code: body.ok ? 0 : 1 };
}
