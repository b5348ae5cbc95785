import { settleDueMembers } from "../operations/credits/settle-due-members.ts";
import type { JobContext } from "./worker.ts";

/** Books what fell due by time. Only the push: expiry holds at read time, whenever this runs (rule 15). */
export async function expireLots({ db, ledger, clock, log }: JobContext): Promise<void> {
  const settled = await settleDueMembers(db, ledger, clock);
  if (settled > 0) log.info({ job: "expire_lots", settled }, "members settled");
}
