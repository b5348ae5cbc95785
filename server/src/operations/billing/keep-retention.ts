import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { deletionAt, deletionDue, noticeDue } from "../../rules/billing/retention.ts";
import { isOver } from "../../rules/billing/subscription.ts";
import { DAY, type Instant } from "../../rules/time/local-days.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { findBillingAccount } from "../../store/billing-accounts.ts";
import {
  findLeavingWorkspace,
  findLeavingWorkspaces,
  insertRetentionNotice,
  type LeavingWorkspace,
} from "../../store/workspace-deletion.ts";
import { lockWorkspaceById } from "../../store/workspaces.ts";
import type { MailPost } from "../access/mail-post.ts";
import type { BillingDesk } from "./billing-desk.ts";
import { deleteWorkspace } from "./delete-workspace.ts";
import { followSubscription } from "./follow-subscription.ts";
import { deletionNotice } from "./retention-mail.ts";

/** Before that nothing happens to a cancelled workspace. */
const FIRST_NOTICE_AFTER: Instant = 60 * DAY;
const ROUND = 200;

export interface Retention {
  db: Database;
  clock: Clock;
  post: Pick<MailPost, "post">;
  /** Null: this server bills nobody; what was cancelled by hand is kept and deleted all the same. */
  billing: BillingDesk | null;
  public_url: string;
}

/** Rule 39. Sends the notices that are due, and deletes what was kept long enough. A failure of one holds up no other. */
export async function keepRetention(
  retention: Retention,
  onFailure: (workspace_id: string, error: unknown) => void,
  stopping?: AbortSignal,
): Promise<{ notices: number; deleted: number }> {
  const { db, clock } = retention;
  const cancelled_by = clock.now() - FIRST_NOTICE_AFTER;
  const leaving = await db.transaction("owner", (tx) => findLeavingWorkspaces(tx, { cancelled_by, at_most: ROUND }), {
    read_only: true,
  });
  const done = { notices: 0, deleted: 0 };
  for (const workspace of leaving) {
    if (stopping?.aborted) break;
    try {
      if (await giveNotice(retention, workspace.workspace_id)) done.notices += 1;
      else if (await deleteDue(retention, workspace, stopping)) done.deleted += 1;
    } catch (error) {
      onFailure(workspace.workspace_id, error);
    }
  }
  return done;
}

/** The letter leaves in the transaction that records it: once, and only where the workspace is still cancelled. */
function giveNotice({ db, clock, post, public_url }: Retention, workspace_id: string): Promise<boolean> {
  return db.transaction("owner", async (tx) => {
    const now = clock.now();
    await lockWorkspaceById(tx, workspace_id);
    const leaving = await findLeavingWorkspace(tx, workspace_id, now);
    const due = leaving && noticeDue(leaving.cancelled_at, leaving.notices, now);
    if (!leaving || !due || !(await insertRetentionNotice(tx, leaving, due, now))) return false;
    const at = Math.max(deletionDue(leaving.cancelled_at), now + DAY);
    for (const owner of leaving.owners) await post.post(deletionNotice(owner, leaving, at, public_url), tx);
    await insertAuditEvent(tx, {
      workspace_id,
      location_id: null,
      actor: "retention",
      action: "announce_deletion",
      subject: `workspace ${leaving.name}`,
      before: null,
      after: { days_before: due, owners: leaving.owners },
    });
    return true;
  });
}

async function deleteDue(
  { db, clock, billing }: Retention,
  { workspace_id, cancelled_at, deleting_since, notices }: LeavingWorkspace,
  stopping: AbortSignal | undefined,
): Promise<boolean> {
  const at = deletionAt(cancelled_at, notices);
  if (deleting_since === null && (at === null || clock.now() < at)) return false;
  if (billing && deleting_since === null && !(await isOverAtStripe(billing, workspace_id))) return false;
  return deleteWorkspace(db, clock, workspace_id, stopping);
}

/** Nobody pays for what is deleted: the payment page is closed, and Stripe is asked once more. */
async function isOverAtStripe(desk: BillingDesk, workspace_id: string): Promise<boolean> {
  const find = () => desk.db.transaction("owner", (tx) => findBillingAccount(tx, workspace_id), { read_only: true });
  const account = await find();
  if (!account) return true;
  const { checkout_session_id } = account;
  const page = checkout_session_id === null ? null : await desk.ports.findCheckout(checkout_session_id);
  if (page?.url) await desk.ports.closeCheckout(page.session_id);
  await followSubscription(desk, workspace_id);
  const status = (await find())?.subscription_status ?? null;
  return status === null || isOver({ status });
}
