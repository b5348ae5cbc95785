import type { EntryType } from "./entry.ts";

/** Why an entry was booked: what that means, and the number of the rule that wanted it; null: a person did. */
export interface EntryReason {
  meaning: string;
  rule: number | null;
}

/** Every reason that a rule books under, in the words of the ledger. */
export const ENTRY_REASONS = {
  purchase: { rule: 33, meaning: "A payment turned into credits." },
  renewal: { rule: 18, meaning: "A new period of the membership began, and brought its credits." },
  plan_upgraded: {
    rule: 25,
    meaning: "A bigger plan from now on: the rest of the period brings its share of the difference.",
  },
  deducted: { rule: 9, meaning: "An automation took the credits through the API." },
  booked: { rule: 27, meaning: "A booking was made: its credits are held until the visit." },
  rebooked: { rule: 29, meaning: "The booking was cancelled and made again, and is charged afresh." },
  calendar_changed: {
    rule: 29,
    meaning: "The booking moved to another calendar: the old charge went back, the new one was made.",
  },
  contact_changed: { rule: 29, meaning: "The booking is another contact's now." },
  showed: { rule: 27, meaning: "The visit took place, and cost what was held for it." },
  no_show: { rule: 27, meaning: "The member did not come: the credits are gone." },
  no_show_penalty: { rule: 27, meaning: "The product charges a penalty for not coming." },
  no_final_status: { rule: 27, meaning: "Nobody said how the visit ended: a day after its end it counts as used." },
  status_corrected: { rule: 27, meaning: "The calendar changed its word on how the visit ended." },
  cancelled_in_time: {
    rule: 28,
    meaning: "The booking was cancelled before its window closed: the credits went back.",
  },
  cancelled_late: { rule: 28, meaning: "The booking was cancelled after its window had closed: the credits are gone." },
  cancelled_by_studio: { rule: 28, meaning: "The studio cancelled the booking: the credits always go back." },
  booking_invalid: { rule: 27, meaning: "The calendar says the booking was never valid: the credits went back." },
  booking_deleted: { rule: 27, meaning: "The booking was deleted in the calendar: the credits went back." },
  waived: { rule: 29, meaning: "This round of the booking costs nothing any more." },
  restored: {
    rule: 31,
    meaning: "An automation gave the credits back through the API, to the entitlements they came from.",
  },
  made_good: {
    rule: 31,
    meaning: "What was given back had expired meanwhile: it lives a little longer as a make-good.",
  },
  lot_void: { rule: 31, meaning: "What was given back belongs to a purchase that was refunded: it goes there too." },
  expired: { rule: 15, meaning: "The entitlement reached its expiry: what was left is gone." },
  rolled_over: { rule: 22, meaning: "What was left at the renewal moved on into the next period." },
  frozen: { rule: 23, meaning: "The membership stood still at that time: what time had taken came back." },
  membership_cancelled: { rule: 24, meaning: "The membership was cancelled at once: its credits were taken back." },
  refunded: { rule: 34, meaning: "Money was given back: its share of the credits went with it." },
  refund_failed: { rule: 34, meaning: "A refund did not take place after all: its credits came back." },
  dispute_lost: { rule: 35, meaning: "The payer's bank took the money back: the credits went with it." },
  disputed: {
    rule: 35,
    meaning: "The payment was disputed at that time, so its clock stood: what had expired came back.",
  },
  merged: { rule: 29, meaning: "Two contacts became one: the credits moved with them." },
} as const satisfies Record<string, EntryReason>;

const OWN_WORDS: EntryReason = {
  rule: null,
  meaning: "Somebody of the staff changed the credits by hand; the reason is in their own words.",
};

/** What the rules book an adjustment under; every other reason of one is in a person's own words. */
const ADJUSTED_BY_RULE = new Set(["merged", "plan_upgraded"]);

/** What the reason of an entry means. */
export function meaningOf({ type, reason }: { type: EntryType; reason: string }): EntryReason {
  const is_adjusted = type === "adjust_up" || type === "adjust_down";
  if (is_adjusted && !ADJUSTED_BY_RULE.has(reason)) return OWN_WORDS;
  return Object.hasOwn(ENTRY_REASONS, reason) ? ENTRY_REASONS[reason as keyof typeof ENTRY_REASONS] : OWN_WORDS;
}
