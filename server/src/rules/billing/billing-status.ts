export const BILLING_STATUSES = ["none", "trialing", "active", "past_due", "suspended", "cancelled"] as const;

/** A workspace's standing with Kotally's own billing. */
export type BillingStatus = (typeof BILLING_STATUSES)[number];

/** Rule 37. Mutations run in these; reads, checks, exports and ingestion never stop. */
export function allowsMutations(status: BillingStatus): boolean {
  return status === "trialing" || status === "active" || status === "past_due";
}

/** A workspace begins active where nobody is billed, else without a subscription. */
export function statusOfNewWorkspace({ is_billed }: { is_billed: boolean }): BillingStatus {
  return is_billed ? "none" : "active";
}

/** Rule 38. A location is pending until billing allows it; a sandbox is never billed. */
export function statusOfNewLocation(
  { billing_status }: { billing_status: BillingStatus },
  { sandbox }: { sandbox: boolean },
): "active" | "pending" {
  return sandbox || allowsMutations(billing_status) ? "active" : "pending";
}
