import type { Instant } from "../../rules/time/local-days.ts";
import { DAY } from "../../rules/time/local-days.ts";
import { markReadingDue } from "../../store/billing-accounts.ts";
import { insertBillingEvent } from "../../store/billing-events.ts";
import type { BillingDesk } from "./billing-desk.ts";

/** Stripe tries again for three days, and keeps its own list of events for thirty. */
const EVENTS_ARE_KEPT: Instant = 60 * DAY;

export interface ToldBillingEvent {
  event_id: string;
  type: string;
  /** Null: it is about nobody. */
  customer_id: string | null;
  told_at: Instant;
}

/**
 * Takes an event of Kotally's own Stripe account once: whose it is will be asked about at Stripe, which says what is true by then. Answers
 * the workspace that is to be asked about; null: it was taken before, or is of none of ours.
 */
export function takeBillingEvent(
  { db, clock }: Pick<BillingDesk, "db" | "clock">,
  { event_id, type, customer_id, told_at }: ToldBillingEvent,
): Promise<string | null> {
  const now = clock.now();
  return db.transaction("owner", async (tx) => {
    const workspace_id = customer_id === null ? null : await markReadingDue(tx, customer_id, now);
    const event = { id: event_id, type, workspace_id, told_at, received_at: now };
    const is_new = await insertBillingEvent(tx, event, now - EVENTS_ARE_KEPT);
    return is_new ? workspace_id : null;
  });
}
