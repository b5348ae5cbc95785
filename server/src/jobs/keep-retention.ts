import { keepRetention } from "../operations/billing/keep-retention.ts";
import { reasonOf } from "../platform/redact.ts";
import type { TimerContext } from "./worker.ts";

/** What cancelled workspaces are owed: notices, and in the end that everything is deleted. */
export async function keepRetentionJob(context: TimerContext, stopping?: AbortSignal): Promise<void> {
  const { log, billing = null } = context;
  const failed = (workspace_id: string, error: unknown) => {
    log.error(
      { job: "keep_retention", workspace_id, reason: reasonOf(error) },
      "a cancelled workspace was passed over",
    );
  };
  const { notices, deleted } = await keepRetention({ ...context, billing }, failed, stopping);
  if (notices > 0) log.info({ job: "keep_retention", notices }, "deletions were announced");
  if (deleted > 0) log.info({ job: "keep_retention", deleted }, "cancelled workspaces were deleted");
}
