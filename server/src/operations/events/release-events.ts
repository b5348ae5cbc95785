import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { allowsMutations, BILLING_STATUSES } from "../../rules/billing/billing-status.ts";
import { releaseEventsOfLocation, releaseWebhookEvents } from "../../store/webhook-queue.ts";

const ALLOWING = BILLING_STATUSES.filter(allowsMutations);

/** Makes due, in the order of their telling, all events that wait for this location; answers how many. */
export function drainWaiting(db: Database, clock: Clock, location_id: string): Promise<number> {
  return db.transaction("inbox", (tx) => releaseEventsOfLocation(tx, location_id, clock.now()));
}

/** Makes due what waited for a location that is known by now, or for billing that is back; answers how many. */
export function releaseEvents(db: Database, clock: Clock): Promise<number> {
  return db.transaction("inbox", (tx) => releaseWebhookEvents(tx, clock.now(), ALLOWING));
}
