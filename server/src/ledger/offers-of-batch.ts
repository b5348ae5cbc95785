import type { Catalog } from "../rules/catalog/product-config.ts";
import type { Contact } from "../rules/credits/member.ts";
import type { Facts } from "../rules/decision.ts";
import type { PaymentEvent } from "../rules/payments/payment-event.ts";
import type { Command } from "./operation.ts";

/** An offer of once to a person that a command of this batch granted: no statement finds it before the commit. Rule 36. */
export interface OfferOfBatch {
  location_id: string;
  contact_id: string;
  product_config_id: string;
  email_key: string | null;
  phone: string | null;
}

export function offersGranted(
  payments: readonly PaymentEvent[],
  { id: contact_id, email, phone }: Contact,
  location_id: string,
  configs: Catalog["configs"],
): OfferOfBatch[] {
  const granted = payments
    .filter((payment) => payment.contact_id === contact_id)
    .flatMap(({ items }) => items.filter(({ status }) => status === "granted"));
  const offered = new Set(
    granted.flatMap(({ product_config_id: id }) =>
      id !== null && configs.get(id)?.once_per_contact !== false ? id : [],
    ),
  );
  const taker = { location_id, contact_id, email_key: keyOfEmail(email), phone };
  return [...offered].map((product_config_id) => ({ ...taker, product_config_id }));
}

/** Those that the command's contact took, or somebody under the e-mail or phone that it has or is told with. */
export function offersOfPerson(
  offers: readonly OfferOfBatch[],
  { location_id, keys: { offers_of } }: Command,
  contact: Contact | null,
): Facts["offers_taken"] {
  if (!offers_of) return [];
  const emails = [contact?.email ?? null, offers_of.email].map(keyOfEmail).filter((email) => email !== null);
  const phones = [contact?.phone ?? null, offers_of.phone].filter((phone) => phone !== null);
  return offers.filter(
    (offer) =>
      offer.location_id === location_id &&
      (offer.contact_id === contact?.id ||
        (offer.email_key !== null && emails.includes(offer.email_key)) ||
        (offer.phone !== null && phones.includes(offer.phone))),
  );
}

/** As the contacts' table compares them. */
function keyOfEmail(email: string | null): string | null {
  return email?.toLowerCase() ?? null;
}
