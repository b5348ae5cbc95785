import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideFollowSubscription } from "../../rules/memberships/follow-subscription.ts";
import type { ToldSubscription } from "../../rules/payments/told.ts";

const input = z.object({
  /** As `findSubscriber` says. */
  contact_external_id: z.string(),
  subscription: z.custom<ToldSubscription>(),
});

export type FollowSubscription = z.output<typeof input>;

/** Lets a membership follow the provider's subscription that pays it. Rule 24; idempotent by level. */
export const followSubscription: LedgerOperation<FollowSubscription> = {
  name: "follow_subscription",
  scope: null,
  is_read: false,
  summary: "Let a membership follow the subscription that pays it.",
  input,
  refusals: ["BILLING_SUSPENDED"],
  keys: ({ contact_external_id }) => ({ contact_external_id, memberships: true }),
  decide: decideFollowSubscription,
};
