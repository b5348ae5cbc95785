import type { EventOutcome, StoredEvent, TakeEvent } from "../operations/events/stored-event.ts";
import { takeInstallation } from "./take-installation.ts";
import type { JobContext } from "./worker.ts";

/** What becomes of a stored event: the one place that knows who takes which. */
export function createTakeEvent(context: JobContext): TakeEvent {
  return async (event) => (await takeInstallation(context, event)) ?? keepWaiting(event);
}

function keepWaiting({ type }: StoredEvent): EventOutcome {
  return { status: "waiting", reason_code: "NOBODY_TAKES_IT", detail: `events of the type ${type} are kept` };
}
