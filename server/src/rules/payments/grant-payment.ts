import { settleAwaiting } from "../bookings/settle-awaiting.ts";
import type { ProductConfig } from "../catalog/product-config.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Facts } from "../decision.ts";
import { DAY } from "../time/local-days.ts";
import { grantItem } from "./grant-item.ts";
import type { ItemReason, PaymentEvent, PaymentItem } from "./payment-event.ts";
import { withFlag } from "./payment-flags.ts";
import { resolveItem, type Resolved } from "./resolve-items.ts";
import { settleEarlierReversals } from "./reverse-payment.ts";
import { subscriptionKey } from "./subscription-key.ts";
import { isPlaceholder } from "./unknown-contact.ts";

/** Told more than this after it was paid: staff should know. */
const LATE_AFTER = DAY;

/** What a caller may say about how items are granted. */
export interface GrantChoice {
  /** What an item is, where the catalog is not asked. */
  resolve?: (item: PaymentItem) => Resolved;
  /** Staff said so: nothing is held back for a person again. */
  is_decided?: boolean;
}

/**
 * Rule 33. Records a payment that was paid and grants each of its items that is not decided yet, singly; then whatever that entails: what is over
 * expires, what was refunded before is taken, bookings that waited for it are settled. Answers with the payment as it stands.
 */
export function grantPayment(
  books: MemberBooks,
  paid: PaymentEvent,
  facts: Facts,
  context: Context,
  { resolve = (item) => resolveItem(item, facts.catalog), is_decided = false }: GrantChoice = {},
): PaymentEvent {
  let payment: PaymentEvent = { ...paid, status: "recorded", settles_at: null };
  for (const item of paid.items) {
    if (item.status !== "waiting" && item.status !== "unmatched") continue;
    payment = grantOne(books, payment, item, resolve(item), { facts, context, is_decided });
  }
  books.putPayment(payment);
  // Paid for long ago: granted and expired, so that the history is complete (rule 20).
  settleDue(books, facts.catalog, context);
  settleEarlierReversals(books, payment.id, facts, context);
  if (payment.items !== paid.items) settleAwaiting(books, facts.catalog, context);
  return books.payments.find(({ id }) => id === payment.id) ?? payment;
}

interface Granting {
  facts: Facts;
  context: Context;
  is_decided: boolean;
}

function grantOne(
  books: MemberBooks,
  payment: PaymentEvent,
  item: PaymentItem,
  resolved: Resolved,
  granting: Granting,
): PaymentEvent {
  if (resolved.status === "no_credits") return putItem(payment, { ...item, status: "no_credits", reason: null });
  if (resolved.status === "unmatched") return putItem(payment, unmatched(item, resolved.reason));
  if (isPlaceholder(books.contact.external_id)) return putItem(payment, unmatched(item, "UNKNOWN_CONTACT"));
  const { config } = resolved;
  const is_repeated = isOfferTaken(books, config, granting.facts);
  const named = { ...item, product_config_id: config.id };
  if (is_repeated && config.once_per_contact === "hold" && !granting.is_decided) {
    return putItem(payment, { ...named, status: "held", reason: "ONCE_PER_CONTACT" });
  }
  const granted = grantItem(books, config, askOf(payment, item), granting.facts.catalog, granting.context);
  if (!granted) return putItem(payment, { ...named, status: "held", reason: "PERIOD_ALREADY_GRANTED" });
  const { lot, flags } = granted;
  let recorded = putItem(payment, {
    ...named,
    status: "granted",
    reason: null,
    entitlement_id: lot.id,
    granted: lot.granted,
  });
  for (const flag of flags) recorded = withFlag(recorded, flag);
  if (is_repeated) recorded = withFlag(recorded, "once_per_contact");
  return granting.context.now - payment.paid_at > LATE_AFTER ? withFlag(recorded, "late") : recorded;
}

function askOf(payment: PaymentEvent, item: PaymentItem) {
  const { paid_at, period_start_at: start_at, period_end_at: end_at, external_ref } = payment;
  return {
    paid_at,
    payment_event_id: payment.id,
    payment_item: item.item,
    quantity: item.quantity,
    external_ref: external_ref ?? undefined,
    period: start_at === null || end_at === null ? null : { start_at, end_at },
    subscription_id: subscriptionKey(payment.provider, payment.subscription_id),
  };
}

/** Rule 36. By contact, e-mail or phone; a membership's renewals are one offer. */
function isOfferTaken(books: MemberBooks, config: ProductConfig, { offers_taken }: Facts): boolean {
  if (config.once_per_contact === false) return false;
  const is_renewal = books.memberships.some(
    ({ product_config_id, status }) => product_config_id === config.id && status !== "ended",
  );
  if (is_renewal) return false;
  const is_held = [...books.lots.values()].some(
    ({ product_config_id, payment_event_id }) => product_config_id === config.id && payment_event_id !== null,
  );
  return is_held || offers_taken.some(({ product_config_id }) => product_config_id === config.id);
}

function unmatched(item: PaymentItem, reason: ItemReason): PaymentItem {
  return { ...item, status: "unmatched", reason };
}

export function putItem(payment: PaymentEvent, item: PaymentItem): PaymentEvent {
  return { ...payment, items: payment.items.map((other) => (other.item === item.item ? item : other)) };
}
