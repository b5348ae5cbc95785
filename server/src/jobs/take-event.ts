import type { EventOutcome, StoredEvent, TakeEvent } from "../operations/events/stored-event.ts";
import { takeGhlEvent } from "./events/take-ghl-event.ts";
import { takePolled } from "./events/take-polled.ts";
import { takeStripeEvent } from "./events/take-stripe-event.ts";
import { takenBy } from "./events/taking.ts";
import { takeInstallation } from "./take-installation.ts";
import type { JobContext } from "./worker.ts";

/** What becomes of a stored event: the one place that knows who takes which. */
export function createTakeEvent(context: JobContext): TakeEvent {
  return async (event) => (await takeInstallation(context, event)) ?? takeOfLocation(context, event);
}

async function takeOfLocation(context: JobContext, event: StoredEvent): Promise<EventOutcome> {
  if (event.location_id === null) return { status: "waiting", reason_code: "LOCATION_UNKNOWN" };
  const taken = takenBy(event, event.location_id);
  if (event.provider === "stripe") return takeStripeEvent(context, taken);
  return event.verification === "polled" ? takePolled(context, taken) : takeGhlEvent(context, taken);
}
