import { DAY, type Instant } from "../time/local-days.ts";
import type { BillingStatus } from "./billing-status.ts";

/** Days of a workspace's first subscription that cost nothing. */
export const TRIAL_DAYS = 14;
/** Rule 37. Days for which a workspace goes on after a payment failed. */
const GRACE_DAYS = 7;
/** However quiet Stripe is, it is asked once a day. */
const RECONCILE_EVERY = DAY;
/** What Stripe does at an instant is there a moment later. */
const SETTLES_WITHIN: Instant = 60_000;

/** A workspace's subscription as Stripe says it. */
export interface BilledSubscription {
  subscription_id: string;
  /** Its one item, whose quantity is the number of locations. */
  item_id: string;
  /** Stripe's own word: one that is not known today may come. */
  status: string;
  quantity: number;
  trial_ends_at: Instant | null;
  period_ends_at: Instant | null;
  /** When it ends without a further renewal; null: it goes on. */
  cancels_at: Instant | null;
  ended_at: Instant | null;
  /** Since when its latest invoice waits for money; null: it does not. */
  unpaid_since: Instant | null;
}

/** A subscription that may come to life, or is alive. */
export function isOver({ status }: Pick<BilledSubscription, "status">): boolean {
  return status === "canceled" || status === "incomplete_expired";
}

/** Of subscriptions in these states Stripe is told another quantity. */
export const TAKES_QUANTITY: readonly string[] = ["trialing", "active", "past_due"];

export function takesQuantity(status: string): boolean {
  return TAKES_QUANTITY.includes(status);
}

/**
 * Since when a workspace owes money: the first instant that was ever told, for as long as it lasts. A later invoice that is not paid
 * either begins no new grace.
 */
export function pastDueSince(
  { status, unpaid_since }: Pick<BilledSubscription, "status" | "unpaid_since">,
  known: Instant | null,
  now: Instant,
): Instant | null {
  if (status !== "past_due") return null;
  return Math.min(known ?? Number.POSITIVE_INFINITY, unpaid_since ?? now, now);
}

/** When a workspace that owes money since then is suspended. */
export function graceEnd(past_due_since: Instant): Instant {
  return past_due_since + GRACE_DAYS * DAY;
}

/** Rule 37. What a subscription means for its workspace; a word that is not known lets nothing be changed. */
export function statusOfSubscription(
  status: string,
  past_due_since: Instant | null,
  now: Instant,
): Exclude<BillingStatus, "none"> {
  switch (status) {
    case "trialing":
    case "active":
      return status;
    case "past_due":
      return now < graceEnd(past_due_since ?? now) ? "past_due" : "suspended";
    case "canceled":
    case "incomplete_expired":
      return "cancelled";
    default:
      return "suspended";
  }
}

/** When Stripe is asked again though nobody told of anything: as something is due by time, and daily. */
export function nextReading(
  { trial_ends_at, period_ends_at, cancels_at }: BilledSubscription,
  past_due_since: Instant | null,
  now: Instant,
): Instant {
  const by_time = [trial_ends_at, period_ends_at, cancels_at].map((at) => at && at + SETTLES_WITHIN);
  const dues = [...by_time, past_due_since && graceEnd(past_due_since)];
  const coming = dues.filter((at): at is Instant => at !== null && at > now);
  return Math.min(now + RECONCILE_EVERY, ...coming);
}
