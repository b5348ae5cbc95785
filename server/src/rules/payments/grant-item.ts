import type { Catalog, ProductConfig } from "../catalog/product-config.ts";
import { lifeOfPackage } from "../credits/expiry.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import { payPeriod, type PaidPeriod, type PeriodPayment } from "../memberships/pay-period.ts";

/** Turns one paid item into its lot: a package's own, or a period of a membership. Null: the provider's period was granted before. */
export function grantItem(
  books: MemberBooks,
  config: ProductConfig,
  payment: PeriodPayment,
  catalog: Catalog,
  context: Context,
): PaidPeriod | null {
  if (config.type === "membership") return payPeriod(books, config, payment, catalog, context);
  const { paid_at, quantity } = payment;
  const lot: Lot = {
    id: context.newId(),
    contact_id: books.contact.id,
    product_config_id: config.id,
    origin: "purchase",
    state: "open",
    unlimited: config.credits === "unlimited",
    granted: config.credits === "unlimited" ? 0 : config.credits * quantity,
    available: 0,
    held: 0,
    effective_at: paid_at,
    ...lifeOfPackage(config, paid_at, catalog.policy.timezone),
    freezes: null,
    parent_id: null,
    membership_id: null,
    period_start_at: null,
    period_end_at: null,
    payment_event_id: payment.payment_event_id,
    payment_item: payment.payment_item,
    created_at: context.now,
    live: true,
  };
  books.open(lot);
  books.post({
    type: "grant",
    lot_id: lot.id,
    amount: lot.granted,
    reason: "purchase",
    external_ref: payment.external_ref,
    // True since it was paid, so that what expires of a late payment does not expire before it was granted.
    occurred_at: Math.min(paid_at, context.now),
  });
  return { lot: books.lot(lot.id), flags: [] };
}
