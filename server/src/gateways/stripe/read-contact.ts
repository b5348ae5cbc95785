import type { ToldContact } from "../../rules/payments/told.ts";
import { idAt, textAt } from "./read-field.ts";
import type { Lookup } from "./stripe-event.ts";

/** Names under which an integrator may leave the contact's id in Stripe's metadata. */
const METADATA_NAMES = ["contact_id", "ghl_contact_id", "contactId"];
/** Where an object keeps metadata that speaks of who paid: its own, then that of what it belongs to. */
const METADATA_PLACES = [
  "metadata",
  "payment_intent.metadata",
  "parent.subscription_details.metadata",
  "subscription_details.metadata",
  "customer.metadata",
];
const METADATA_PATHS = METADATA_PLACES.flatMap((place) => METADATA_NAMES.map((name) => `${place}.${name}`));

/** Who paid, from a charge, payment intent, invoice, checkout session, subscription or customer. */
export function readContact(object: unknown): ToldContact {
  return {
    external_id: idAt(object, ...METADATA_PATHS),
    email: textAt(
      object,
      "customer_details.email",
      "customer_email",
      "billing_details.email",
      "receipt_email",
      "email",
      "customer.email",
      "latest_charge.billing_details.email",
    ),
    phone: textAt(
      object,
      "customer_details.phone",
      "customer_phone",
      "billing_details.phone",
      "phone",
      "customer.phone",
      "latest_charge.billing_details.phone",
    ),
    name: textAt(
      object,
      "customer_details.name",
      "customer_name",
      "billing_details.name",
      "name",
      "customer.name",
      "latest_charge.billing_details.name",
    ),
  };
}

/** What is known of a contact, completed by what another object says; the first has precedence. */
export function joinContacts(first: ToldContact, second: ToldContact): ToldContact {
  return {
    external_id: first.external_id ?? second.external_id,
    email: first.email ?? second.email,
    phone: first.phone ?? second.phone,
    name: first.name ?? second.name,
  };
}

/** The customer is asked for wherever the contact's own id is not known: families share an e-mail address. */
export function whoToAsk(contact: ToldContact, customer: string | null): Lookup[] {
  return contact.external_id === null && customer !== null ? ["contact"] : [];
}
