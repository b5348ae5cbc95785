import type { BilledSubscription } from "../../../rules/billing/subscription.ts";
import { at, idAt, instantAt, integerAt, listAt, textAt, type Fields } from "../read-field.ts";

/** A subscription with its latest invoice, as Kotally's billing speaks of it. */
export function readBilledSubscription(subscription: Fields): BilledSubscription {
  const items = listAt(subscription, "items");
  // Whatever else is sold beside, the price of the locations is the one in tiers.
  const item = items.find((one) => at(one, "price.billing_scheme") === "tiered") ?? items[0];
  const subscription_id = idAt(subscription, "id");
  const item_id = idAt(item, "id");
  const status = textAt(subscription, "status");
  const quantity = integerAt(item, "quantity");
  if (subscription_id === null || item_id === null || status === null || quantity === null) {
    throw new Error("Stripe described a subscription without its item, status or quantity");
  }
  const is_ending = at(subscription, "cancel_at_period_end") === true;
  const period_ends_at = instantAt(item, "current_period_end");
  return {
    subscription_id,
    item_id,
    status,
    quantity,
    trial_ends_at: instantAt(subscription, "trial_end"),
    period_ends_at,
    cancels_at: instantAt(subscription, "cancel_at") ?? (is_ending ? period_ends_at : null),
    ended_at: instantAt(subscription, "ended_at"),
    unpaid_since: unpaidSince(at(subscription, "latest_invoice")),
  };
}

/** When the invoice was there to be paid, as long as it is not. */
function unpaidSince(invoice: unknown): number | null {
  if (textAt(invoice, "status") !== "open") return null;
  return instantAt(invoice, "status_transitions.finalized_at", "created");
}
