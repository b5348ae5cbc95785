import { findBillingAccount } from "../../store/billing-accounts.ts";
import type { BillingDesk } from "./billing-desk.ts";
import { followSubscription } from "./follow-subscription.ts";

export type FinishedCheckout = { is_paid: boolean } | "unknown";

/**
 * Somebody came back from Stripe: what it says holds at once, whether its webhook was first, comes later or never. `session_id` null: from
 * the portal. A payment page of another workspace is as good as none.
 */
export async function finishCheckout(
  desk: BillingDesk,
  workspace_id: string,
  session_id: string | null,
): Promise<FinishedCheckout> {
  const { db, ports } = desk;
  const account = await db.transaction({ workspace_id }, (tx) => findBillingAccount(tx, workspace_id), {
    read_only: true,
  });
  if (!account) return "unknown";
  const page = session_id === null ? null : await ports.findCheckout(session_id);
  if (session_id !== null && page?.customer_id !== account.customer_id) return "unknown";
  await followSubscription(desk, workspace_id);
  return { is_paid: page?.is_paid ?? false };
}
