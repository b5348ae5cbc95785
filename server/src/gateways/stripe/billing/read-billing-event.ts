import type { Stripe } from "stripe";
import { at, idAt, instantAt, textAt } from "../read-field.ts";

type EventType = Stripe.WebhookEndpointCreateParams.EnabledEvent;

/** What Kotally's own account is listened to for. Each says only whom to ask about. */
const BILLING_EVENTS = [
  "checkout.session.completed",
  "customer.subscription.created",
  "customer.subscription.updated",
  "customer.subscription.deleted",
  "customer.subscription.paused",
  "customer.subscription.resumed",
  "customer.subscription.trial_will_end",
  "invoice.paid",
  "invoice.payment_failed",
  "invoice.payment_action_required",
] as const satisfies EventType[];

const LISTENED: ReadonlySet<string> = new Set(BILLING_EVENTS);

export interface BillingEventFacts {
  event_id: string;
  type: string;
  /** Null: nobody whom it is about, or an event that nothing follows from. */
  customer_id: string | null;
  told_at: number;
}

/** Null: no event of Stripe's. */
export function readBillingEvent(json: unknown): BillingEventFacts | null {
  const event_id = idAt(json, "id");
  const type = textAt(json, "type");
  const told_at = instantAt(json, "created");
  if (event_id === null || type === null || told_at === null || at(json, "object") !== "event") return null;
  const customer_id = LISTENED.has(type) ? idAt(json, "data.object.customer") : null;
  return { event_id, type, customer_id, told_at };
}
