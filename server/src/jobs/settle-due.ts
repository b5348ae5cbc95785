import { settleEverywhere } from "../operations/due/settle-dues.ts";
import type { JobContext } from "./worker.ts";

/** Settles what fell due by time. Only the push: what is due holds whenever this runs (rule 15, clarification 16). */
export async function settleDue({ db, ledger, clock, log }: JobContext, stopping: AbortSignal): Promise<void> {
  const settled = await settleEverywhere(db, ledger, clock, stopping);
  if (settled > 0) log.info({ job: "settle_due", settled }, "dues settled");
}
