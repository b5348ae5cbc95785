import type { MemberBooks } from "../credits/member-books.ts";
import type { Instant } from "../time/local-days.ts";
import type { Membership } from "./membership.ts";

/** What happens to a membership, as the timeline tells it. */
export const MEMBERSHIP_EVENTS = [
  "freeze_membership",
  "unfreeze_membership",
  "freeze_began",
  "freeze_ended",
  "cancel_membership",
  "resume_membership",
  "change_plan",
  "follow_subscription",
  "membership_past_due",
  "membership_suspended",
  "membership_ended",
] as const;

export type MembershipEvent = (typeof MEMBERSHIP_EVENTS)[number];

/** What an event says beside its name and its time. */
export interface EventFacts {
  from_on?: string;
  to_on?: string;
  ends_at?: string | null;
  product_config_id?: string;
  reason?: string | undefined;
}

/** Keeps an event of a membership that is no movement; `at` is when it was true, by the location's clock. */
export function auditMembership(
  books: MemberBooks,
  action: MembershipEvent,
  { id, status, product_config_id, ends_at }: Membership,
  at: Instant,
  facts: EventFacts = {},
): void {
  books.audit({
    action,
    subject: `membership ${id}`,
    before: { status, product_config_id, ends_at: ends_at === null ? null : new Date(ends_at).toISOString() },
    after: { at: new Date(at).toISOString(), ...facts },
  });
}
