import type { OperationDoc } from "./operation-docs.ts";

const correlation_id = "3f0c9a52-6f0e-4c3f-9d0b-6c2d6a1e7b10";
const asked = {
  one_of: [
    ["external_contact_id", "ghl_contact_id"],
    ["request_id", "dry_run"],
  ],
  explains: false,
};
const plan = "pc_01kajs2mq8f7r9t3v5x7z9b1d3";
const larger_plan = "pc_01kajs2mq8f7r9t3v5x7z9b1d4";

const freeze = {
  id: "019aa5b3-1c2d-7e3f-8a4b-5c6d7e8f9012",
  from_on: "2026-12-20",
  to_on: "2027-01-03",
  is_open: false,
  days: 14,
  status: "planned",
};

export const membership = {
  id: "019aa5b2-0a1b-7c2d-8e3f-4a5b6c7d8e9f",
  product_config_id: plan,
  status: "active",
  is_frozen: false,
  renewal: "payment",
  started_at: "2026-11-21T14:00:00.000Z",
  period: { start_at: "2026-11-21T14:00:00.000Z", end_at: "2027-01-04T05:00:00.000Z" },
  next_boundary_at: "2027-01-04T05:00:00.000Z",
  grace_until: null,
  ends_at: null,
  next_product_config_id: null,
  subscription_id: null,
  freezes: [freeze],
};

const member = { external_contact_id: "maya" };
const answered = { ok: true, correlation_id };

export const MEMBERSHIP_DOCS: Record<string, OperationDoc> = {
  freeze_membership: {
    title: "Freeze a membership",
    about:
      "Lets a membership stand still over local days: now, ahead, or back-dated up to 28 days if nothing was used inside. Its " +
      "credits cannot be used on those days; period and expiry move by them. bookings_inside tells what is booked there.",
    successes: ["membership_frozen"],
    ...asked,
    request: { request_id: "freeze-1", ...member, from_on: "2026-12-20", to_on: "2027-01-03", reason: "travelling" },
    answer: { ...answered, reason_code: "membership_frozen", freeze, membership, bookings_inside: [] },
  },
  unfreeze_membership: {
    title: "Unfreeze a membership",
    about:
      "Ends a freeze early, counting only the days really frozen, or cancels one that has not begun. A freeze that is left " +
      "alone ends by itself.",
    successes: ["membership_unfrozen"],
    ...asked,
    request: { request_id: "unfreeze-1", ...member },
    answer: {
      ...answered,
      reason_code: "membership_unfrozen",
      freeze: { ...freeze, to_on: freeze.from_on, days: 0, status: "cancelled" },
      membership,
    },
  },
  cancel_membership: {
    title: "Cancel a membership",
    about:
      "Ends a membership with what is paid, or at once. Its own credits live to their own expiry, or with now and without " +
      "keep_credits are voided; packages are never touched.",
    successes: ["membership_cancelled"],
    ...asked,
    request: { request_id: "cancel-1", ...member, mode: "at_period_end", reason: "moves away" },
    answer: {
      ...answered,
      reason_code: "membership_cancelled",
      membership: { ...membership, ends_at: membership.next_boundary_at },
    },
  },
  resume_membership: {
    title: "Resume a membership",
    about: "Undoes a cancellation at the end of the period, while it has not ended yet.",
    successes: ["membership_resumed"],
    ...asked,
    request: { request_id: "resume-1", ...member },
    answer: { ...answered, reason_code: "membership_resumed", membership },
  },
  change_plan: {
    title: "Change the plan",
    about:
      "Moves a membership to another plan: more credits now, by the difference for the days that are left of the period; " +
      "fewer from the next period, and nothing is taken back.",
    successes: ["plan_changed"],
    ...asked,
    request: { request_id: "change-1", ...member, product_config_id: larger_plan },
    answer: {
      ...answered,
      reason_code: "plan_changed",
      when: "now",
      membership: { ...membership, product_config_id: larger_plan },
    },
  },
  grant_by_hand: {
    title: "Grant by hand",
    about:
      "Sells something at the desk: the request is a payment of the console's own, and grants by the rule of its product config " +
      "like any other. The contact is made when it is new.",
    successes: ["grant_applied", "duplicate_payment_event"],
    one_of: [["request_id", "dry_run"]],
    explains: false,
    request: { request_id: "desk-1", product_config_id: plan, amount_cents: 9900, reason: "paid in cash" },
    answer: {
      ...answered,
      reason_code: "grant_applied",
      location_id: "loc_01kajs0c4e6g8j0m2p4r6t8v0x",
      contact_id: "019aa5b0-8e1f-7a2b-9c3d-4e5f60718293",
      entitlement_id: "019aa5b1-52c4-7d0e-8b1a-2f3c4d5e6f70",
      credits_granted: 8,
      balance_after: 8,
    },
  },
  restore_by_hand: {
    title: "Give back by hand",
    about:
      "Gives back what a deduction took, to the entitlements it was drawn from, under the same cancellation window as an " +
      "automation. What the window refuses can be adjusted.",
    successes: ["restored"],
    one_of: [
      ["request_id", "dry_run"],
      ["product_config_id", "calendar_id", "external_ref"],
    ],
    explains: false,
    request: { request_id: "sorry-1", external_ref: "booking-77", reason: "the teacher was ill" },
    answer: {
      ...answered,
      reason_code: "restored",
      balance_after: 8,
      entitlement_id: "019aa5b1-52c4-7d0e-8b1a-2f3c4d5e6f70",
      movements: [{ entitlement_id: "019aa5b1-52c4-7d0e-8b1a-2f3c4d5e6f70", amount: 1 }],
    },
  },
  adjust_credits: {
    title: "Adjust credits",
    about:
      "Adds credits by hand, as an entitlement of their own, or takes some, in burn order and never more than there are. The " +
      "reason stands in the ledger.",
    successes: ["credits_adjusted"],
    one_of: [["request_id", "dry_run"]],
    explains: false,
    request: { request_id: "adjust-1", amount: 2, product_config_id: plan, reason: "the pool was cold" },
    answer: {
      ...answered,
      reason_code: "credits_adjusted",
      amount: 2,
      movements: [{ entitlement_id: "019aa5b1-52c4-7d0e-8b1a-2f3c4d5e6f70", amount: 2 }],
    },
  },
};
