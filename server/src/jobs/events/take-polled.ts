import { readSubscription } from "../../gateways/ghl/read-subscription.ts";
import type { GhlSubscription } from "../../gateways/ghl/subscriptions.ts";
import type { GhlTransaction } from "../../gateways/ghl/transactions.ts";
import { mergeContacts } from "../../operations/bookings/merge-contacts.ts";
import type { EventOutcome } from "../../operations/events/stored-event.ts";
import type { BookingVersion } from "../../rules/bookings/booking-version.ts";
import { takeBooking } from "./take-ghl-booking.ts";
import { takeTransaction } from "./take-ghl-purchase.ts";
import { takeSubscription } from "./take-subscription.ts";
import { outcomeOf, step, unused, type Taken, type Taking } from "./taking.ts";

/** What was read from GoHighLevel because no webhook tells of it, kept and taken like a delivery. */
export type Polled =
  | { type: "PolledTransaction"; transaction: GhlTransaction; is_first_of_entity: boolean }
  | { type: "PolledSubscription"; subscription: GhlSubscription }
  | { type: "PolledBooking"; version: BookingVersion };

export async function takePolled(taking: Taking, taken: Taken): Promise<EventOutcome> {
  const told = JSON.parse(taken.event.body.toString("utf8")) as Polled;
  if (told.type === "PolledSubscription") {
    return outcomeOf(
      await takeSubscription(taking, taken, readSubscription(told.subscription, taken.event.received_at)),
    );
  }
  if (told.type === "PolledBooking") return takeBooking(taking, taken, told.version, told.type);
  if (told.type !== "PolledTransaction") return unused();
  const steps = await takeTransaction(taking, taken, told.transaction, told.is_first_of_entity);
  const { merged_from_contact_id: from, contact_id: into } = told.transaction;
  if (from !== null && into !== null && from !== into) {
    // There is no webhook of a merge: transactions tell of it (rule 29).
    const input = { contact_external_id: from, into_contact_external_id: into, is_told: true } as const;
    steps.push(await step(taking, taken, mergeContacts, input));
  }
  return outcomeOf(steps);
}
