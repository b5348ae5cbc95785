import { findTwinContact } from "../../gateways/ghl/contacts.ts";
import { stripeKeys } from "../../gateways/stripe/payment-keys.ts";
import type { PaymentLink } from "../../gateways/stripe/stripe-event.ts";
import type { LedgerOperation } from "../../operations/gate.ts";
import { findPayer, isKnownPayment } from "../../operations/payments/find-payer.ts";
import { recordDispute } from "../../operations/payments/record-dispute.ts";
import { recordPayment } from "../../operations/payments/record-payment.ts";
import { recordRefund } from "../../operations/payments/record-refund.ts";
import type { PaymentKey, ToldContact, ToldDispute, ToldPayment, ToldRefund } from "../../rules/payments/told.ts";
import { isPlaceholder } from "../../rules/payments/unknown-contact.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { step, type Step, type Taken, type Taking } from "./taking.ts";

/** Times that a payment's contact is looked up again while it is being assigned to another. */
const MAX_LOOKUPS = 3;

export function takePayment(taking: Taking, taken: Taken, payment: ToldPayment, told_by: string): Promise<Step[]> {
  return withPayer(taking, taken, payment, recordPayment, { payment, told_by });
}

export function takeRefund(taking: Taking, taken: Taken, refund: ToldRefund): Promise<Step[]> {
  return withPayer(taking, taken, { ...refund, contact: NOBODY }, recordRefund, { refund });
}

export function takeDispute(taking: Taking, taken: Taken, dispute: ToldDispute): Promise<Step[]> {
  return withPayer(taking, taken, { ...dispute, contact: NOBODY }, recordDispute, { dispute });
}

/** What a payment's own telling says was given back of it so far. Rule 34. */
export function takeRefundOf(
  taking: Taking,
  taken: Taken,
  { provider, keys, is_live }: ToldPayment,
  refunded: Pick<ToldRefund, "refund_id" | "amount_cents" | "refunded_at">,
): Promise<Step[]> {
  return takeRefund(taking, taken, { provider, keys, is_live, ...refunded, status: "succeeded" });
}

/** Two names of one payment. The invoice tells of the money; where it has not come yet, it will bring the names itself. */
export async function takeNames(
  taking: Taking,
  taken: Taken,
  { link, is_live, created }: { link: PaymentLink; is_live: boolean; created: Instant },
): Promise<Step[]> {
  const keys = stripeKeys(link.invoice, link.payment_intent, link.charge);
  const is_known = await isKnownPayment(taking.db, taken.location_id, { keys });
  if (!is_known) return [{ reason_code: "TOLD_BY_INVOICE", contact: null }];
  const named = { provider: "stripe", keys, contact: NOBODY } as const;
  const payment: ToldPayment = { ...named, ...WITHOUT_MONEY, is_live, paid_at: created };
  return takePayment(taking, taken, payment, "invoice_payment");
}

const WITHOUT_MONEY = {
  status: "pending",
  items: [],
  amount_cents: null,
  currency: null,
  period: null,
  subscription_id: null,
  refunded_cents: null,
} satisfies Partial<ToldPayment>;

const NOBODY: ToldContact = { external_id: null, email: null, phone: null, name: null };

/** Whom nobody here knows GoHighLevel may know, by the address or the number that was told. */
async function whoPaid(taking: Taking, taken: Taken, told: Told): Promise<string> {
  const payer = await findPayer(taking.db, taken.location_id, told);
  const { email, phone } = told.contact;
  if (!isPlaceholder(payer) || (email === null && phone === null)) return payer;
  const reach = await taking.connections.ghl(taken.location_id);
  const twin = reach && (await findTwinContact(reach.client, { location_id: reach.ghl_location_id, email, phone }));
  if (!twin) return payer;
  return findPayer(taking.db, taken.location_id, {
    ...told,
    contact: { ...told.contact, external_id: twin.contact_id },
  });
}

interface Told {
  provider: string;
  keys: PaymentKey[];
  contact: ToldContact;
}

/** Submits for the contact whose payment it is, wherever that has moved by then. */
async function withPayer<I extends object>(
  taking: Taking,
  taken: Taken,
  told: Told,
  operation: LedgerOperation<I & { contact_external_id: string }>,
  input: I,
): Promise<Step[]> {
  let last: Step = { reason_code: "PAYMENT_ELSEWHERE", contact: null };
  for (let i = 0; i < MAX_LOOKUPS && last.reason_code === "PAYMENT_ELSEWHERE"; i += 1) {
    // Each look-up answers where the last one led astray.
    const contact_external_id = await whoPaid(taking, taken, told);
    last = await step(taking, taken, operation, { ...input, contact_external_id });
  }
  if (last.reason_code === "PAYMENT_ELSEWHERE") throw new Error("the payment's contact keeps changing");
  return [last];
}
