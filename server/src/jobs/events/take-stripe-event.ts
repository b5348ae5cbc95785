import { parseJson } from "../../gateways/parse-json.ts";
import { completeEvent } from "../../gateways/stripe/complete-event.ts";
import { readEvent } from "../../gateways/stripe/read-event.ts";
import type { ReadEvent, ResolvedEvent } from "../../gateways/stripe/stripe-event.ts";
import type { EventOutcome } from "../../operations/events/stored-event.ts";
import { takeDispute, takeNames, takePayment, takeRefund } from "./take-payment.ts";
import { takeSubscription } from "./take-subscription.ts";
import { hopeless, outcomeOf, unused, type Taken, type Taking } from "./taking.ts";

/** Takes what the studio's own Stripe account told. Rules 32 to 35; one event for each movement of money. */
export async function takeStripeEvent(taking: Taking, taken: Taken): Promise<EventOutcome> {
  const event = readEvent(parseJson(taken.event.body));
  const told = await completed(taking, taken, event);
  if (told === null) {
    return hopeless("LOOKUP_IMPOSSIBLE", "the connection has no key to ask Stripe with");
  }
  switch (told.kind) {
    case "payment":
      // Marked as paid by hand: no card money moved, so it is nobody's payment here.
      if (told.is_out_of_band === true) return unused("PAID_OUT_OF_BAND");
      return outcomeOf(await takePayment(taking, taken, told.payment, told.type));
    case "refund":
      return outcomeOf(await takeRefund(taking, taken, told.refund));
    case "dispute":
      return outcomeOf(await takeDispute(taking, taken, told.dispute));
    case "subscription":
      return outcomeOf(await takeSubscription(taking, taken, told.subscription));
    case "invoice_payment":
      return outcomeOf(await takeNames(taking, taken, told));
    case "unreadable":
      return hopeless("BODY_UNREADABLE", told.reason);
    default:
      return unused("EVENT_UNUSED", told.reason);
  }
}

/** Null: what is missing cannot be asked for. What would only add to what is known is left out then. */
async function completed(taking: Taking, taken: Taken, event: ReadEvent): Promise<ResolvedEvent | null> {
  const account = await taking.connections.stripe(taken.location_id);
  if (account) return completeEvent(account, event);
  return event.kind === "needs_lookup" ? null : event;
}
