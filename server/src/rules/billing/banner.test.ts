import { expect, test } from "vitest";
import { DAY } from "../time/local-days.ts";
import { bannerOf, type BillingStanding } from "./banner.ts";

const NOW = Date.UTC(2026, 5, 1);
const quiet: BillingStanding = {
  billing_status: "active",
  trial_ends_at: null,
  cancels_at: null,
  past_due_since: null,
  cancelled_at: null,
};

test.each<[string, Partial<BillingStanding>, ReturnType<typeof bannerOf>]>([
  ["who pays hears nothing", {}, null],
  ["who has not subscribed is told so", { billing_status: "none" }, { code: "not_subscribed", at: null }],
  ["a trial is quiet at first", { billing_status: "trialing", trial_ends_at: NOW + 3 * DAY + 1 }, null],
  [
    "and announces its end three days before",
    { billing_status: "trialing", trial_ends_at: NOW + 3 * DAY },
    { code: "trial_ends", at: NOW + 3 * DAY },
  ],
  [
    "a trial that was cancelled ends, and is not said to begin to cost",
    { billing_status: "trialing", trial_ends_at: NOW + DAY, cancels_at: NOW + DAY },
    { code: "subscription_ends", at: NOW + DAY },
  ],
  ["the end of a trial that is over says nothing", { trial_ends_at: NOW - DAY }, null],
  [
    "a subscription that will end says when",
    { cancels_at: NOW + 9 * DAY },
    { code: "subscription_ends", at: NOW + 9 * DAY },
  ],
  [
    "Rule 37. A failed payment leaves seven days",
    { billing_status: "past_due", past_due_since: NOW - 2 * DAY },
    { code: "payment_failed", at: NOW + 5 * DAY },
  ],
  ["one that was set by hand has no end", { billing_status: "past_due" }, { code: "payment_failed", at: null }],
  ["then changes rest", { billing_status: "suspended" }, { code: "suspended", at: null }],
  [
    "Rule 39. After a cancellation everybody sees the day of the deletion",
    { billing_status: "cancelled", cancelled_at: NOW - 60 * DAY },
    { code: "cancelled", at: NOW + 30 * DAY },
  ],
])("%s", (_, standing, banner) => {
  expect(bannerOf({ ...quiet, ...standing }, NOW)).toEqual(banner);
});
