import type { Database } from "../../platform/database.ts";
import { subscriptionKey } from "../../rules/payments/subscription-key.ts";
import type { ToldSubscription } from "../../rules/payments/told.ts";
import { findContactOfSubscription } from "../../store/memberships.ts";

/** The external id of the contact whose membership a subscription pays; null: nobody's. */
export async function findSubscriber(
  db: Database,
  location_id: string,
  { provider, subscription_id }: Pick<ToldSubscription, "provider" | "subscription_id">,
): Promise<string | null> {
  const key = subscriptionKey(provider, subscription_id);
  if (key === null) return null;
  return db.transaction([location_id], (tx) => findContactOfSubscription(tx, location_id, key), { read_only: true });
}
