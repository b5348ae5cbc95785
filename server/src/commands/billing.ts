import { billsByStripe, type StripeSettings } from "../config.ts";
import { setBillingStatus } from "../operations/billing/set-billing-status.ts";
import type { Database } from "../platform/database.ts";
import { BILLING_STATUSES } from "../rules/billing/billing-status.ts";
import { CommandError, type CommandResult } from "./result.ts";

/** `kotally billing WORKSPACE --status suspended`: for servers that bill without Stripe. */
export async function setBilling(
  { db, stripe }: { db: Database; stripe: StripeSettings },
  workspace: string,
  status: string,
): Promise<CommandResult> {
  if (billsByStripe(stripe)) {
    throw new CommandError("Billing follows Stripe here: the workspace's owner pays or cancels in the console.");
  }
  const wanted = BILLING_STATUSES.find((known) => known === status);
  if (!wanted) throw new CommandError(`--status must be one of ${BILLING_STATUSES.join(", ")}.`);
  const change = await setBillingStatus(db, workspace, wanted);
  const lines = [`Workspace ${workspace}: billing ${change.before} → ${change.after}.`];
  return { document: { workspace_id: change.workspace_id, before: change.before, status: change.after }, lines };
}
