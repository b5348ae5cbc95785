import type { Transaction } from "../../platform/database.ts";
import { reasonOf } from "../../platform/redact.ts";
import { allowsMutations } from "../../rules/billing/billing-status.ts";
import {
  nextReading,
  pastDueSince,
  statusOfSubscription,
  type BilledSubscription,
} from "../../rules/billing/subscription.ts";
import { DAY, type Instant } from "../../rules/time/local-days.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import {
  beginReading,
  keepReading,
  keepSubscription,
  lockBillingAccount,
  type BegunReading,
} from "../../store/billing-accounts.ts";
import { lockWorkspaceById, putBillingStatus } from "../../store/workspaces.ts";
import { activateLocations } from "./activate-locations.ts";
import type { BillingDesk } from "./billing-desk.ts";

/** How long a reading may take before another process begins it again. */
export const READING_LEASE_MS: Instant = 120_000;
/** After a reading that failed. */
const TRY_AGAIN_MS: Instant = 60_000;
/** Who changed it, in the audit trail. */
const ACTOR = "Stripe";

/**
 * Asks Stripe for the subscription of a workspace and lets its billing follow. Whatever was told, how often and in which order, what
 * counts is what Stripe says now. Nothing is asked for a workspace that was never at Stripe.
 */
export async function followSubscription(desk: BillingDesk, workspace_id: string): Promise<void> {
  const { db, clock } = desk;
  const leased_until = clock.now() + READING_LEASE_MS;
  const reading = await db.transaction("owner", (tx) => beginReading(tx, workspace_id, leased_until));
  if (reading) await finishReading(desk, reading);
}

/** Asks Stripe what a begun reading is about, and keeps the answer. A failure is noted, tried again later, and thrown on. */
export async function finishReading(desk: BillingDesk, reading: BegunReading): Promise<void> {
  const { db, clock, ports } = desk;
  let subscription: BilledSubscription | null;
  try {
    subscription = await ports.findSubscription(reading.customer_id);
  } catch (error) {
    const now = clock.now();
    const trouble = reasonOf(error);
    await db.transaction("owner", (tx) =>
      keepReading(tx, reading, { next_reading_at: now + TRY_AGAIN_MS, now, trouble }),
    );
    throw error;
  }
  await db.transaction("owner", (tx) => keepAnswer(tx, reading, subscription, clock.now()));
}

async function keepAnswer(
  tx: Transaction,
  reading: BegunReading,
  subscription: BilledSubscription | null,
  now: Instant,
): Promise<void> {
  const workspace = await lockWorkspaceById(tx, reading.workspace_id);
  const account = await lockBillingAccount(tx, reading.workspace_id);
  // What was asked for later was answered later: an older answer has nothing to add.
  if (!workspace || !account || account.reading_written >= reading.number) return;
  if (subscription === null) {
    await keepReading(tx, reading, { next_reading_at: now + DAY, now, trouble: null });
    return;
  }
  const past_due_since = pastDueSince(subscription, account.past_due_since, now);
  const next_reading_at = nextReading(subscription, past_due_since, now);
  await keepSubscription(tx, reading, subscription, { past_due_since, next_reading_at, now });
  const billing_status = statusOfSubscription(subscription.status, past_due_since, now);
  if (billing_status !== workspace.billing_status) {
    await putBillingStatus(tx, workspace.id, billing_status, subscription.ended_at ?? now);
    await insertAuditEvent(tx, {
      workspace_id: workspace.id,
      location_id: null,
      actor: ACTOR,
      action: "follow_subscription",
      subject: `workspace ${workspace.key}`,
      before: { billing_status: workspace.billing_status },
      after: { billing_status, subscription_status: subscription.status },
    });
  }
  if (allowsMutations(billing_status)) await activateLocations(tx, workspace.id, ACTOR);
}
