import type { ToldSubscription } from "../../rules/payments/told.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { readContact, whoToAsk } from "./read-contact.ts";
import { at, idAt, instantAt, listAt, type Fields } from "./read-field.ts";
import type { EventHead, Reading } from "./stripe-event.ts";

type Head = Pick<EventHead, "type" | "created" | "is_live">;

const ENDED = new Set<unknown>(["canceled", "incomplete_expired"]);
const LIVE = new Set<unknown>(["active", "trialing", "past_due", "unpaid"]);
const OVERDUE = new Set<unknown>(["past_due", "unpaid"]);

/** `customer.subscription.*`: how the subscription stands, whatever the event is called. */
export function readSubscription(subscription: Fields, head: Head): Reading {
  const subscription_id = idAt(subscription, "id");
  if (subscription_id === null) return { kind: "unreadable", reason: "object_incomplete" };
  const contact = readContact(subscription);
  const customer = idAt(subscription, "customer");
  return {
    kind: "subscription",
    subscription: {
      provider: "stripe",
      subscription_id,
      ...standingOf(subscription, head),
      is_live: head.is_live,
      contact,
      changed_at: head.created,
    },
    customer,
    lookups: whoToAsk(contact, customer),
  };
}

/** Rule 26: a subscription that is to end is `ending` even while a payment is missing. */
function standingOf(subscription: Fields, head: Head): Pick<ToldSubscription, "status" | "ends_at"> {
  const status = at(subscription, "status");
  if (ENDED.has(status) || head.type === "customer.subscription.deleted") {
    return { status: "ended", ends_at: instantAt(subscription, "ended_at", "canceled_at") ?? head.created };
  }
  const cancel_at = instantAt(subscription, "cancel_at");
  if (LIVE.has(status) && (cancel_at !== null || at(subscription, "cancel_at_period_end") === true)) {
    return { status: "ending", ends_at: cancel_at ?? periodEnd(subscription) };
  }
  if (OVERDUE.has(status)) return { status: "past_due", ends_at: null };
  return { status: LIVE.has(status) ? "active" : "other", ends_at: null };
}

/** Old shapes have it on the subscription, new ones on each item. */
function periodEnd(subscription: Fields): Instant | null {
  const ends = listAt(subscription, "items").map((item) => instantAt(item, "current_period_end") ?? 0);
  return instantAt(subscription, "current_period_end") ?? (Math.max(0, ...ends) || null);
}
