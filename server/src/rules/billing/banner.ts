import { DAY, type Instant } from "../time/local-days.ts";
import type { BillingStatus } from "./billing-status.ts";
import { deletionDue } from "./retention.ts";
import { graceEnd } from "./subscription.ts";

/** Days before the end of a trial from which everybody is reminded of it. */
const TRIAL_NOTICE_DAYS = 3;

export const BANNERS = [
  "not_subscribed",
  "trial_ends",
  "subscription_ends",
  "payment_failed",
  "suspended",
  "cancelled",
] as const;

/** What everybody of a workspace should know of its billing. */
export interface Banner {
  code: (typeof BANNERS)[number];
  /** `trial_ends`, `subscription_ends`: then. `payment_failed`: suspended then. `cancelled`: deleted then. Null: no instant is known. */
  at: Instant | null;
}

/** How a workspace stands; the instants are null where they do not apply, or Stripe is not asked. */
export interface BillingStanding {
  billing_status: BillingStatus;
  trial_ends_at: Instant | null;
  cancels_at: Instant | null;
  past_due_since: Instant | null;
  cancelled_at: Instant | null;
}

/** Rules 37 and 39. Null: nothing needs to be said. */
export function bannerOf(standing: BillingStanding, now: Instant): Banner | null {
  const { billing_status, trial_ends_at, cancels_at, past_due_since, cancelled_at } = standing;
  switch (billing_status) {
    case "none":
      return { code: "not_subscribed", at: null };
    case "suspended":
      return { code: "suspended", at: null };
    case "cancelled":
      return { code: "cancelled", at: cancelled_at && deletionDue(cancelled_at) };
    case "past_due":
      return { code: "payment_failed", at: past_due_since && graceEnd(past_due_since) };
    case "trialing":
    case "active":
      if (cancels_at !== null) return { code: "subscription_ends", at: cancels_at };
      if (billing_status === "active" || trial_ends_at === null) return null;
      return trial_ends_at - now <= TRIAL_NOTICE_DAYS * DAY ? { code: "trial_ends", at: trial_ends_at } : null;
  }
}
