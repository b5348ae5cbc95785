import type { Success } from "../../rules/reasons.ts";
import { MEMBERSHIP_DOCS } from "./membership-docs.ts";

/** What a ledger operation does not say of itself: its answers by name, and one call as it would be made. */
export interface OperationDoc {
  title: string;
  about: string;
  successes: readonly Success[];
  /** Of each group one field is required. */
  one_of: readonly (readonly string[])[];
  /** Whether `?explain=true` has something to tell. */
  explains: boolean;
  request: Record<string, unknown>;
  answer: Record<string, unknown>;
}

const contact = ["external_contact_id", "ghl_contact_id"] as const;
const scope = ["product_config_id", "calendar_id"] as const;
const correlation_id = "3f0c9a52-6f0e-4c3f-9d0b-6c2d6a1e7b10";
const entitlement_id = "019aa5b1-52c4-7d0e-8b1a-2f3c4d5e6f70";
const movement = { entitlement_id, amount: 1 };

export const OPERATION_DOCS: Record<string, OperationDoc> = {
  ...MEMBERSHIP_DOCS,
  grant_credits: {
    title: "Grant credits",
    about:
      "Turns one payment into credits by the rule of a product config. A payment grants once, whatever the request id. " +
      "For a membership the first payment starts it, each further payment opens the next period.",
    successes: ["grant_applied", "duplicate_payment_event"],
    one_of: [contact],
    explains: false,
    request: {
      request_id: "order-1001-grant",
      external_payment_id: "pay_1001",
      external_contact_id: "maya",
      product_config_id: "pc_01kajs2mq8f7r9t3v5x7z9b1d3",
      amount_cents: 12000,
      currency: "USD",
      name: "Maya Lopez",
    },
    answer: {
      ok: true,
      reason_code: "grant_applied",
      correlation_id,
      location_id: "loc_01kajs0c4e6g8j0m2p4r6t8v0x",
      contact_id: "019aa5b0-8e1f-7a2b-9c3d-4e5f60718293",
      entitlement_id,
      credits_granted: 10,
      balance_after: 10,
    },
  },
  check_eligibility: {
    title: "Check eligibility",
    about:
      "Asks whether a deduction would succeed, now or for a date. Nothing is written, ever, and it works while billing " +
      "is suspended.",
    successes: ["eligible"],
    one_of: [contact, scope],
    explains: true,
    request: { external_contact_id: "maya", calendar_id: "cal_yoga" },
    answer: { ok: true, reason_code: "eligible", correlation_id, balance_after: 9 },
  },
  deduct_credits: {
    title: "Deduct credits",
    about:
      "Takes credits for a booking: all or nothing, never a part of the amount, never below zero. With an external_ref " +
      "the booking itself is recorded as an appointment.",
    successes: ["deducted"],
    one_of: [contact, scope],
    explains: true,
    request: {
      request_id: "booking-77-deduct",
      external_contact_id: "maya",
      calendar_id: "cal_yoga",
      external_ref: "booking-77",
      appointment_time: "2026-11-24T18:00:00-05:00",
    },
    answer: {
      ok: true,
      reason_code: "deducted",
      correlation_id,
      balance_after: 9,
      entitlement_id,
      movements: [movement],
    },
  },
  restore_credits: {
    title: "Restore credits",
    about:
      "Gives back what a deduction took, to the entitlements it was drawn from, in reverse order; never more than was " +
      "taken. Later than the cancellation window it is refused; exactly at the window is in time.",
    successes: ["restored"],
    one_of: [contact, [...scope, "external_ref"]],
    explains: true,
    request: { request_id: "booking-77-restore", external_contact_id: "maya", external_ref: "booking-77" },
    answer: {
      ok: true,
      reason_code: "restored",
      correlation_id,
      balance_after: 10,
      entitlement_id,
      movements: [movement],
    },
  },
  resolve_payment: {
    title: "Resolve a payment",
    about:
      "What staff decide of a payment that waits for them: grant what was held back, map an item to a product config, say " +
      "that a product grants nothing, say whose payment it is, or dismiss it. It is granted with its original date. A mapping is " +
      "for this payment: give the product config the product's own id for those to come.",
    successes: ["payment_resolved"],
    one_of: [contact, ["request_id", "dry_run"]],
    explains: false,
    request: {
      request_id: "resolve-1001",
      external_contact_id: "maya",
      action: "grant",
    },
    answer: {
      ok: true,
      reason_code: "payment_resolved",
      correlation_id,
      payment_event_id: "019aa5b0-8e1f-7a2b-9c3d-4e5f60718293",
      status: "recorded",
      granted: [{ item: 1, product_config_id: "pc_01kajs2mq8f7r9t3v5x7z9b1d3", entitlement_id, credits: 10 }],
    },
  },
  settle_unfunded_booking: {
    title: "Settle an unfunded booking",
    about:
      "Charges a booking that could not be charged when it was made, by what its status deserves now. The balance never goes " +
      "negative.",
    successes: ["booking_settled"],
    one_of: [contact, ["request_id", "dry_run"]],
    explains: false,
    request: { request_id: "settle-77", external_contact_id: "maya" },
    answer: { ok: true, reason_code: "booking_settled", correlation_id, booking: "booking-77", movements: [movement] },
  },
  waive_unfunded_booking: {
    title: "Waive an unfunded booking",
    about:
      "Lets a booking go that could not be charged: it costs nothing, whatever becomes of it, until it is booked anew. The reason " +
      "stands in the audit trail.",
    successes: ["booking_waived"],
    one_of: [contact, ["request_id", "dry_run"]],
    explains: false,
    request: { request_id: "waive-77", external_contact_id: "maya", reason: "a trial class" },
    answer: { ok: true, reason_code: "booking_waived", correlation_id, booking: "booking-77" },
  },
  extend_expiry: {
    title: "Extend entitlements",
    about:
      "Gives entitlements more time, until a local date or by a number of local days: all that live and expire earlier, or those " +
      "named. It moves no credits, and nothing that expired comes back.",
    successes: ["expiry_extended"],
    one_of: [
      ["request_id", "dry_run"],
      ["until_on", "days"],
    ],
    explains: false,
    request: { request_id: "extend-maya", days: 7, reason: "closed for a week" },
    answer: {
      ok: true,
      reason_code: "expiry_extended",
      correlation_id,
      extended: [{ entitlement_id, before: "2026-12-02T05:00:00.000Z", after: "2026-12-09T05:00:00.000Z" }],
      skipped: [],
    },
  },
  mark_studio_cancelled: {
    title: "Mark as cancelled by the studio",
    about:
      "Says that the studio cancelled: everything the booking cost goes back, however late. An entitlement that has expired " +
      "meanwhile is made good for 30 days.",
    successes: ["booking_cancelled_by_studio"],
    one_of: [contact, ["request_id", "dry_run"]],
    explains: false,
    request: { request_id: "storm-77", external_contact_id: "maya" },
    answer: {
      ok: true,
      reason_code: "booking_cancelled_by_studio",
      correlation_id,
      booking: "booking-77",
      movements: [{ type: "release", entitlement_id, amount: 1 }],
    },
  },
  merge_contacts: {
    title: "Merge contacts",
    about:
      "Makes one contact another name of a second one: credits, memberships and bookings that stand go over, what was used " +
      "stays in the history it was used in.",
    successes: ["contacts_merged"],
    one_of: [["request_id", "dry_run"]],
    explains: false,
    request: { request_id: "merge-maya", into_external_contact_id: "maya-lopez" },
    answer: {
      ok: true,
      reason_code: "contacts_merged",
      correlation_id,
      contact_id: "019aa5b0-8e1f-7a2b-9c3d-4e5f60718293",
      credits: 9,
      memberships: 1,
      bookings: 2,
    },
  },
};
