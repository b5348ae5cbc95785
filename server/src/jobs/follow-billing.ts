import { followAll } from "../operations/billing/follow-all.ts";
import { reasonOf } from "../platform/redact.ts";
import type { JobContext } from "./worker.ts";

/** Asks Kotally's own Stripe account about the workspaces that are due, and tells it the number of their locations. */
export async function followBilling(
  { billing, log }: Pick<JobContext, "billing" | "log">,
  stopping?: AbortSignal,
): Promise<void> {
  if (!billing) return;
  const failed = (workspace_id: string, error: unknown) => {
    log.warn(
      { job: "follow_billing", workspace_id, reason: reasonOf(error) },
      "a workspace's billing was not followed",
    );
  };
  const { quantities } = await followAll(billing, failed, stopping);
  if (quantities > 0) log.info({ job: "follow_billing", quantities }, "subscriptions follow their locations");
}
