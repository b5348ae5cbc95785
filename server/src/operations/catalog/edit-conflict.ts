import type { Transaction } from "../../platform/database.ts";
import { instant } from "../../platform/sql.ts";
import { findLatestEdits } from "../../store/edits.ts";
import type { Change } from "../access/change-as.ts";
import { differingFields } from "./apply-changes.ts";

/** What an edit came to: the answer of its call, with a line for the audit trail unless it was refused. */
export type Edited = Change<Record<string, unknown>>;

/** Nothing was changed; `facts` say why. */
export function refused(code: string, facts: Record<string, unknown> = {}): Edited {
  return { answer: { refused: code, ...facts }, audit: null };
}

/** Changes that are looked at, and so told, at most. */
const MAX_LOOKED_AT = 50;

export interface Versions {
  expected: number;
  current: number;
}

/**
 * Null where the row is still what the editor saw; else the refusal with what it is now, and who changed what since: each change
 * counts the row's version by one and leaves one line in the audit trail.
 */
export async function editConflict(
  tx: Transaction,
  location_id: string,
  subject: string,
  { expected, current }: Versions,
  now: Record<string, unknown>,
): Promise<Edited | null> {
  if (expected === current) return null;
  const known = await findLatestEdits(tx, location_id, subject, MAX_LOOKED_AT);
  const edits = known
    .map(({ actor, recorded_at, before, after }) => ({
      by: actor,
      at: instant(recorded_at),
      fields: differingFields(before ?? {}, after ?? {}).filter((field) => field in now),
    }))
    .filter(({ fields }) => fields.length > 0);
  const since = edits.slice(0, Math.max(current - expected, 1));
  return refused("EDIT_CONFLICT", { version: current, current: now, edits: since });
}
