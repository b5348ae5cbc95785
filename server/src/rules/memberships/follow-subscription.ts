import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { subscriptionKey } from "../payments/subscription-key.ts";
import type { ToldSubscription } from "../payments/told.ts";
import { auditMembership } from "./audit-membership.ts";
import { endLater } from "./end-membership.ts";
import type { Membership } from "./membership.ts";
import { currentOf, openBooks } from "./open-command.ts";
import { tellMembership } from "./tell-membership.ts";

/**
 * Rule 24. What a provider's subscription says about the membership that it pays: level-triggered by the provider's own time, so
 * that doubled and late deliveries change nothing. A payment that failed is told by the boundary that passes unpaid (rule 26).
 */
export function decideFollowSubscription(
  facts: Facts,
  { subscription: told }: { subscription: ToldSubscription },
  context: Context,
): Decision {
  const { now } = context;
  const books = openBooks(facts, context);
  if (!(books instanceof MemberBooks)) return books;
  const subscription_id = subscriptionKey(told.provider, told.subscription_id);
  const membership = books.memberships.find(
    (other) => other.subscription_id === subscription_id && other.status !== "ended",
  );
  const is_news = membership && isNews(membership, told);
  const is_meant = told.is_live || facts.catalog.policy.sandbox;
  if (membership && is_news && is_meant) {
    follow(books, membership, told, facts, context);
    settleDue(books, facts.catalog, context);
  }
  const after = membership ? tellMembership(currentOf(books, membership), now) : null;
  return {
    outcome: { reason_code: "subscription_followed", membership: after },
    changes: books.changes(),
    member: books.member(),
  };
}

/** Of one second, which is as fine as providers tell, its end is the last word. */
function isNews({ subscription_told: known }: Membership, { status, changed_at }: ToldSubscription): boolean {
  if (!known || known.changed_at < changed_at) return true;
  return known.changed_at === changed_at && status === "ended" && known.status !== "ended";
}

function follow(
  books: MemberBooks,
  membership: Membership,
  { status, ends_at, changed_at }: ToldSubscription,
  { catalog }: Facts,
  { now }: Context,
): void {
  // What is neither live nor over says nothing about an end.
  if (status === "other") return;
  const was = membership.subscription_told?.status;
  const told: Membership = { ...membership, subscription_told: { status, changed_at } };
  books.putMembership(told);
  if (status === "ending" || status === "ended") {
    const later = { ends_at: status === "ending" ? ends_at : null, decided_at: changed_at };
    endLater(books, told, later, catalog, now);
  } else if (was === "ending" || was === "ended") {
    // It is live and not to end, paid or not: what the provider ended it takes back.
    books.putMembership({ ...told, ends_at: null, cancelled_at: null });
  } else return;
  const after = currentOf(books, membership).ends_at;
  const facts = { ends_at: after === null ? null : new Date(after).toISOString() };
  auditMembership(books, "follow_subscription", membership, now, facts);
}
