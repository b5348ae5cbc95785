import type { ToldSubscription } from "../payments/told.ts";
import type { Instant, LocalDate } from "../time/local-days.ts";

/** A recurring agreement that produces an entitlement every period. */
export interface Membership {
  id: string;
  product_config_id: string;
  /** `past_due`: unpaid, within grace; `suspended`: unpaid after it; `ended`: over for good (rules 24, 26). */
  status: "active" | "past_due" | "suspended" | "ended";
  /** What opens its periods: each payment, the schedule, or a provider that says which period was paid (rule 18). */
  renewal: "payment" | "schedule" | "provider";
  started_at: Instant;
  /** The date from which every boundary is reckoned; never a clamped one (rule 19). */
  anchor_on: LocalDate;
  /** Every period that was granted, in order of their start. */
  periods: readonly MembershipPeriod[];
  /** End of the last period that has begun: the next boundary to settle, or the one that passed unpaid. */
  open_until: Instant;
  /** Index of the first period that is not paid for; those before it that were not opened yet the schedule opens. */
  prepaid_through: number;
  /** While `past_due`: when the last period's credits stop counting. */
  grace_until: Instant | null;
  /** Lots that got more time by grace, with the expiry that was theirs; kept until a payment. */
  lots_in_grace: readonly { lot_id: string; expires_at: Instant }[];
  /** It ends then instead of renewing; null: it goes on. */
  ends_at: Instant | null;
  /** When that was decided: a payment made before does not undo it. */
  cancelled_at: Instant | null;
  /** The config that its next period has, after a downgrade (rule 25). */
  next_config_id: string | null;
  /** The provider's subscription that pays it, as `provider:id`. */
  subscription_id: string | null;
  /** What was told of that subscription, as of the provider's latest change. */
  subscription_told: { status: ToldSubscription["status"]; changed_at: Instant } | null;
  /** In order of their start, over ones too. */
  freezes: readonly Freeze[];
}

export interface MembershipPeriod {
  /** Its number from 0 where boundaries are reckoned from the anchor; null where the provider said the period. */
  index: number | null;
  start_at: Instant;
  end_at: Instant;
  lot_id: string;
}

/** An interval of local days in which a membership stands still. Rule 23. */
export interface Freeze {
  id: string;
  from_on: LocalDate;
  from_at: Instant;
  /** First day after it: as planned, while it has not ended; an open freeze is planned to `max_days`. */
  to_on: LocalDate;
  to_at: Instant;
  /** No end was asked for. */
  is_open: boolean;
  /** Local days by which it moves what it moves. */
  days: number;
  status: "planned" | "active" | "ended" | "cancelled";
  requested_at: Instant;
}

/** Whether there is more to come: it lives, or its subscription ended it, and a payment that was made before is told of later. */
export function mayGoOn({ status, subscription_id, subscription_told }: Membership): boolean {
  if (status !== "ended") return true;
  return subscription_id !== null && (subscription_told?.status === "ending" || subscription_told?.status === "ended");
}

/** The freeze that holds at `at`; null: none. */
export function freezeAt(membership: Membership, at: Instant): Freeze | null {
  return (
    membership.freezes.find(({ status, from_at, to_at }) => status !== "cancelled" && from_at <= at && at < to_at) ??
    null
  );
}

/** The first instant from `at` on at which no freeze holds. */
export function unfrozenFrom(membership: Membership, at: Instant): Instant {
  const freeze = freezeAt(membership, at);
  return freeze ? unfrozenFrom(membership, freeze.to_at) : at;
}

/** The next instant at which time itself changes the membership; null: never. Clarification 16. */
export function nextDueOf(membership: Membership): Instant | null {
  if (membership.status === "ended") return null;
  const dues: Instant[] = [];
  for (const freeze of membership.freezes) {
    if (freeze.status === "planned") dues.push(freeze.from_at);
    if (freeze.status === "active") dues.push(freeze.to_at);
  }
  const boundary = boundaryDue(membership);
  if (boundary !== null) dues.push(boundary);
  if (membership.status === "past_due" && membership.grace_until !== null) dues.push(membership.grace_until);
  return dues.length > 0 ? Math.min(...dues) : null;
}

/** The first period after the open one that is paid, begun or not: where one before it is unpaid it waits for its start. */
export function paidAfter({ periods, open_until }: Membership): MembershipPeriod | undefined {
  return periods.find(({ end_at }) => end_at > open_until);
}

/** When its open period ends, or while it is unpaid, when one that is paid begins; no boundary passes inside a freeze. */
export function boundaryDue(membership: Membership): Instant | null {
  const { status, open_until } = membership;
  if (status === "ended") return null;
  const at = status === "active" ? open_until : paidAfter(membership)?.start_at;
  return at === undefined ? null : unfrozenFrom(membership, at);
}
