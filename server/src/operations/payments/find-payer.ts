import type { Database, Transaction } from "../../platform/database.ts";
import { hasGranted, primaryOf } from "../../rules/payments/record-payment.ts";
import type { PaymentKey, ToldContact } from "../../rules/payments/told.ts";
import { isPlaceholder, placeholderOf } from "../../rules/payments/unknown-contact.ts";
import { findContacts, findContactsByEmail } from "../../store/contacts.ts";
import { findPayments } from "../../store/payment-events.ts";

/** What a telling says of whose money it is. */
export interface ToldPayer {
  provider: string;
  keys: readonly PaymentKey[];
  contact: Pick<ToldContact, "external_id" | "email">;
}

/**
 * The external id of the contact whose books a payment, refund or dispute is about: the one that the payment is recorded with, the one
 * that its provider names, the only one of its e-mail address, else a placeholder until staff say who it is. A payment of a placeholder
 * that granted nothing follows whoever is known later.
 */
export function findPayer(db: Database, location_id: string, told: ToldPayer): Promise<string> {
  const work = async (tx: Transaction) => {
    const keys = told.keys.map((key) => ({ location_id, ...key }));
    const rows = await findPayments(tx, [location_id], keys);
    const recorded = primaryOf(rows);
    const owner = rows.find(({ id }) => id === recorded?.id)?.contact_external_id;
    const is_owned = recorded !== undefined && owner !== undefined && (hasGranted(recorded) || !isPlaceholder(owner));
    if (is_owned) return owner;
    return (await findNamed(tx, location_id, told)) ?? owner ?? placeholderOf(told);
  };
  return db.transaction([location_id], work, { read_only: true });
}

/** Whether anybody told of a payment with one of these names, whoever paid it. */
export async function isKnownPayment(
  db: Database,
  location_id: string,
  { keys }: Pick<ToldPayer, "keys">,
): Promise<boolean> {
  const named = keys.map((key) => ({ location_id, ...key }));
  const find = (tx: Transaction) => findPayments(tx, [location_id], named);
  return (await db.transaction([location_id], find, { read_only: true })).length > 0;
}

async function findNamed(tx: Transaction, location_id: string, { contact }: ToldPayer): Promise<string | null> {
  const { external_id, email } = contact;
  if (external_id !== null) {
    const [known] = await findContacts(tx, [location_id], [{ location_id, external_id }]);
    return known?.merged_into ?? external_id;
  }
  if (email === null) return null;
  const [only, ...others] = await findContactsByEmail(tx, location_id, email, 2);
  // A family may share an address: which of them paid is for a person to say.
  return only !== undefined && others.length === 0 ? only : null;
}
