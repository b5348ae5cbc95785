import { findSubscriber } from "../../operations/memberships/find-subscriber.ts";
import { followSubscription } from "../../operations/memberships/follow-subscription.ts";
import type { ToldSubscription } from "../../rules/payments/told.ts";
import { step, type Step, type Taken, type Taking } from "./taking.ts";

/** What a provider says of the subscription that pays a membership; one that pays none of ours is left alone. */
export async function takeSubscription(taking: Taking, taken: Taken, subscription: ToldSubscription): Promise<Step[]> {
  const contact_external_id = await findSubscriber(taking.db, taken.location_id, subscription);
  if (contact_external_id === null) return [{ reason_code: "SUBSCRIPTION_UNKNOWN", contact: null }];
  return [await step(taking, taken, followSubscription, { contact_external_id, subscription })];
}
