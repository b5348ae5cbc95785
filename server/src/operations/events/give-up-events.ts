import type { Transaction } from "../../platform/database.ts";
import type { EventReason } from "../../rules/event-reasons.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { giveUpWebhookEvents } from "../../store/webhook-replay.ts";
import { refused, type Edited } from "../catalog/edit-conflict.ts";

/** Events that one decision gives up at most. */
export const MAX_GIVEN_UP = 1000;

/** Leaves events alone that failed, or wait: nobody is reminded of them any more. They stay in the log, and may be replayed. */
export async function giveUpEvents(
  tx: Transaction,
  location_id: string,
  { ids, reason, real_now }: { ids: readonly string[]; reason: string; real_now: Instant },
): Promise<Edited> {
  const given_up = { reason_code: "GIVEN_UP" satisfies EventReason, detail: reason, now: real_now };
  const events = await giveUpWebhookEvents(tx, location_id, ids, given_up);
  if (events.length === 0) return refused("NOTHING_TO_DO");
  const subject = events.length === 1 ? `webhook event ${events[0]?.id ?? ""}` : "webhook events";
  const after = { given_up: events.map(({ id }) => id), reason };
  return { answer: { given_up: events.length }, audit: { subject, before: null, after } };
}
