import { isPlaceholder } from "../../../../server/src/rules/payments/unknown-contact.ts";
import type { Answer } from "../../api/location-api.ts";
import { providerTexts } from "../../texts/entries.ts";
import { paymentsTexts } from "../../texts/payments.ts";

export type Payment = Answer<"/payment-events">["payments"][number];
export type PaymentDetail = Answer<"/payment-events/{id}">["payment"];
export type PaymentItem = Payment["items"][number];
export type PaymentState = keyof typeof paymentsTexts.states;

/** States that wait for somebody. */
export const WAITING = [
  "probable_duplicate",
  "unmatched",
  "held",
  "shortfall",
  "refund_unreckoned",
  "charged_while_frozen",
] as const satisfies readonly PaymentState[];

/** Whose payment it is; a payer whom nobody named says so. */
export function payerOf({ contact_name, external_contact_id }: Payment): string {
  if (isUnknownPayer(external_contact_id)) return paymentsTexts.unknown_payer;
  return contact_name ?? external_contact_id;
}

export function isUnknownPayer(external_contact_id: string): boolean {
  return isPlaceholder(external_contact_id);
}

/** What one line is called. */
export function itemName({ name, product_name, product_id }: PaymentItem): string {
  return name ?? product_name ?? product_id ?? paymentsTexts.nameless;
}

/** What was bought, in one line. */
export function boughtOf({ items, product_name, external_payment_id }: Payment): string {
  if (items.length === 0) return product_name ?? external_payment_id;
  return items.map((item) => (item.name ?? item.product_name) || itemName(item)).join(", ");
}

/** Lines that wait for somebody. */
export function openItems({ items }: Pick<Payment, "items">): PaymentItem[] {
  return items.filter(({ status }) => status === "unmatched" || status === "held");
}

export function sourceOf(provider: string): string {
  return (providerTexts as Record<string, string | undefined>)[provider] ?? provider;
}
