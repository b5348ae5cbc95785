import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { deleteRows, finishDeletion, listDeletionSteps, markDeleting } from "../../store/workspace-deletion.ts";

/** Rows that one transaction deletes where it may stop between two. */
const PART = 5000;

/**
 * Rule 39. Deletes all that a cancelled workspace has, members, books and audit trail, and keeps only that it was there. In small
 * transactions, and taken up again wherever it was cut off; people keep their own sign-in. False: it is not cancelled, there is no such
 * workspace, or `stopping` left the rest for the next time.
 */
export async function deleteWorkspace(
  db: Database,
  clock: Clock,
  workspace_id: string,
  stopping?: AbortSignal,
): Promise<boolean> {
  const is_leaving = await db.transaction("owner", (tx) => markDeleting(tx, workspace_id, clock.now()));
  if (!is_leaving) return false;
  const steps = await db.transaction("owner", (tx) => listDeletionSteps(tx, workspace_id), { read_only: true });
  for (const step of steps) {
    let gone: number;
    do {
      if (stopping?.aborted) return false;
      gone = await db.transaction("owner", (tx) => deleteRows(tx, workspace_id, step, PART));
    } while (step.is_in_parts && gone === PART);
  }
  await db.transaction("owner", (tx) => finishDeletion(tx, workspace_id, clock.now()));
  return true;
}
