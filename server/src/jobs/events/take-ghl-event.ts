import { readWebhook, type GhlWebhook } from "../../gateways/ghl/read-webhook.ts";
import { parseJson } from "../../gateways/parse-json.ts";
import { updateContact } from "../../operations/contacts/update-contact.ts";
import type { EventOutcome } from "../../operations/events/stored-event.ts";
import { takeBooking, takeDeletedBooking } from "./take-ghl-booking.ts";
import { takeInvoice, takeOrder } from "./take-ghl-purchase.ts";
import { hopeless, outcomeOf, step, unused, type Taken, type Taking } from "./taking.ts";

/** Takes what GoHighLevel told of a location. Rules 27 to 36; nothing depends on the order or the number of deliveries. */
export async function takeGhlEvent(taking: Taking, taken: Taken): Promise<EventOutcome> {
  const { body, received_at } = taken.event;
  const told: GhlWebhook = readWebhook(parseJson(body), received_at);
  switch (told.kind) {
    case "booking":
      return takeBooking(taking, taken, told.booking, told.type);
    case "booking_deleted_hint":
      return takeDeletedBooking(taking, taken, told.external_id, told.booking);
    case "order":
      return takeOrder(taking, taken, told.order, told.type);
    case "invoice":
      return takeInvoice(taking, taken, told.invoice, told.type);
    case "contact":
      return takeContact(taking, taken, told);
    case "contact_deleted":
      return { ...unused("CONTACT_KEPT"), contacts: [told.contact_external_id] };
    case "opportunity":
      return {
        ...unused("SHOWN_IN_TIMELINE"),
        contacts: told.opportunity.contact_external_id ? [told.opportunity.contact_external_id] : [],
      };
    case "unreadable":
      return hopeless("BODY_UNREADABLE", told.reason);
    default:
      return unused();
  }
}

/** Clarification 26. What GoHighLevel knows of a contact replaces what was known; who has no books here is left alone. */
async function takeContact(
  taking: Taking,
  taken: Taken,
  { contact, told_at }: Extract<GhlWebhook, { kind: "contact" }>,
): Promise<EventOutcome> {
  const { contact_id: contact_external_id, email, name, phone } = contact;
  const input = { contact_external_id, email, name, phone, told_at: told_at ?? taken.event.told_at };
  return outcomeOf([await step(taking, taken, updateContact, input)]);
}
