import type { Context } from "../decision.ts";
import { mergeRefund } from "./fold-reversals.ts";
import type { PaymentEvent, Refund } from "./payment-event.ts";
import { CUMULATIVE } from "./refunded.ts";
import { waitingItems } from "./resolve-items.ts";
import type { PaymentKey, ToldPayment } from "./told.ts";

/** A payment that nobody told of before, not decided yet. */
export function newPayment(
  told: ToldPayment,
  told_by: string,
  contact_id: string,
  { newId }: Pick<Context, "newId">,
): PaymentEvent {
  const own = told.keys.find(({ provider }) => provider === told.provider) ?? told.keys[0];
  return {
    id: newId(),
    contact_id,
    provider: told.provider,
    external_payment_id: own?.key ?? "",
    keys: told.keys,
    event_type: told_by,
    status: told.status === "failed" ? "failed" : "pending",
    flags: [],
    acknowledged: [],
    amount_cents: told.amount_cents,
    currency: told.currency?.toUpperCase() ?? null,
    paid_at: told.paid_at,
    settles_at: null,
    duplicate_of: null,
    subscription_id: told.subscription_id,
    period_start_at: told.period?.start_at ?? null,
    period_end_at: told.period?.end_at ?? null,
    external_ref: null,
    metadata: null,
    items: waitingItems(told.items, told.amount_cents),
    refunds: refundsOf(told),
    disputes: [],
  };
}

/** What is known of a payment with one more telling of it: new names join, what is empty is filled. Rule 32. */
export function joinPayment(known: PaymentEvent, told: ToldPayment, told_by: string): PaymentEvent {
  const fresh = newPayment(told, told_by, known.contact_id, { newId: () => known.id });
  const is_first_paid = told.status === "paid" && (known.status === "pending" || known.status === "failed");
  const label = labelOf(known, told);
  const takes_over = label !== null;
  const { provider, key: external_payment_id } = label ?? { provider: known.provider, key: known.external_payment_id };
  return {
    ...known,
    provider,
    external_payment_id,
    event_type: is_first_paid || takes_over ? told_by : known.event_type,
    keys: joinKeys(known.keys, told.keys),
    status: known.status === "pending" && told.status === "failed" ? "failed" : known.status,
    amount_cents: is_first_paid
      ? (fresh.amount_cents ?? known.amount_cents)
      : (known.amount_cents ?? fresh.amount_cents),
    currency: known.currency ?? fresh.currency,
    paid_at: is_first_paid ? fresh.paid_at : known.paid_at,
    subscription_id: known.subscription_id ?? fresh.subscription_id,
    period_start_at: known.period_start_at ?? fresh.period_start_at,
    period_end_at: known.period_end_at ?? fresh.period_end_at,
    items: itemsOf(known, fresh, takes_over || is_first_paid),
    refunds: fresh.refunds.reduce(mergeRefund, known.refunds),
  };
}

/** GoHighLevel is primary: it takes over the label of what Stripe told first, with a name that is new. */
function labelOf(known: PaymentEvent, told: ToldPayment): PaymentKey | null {
  if (told.provider !== "ghl" || known.provider !== "stripe") return null;
  const fresh = joinKeys(known.keys, told.keys).slice(known.keys.length);
  return fresh.find(({ provider }) => provider === "ghl") ?? null;
}

/** Lines that say what was bought stand before lines that do not, as long as nothing was decided about them. */
function itemsOf(known: PaymentEvent, fresh: PaymentEvent, is_better: boolean): PaymentEvent["items"] {
  const is_open = known.items.every(({ status }) => status === "waiting" || status === "unmatched");
  if (!is_open || !saysWhat(fresh)) return known.items;
  return is_better || !saysWhat(known) ? fresh.items : known.items;
}

function saysWhat({ items }: PaymentEvent): boolean {
  return items.some(({ product_id, price_id }) => product_id !== null || price_id !== null);
}

export function joinKeys(known: readonly PaymentKey[], told: readonly PaymentKey[]): readonly PaymentKey[] {
  const fresh = told.filter(({ provider, key }) => !known.some((one) => one.provider === provider && one.key === key));
  return fresh.length === 0 ? known : [...known, ...fresh];
}

/** The cumulative figure that a telling of the payment itself brings. */
function refundsOf({ provider, refunded_cents, paid_at }: ToldPayment): Refund[] {
  if (refunded_cents === null || refunded_cents <= 0) return [];
  return [{ provider, refund_id: CUMULATIVE, amount_cents: refunded_cents, status: "succeeded", refunded_at: paid_at }];
}
