import type { ToldItem } from "../../rules/payments/told.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { amountAt, at, idAt, instantAt, integerAt, listAt, textAt, type Fields } from "./read-field.ts";

/** Lines of one payment that are looked at. */
export const MAX_LINES = 500;

export interface InvoiceLines {
  items: ToldItem[];
  /** The period that the subscription's line paid; null on an invoice that renews nothing. Rule 18. */
  period: { start_at: Instant; end_at: Instant } | null;
}

/**
 * What an invoice's lines sold. Prorations are no items: they adjust a period that was paid already, and a change of plan is
 * told by the subscription. Nor are subscription lines that cost nothing, such as a trial: nobody paid that period.
 */
export function readInvoiceLines(lines: Fields[]): InvoiceLines {
  const items: ToldItem[] = [];
  let period: InvoiceLines["period"] = null;
  for (const line of lines.slice(0, MAX_LINES)) {
    const amount = integerAt(line, "amount") ?? 0;
    const is_subscription = isSubscriptionLine(line);
    if (isProration(line) || amount < 0 || (is_subscription && amount === 0)) continue;
    items.push({ ...readItem(line), amount_cents: Math.max(0, amount - discountOf(line)) });
    if (!is_subscription) continue;
    const start_at = instantAt(line, "period.start");
    const end_at = instantAt(line, "period.end");
    if (start_at === null || end_at === null || end_at <= start_at) continue;
    if (period === null || end_at > period.end_at) period = { start_at, end_at };
  }
  return { items, period };
}

/** The lines of a checkout session. */
export function readSessionLines(lines: Fields[]): ToldItem[] {
  return lines.slice(0, MAX_LINES).map((line) => ({ ...readItem(line), amount_cents: amountAt(line, "amount_total") }));
}

/** The lines that a payment intent itself may carry; their product is the merchant's own code. */
export function readIntentLines(lines: Fields[]): ToldItem[] {
  return lines.slice(0, MAX_LINES).map((line) => {
    const quantity = quantityOf(line);
    const unit_cost = amountAt(line, "unit_cost");
    const total = unit_cost === null ? null : unit_cost * quantity - (amountAt(line, "discount_amount") ?? 0);
    return {
      product_id: idAt(line, "product_code"),
      price_id: null,
      name: textAt(line, "product_name"),
      quantity,
      amount_cents: total !== null && Number.isSafeInteger(total) && total >= 0 ? total : null,
    };
  });
}

/** The price is on the line in old shapes, under `pricing` in new ones; a plan is the price of before 2018. */
function readItem(line: Fields): Omit<ToldItem, "amount_cents"> {
  return {
    product_id: idAt(line, "pricing.price_details.product", "price.product", "plan.product"),
    price_id: idAt(line, "pricing.price_details.price", "price", "plan"),
    name: textAt(line, "description", "price.nickname", "plan.nickname"),
    quantity: quantityOf(line),
  };
}

function quantityOf(line: Fields): number {
  const quantity = integerAt(line, "quantity");
  return quantity !== null && quantity > 0 ? quantity : 1;
}

function isProration(line: Fields): boolean {
  const paths = ["proration", "parent.subscription_item_details.proration", "parent.invoice_item_details.proration"];
  return paths.some((path) => at(line, path) === true);
}

function isSubscriptionLine(line: Fields): boolean {
  return at(line, "parent.type") === "subscription_item_details" || at(line, "type") === "subscription";
}

function discountOf(line: Fields): number {
  return listAt(line, "discount_amounts").reduce((sum, discount) => sum + (amountAt(discount, "amount") ?? 0), 0);
}
