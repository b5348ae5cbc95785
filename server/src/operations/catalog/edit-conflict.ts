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

/** Changes since that are told at most. */
const MAX_TOLD = 20;

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
  const behind = Math.min(Math.max(current - expected, 1), MAX_TOLD);
  const edits = await findLatestEdits(tx, location_id, subject, behind);
  return refused("EDIT_CONFLICT", {
    version: current,
    current: now,
    edits: edits.map(({ actor, recorded_at, before, after }) => ({
      by: actor,
      at: instant(recorded_at),
      fields: differingFields(before ?? {}, after ?? {}),
    })),
  });
}
