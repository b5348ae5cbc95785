import { z } from "zod";
import type { ToldSubscription } from "../../rules/payments/told.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import type { GhlSubscription } from "./subscriptions.ts";
import { flag, list, number, readInstant, readRecord } from "./tolerant.ts";

const seconds = number.transform((value): Instant | null => readInstant((value ?? 0) * 1000));

/** Stripe's subscription; before and after its API of 2025-03-31 the period is found in different places. */
const snapshotShape = z.object({
  cancel_at_period_end: flag,
  cancel_at: seconds,
  canceled_at: seconds,
  ended_at: seconds,
  current_period_end: seconds,
  items: z.unknown().optional(),
});
const itemsShape = z.object({ data: list(z.object({ current_period_end: seconds })) });

/** What a subscription says about its membership. `seen_at` dates what has no time of its own. Rules 24 and 26. */
export function readSubscription(told: GhlSubscription, seen_at: Instant): ToldSubscription {
  const snapshot = snapshotShape.parse(told.snapshot);
  const [item] = itemsShape.parse(readRecord(snapshot.items)).data;
  const period_end_at = snapshot.current_period_end ?? item?.current_period_end ?? null;
  const is_to_end = snapshot.cancel_at_period_end === true || snapshot.cancel_at !== null;
  const status = statusOf(told.status, is_to_end);
  return {
    provider: "ghl",
    subscription_id: told.subscription_id ?? told.record_id,
    status,
    ends_at:
      status === "ended"
        ? (snapshot.ended_at ?? told.cancelled_at ?? snapshot.canceled_at)
        : status === "ending"
          ? (snapshot.cancel_at ?? period_end_at)
          : null,
    is_live: told.is_live,
    contact: { external_id: told.contact_id, email: told.contact_email, phone: null, name: told.contact_name },
    changed_at: told.updated_at ?? told.created_at ?? seen_at,
  };
}

function statusOf(word: string | null, is_to_end: boolean): ToldSubscription["status"] {
  switch ((word ?? "").replaceAll(/[\s-]/g, "_")) {
    case "active":
    case "trialing":
      return is_to_end ? "ending" : "active";
    case "past_due":
    case "unpaid":
      return "past_due";
    case "canceled":
    case "cancelled":
    case "expired":
    case "incomplete_expired":
      return "ended";
    default:
      return "other";
  }
}
