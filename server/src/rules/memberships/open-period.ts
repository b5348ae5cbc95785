import type { Catalog, ProductConfig } from "../catalog/product-config.ts";
import { endOfPeriodLot } from "../credits/expiry.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";
import { lifeOfPeriodLot } from "./life.ts";
import type { Membership } from "./membership.ts";
import type { Period } from "./periods.ts";

/** What opens a period: a payment, or the schedule. */
export interface PeriodGrant {
  payment_event_id: string | null;
  payment_item: number | null;
  quantity: number;
  reason: "purchase" | "renewal";
  occurred_at: Instant;
  /** When the books opened it: what time opens, it opens at its time, however late that is found. */
  opened_at: Instant;
  external_ref?: string | undefined;
}

/** Opens a period's lot and puts the period on the membership. Rules 18, 21; inside a freeze it waits for its end (rule 23). */
export function openPeriod(
  books: MemberBooks,
  membership: Membership,
  config: ProductConfig,
  period: Period,
  grant: PeriodGrant,
  catalog: Catalog,
  context: Context,
): Lot {
  const unlimited = config.credits === "unlimited";
  const granted = config.credits === "unlimited" ? 0 : config.credits * grant.quantity;
  const { timezone } = catalog.policy;
  const { index, start_at, end_at } = period;
  const lot: Lot = {
    id: context.newId(),
    contact_id: books.contact.id,
    product_config_id: config.id,
    origin: "period",
    state: "open",
    unlimited,
    granted,
    available: 0,
    held: 0,
    ...lifeOfPeriodLot(membership, period, endOfPeriodLot(config, period, timezone), timezone),
    activation: null,
    parent_id: null,
    membership_id: membership.id,
    period_start_at: start_at,
    period_end_at: end_at,
    payment_event_id: grant.payment_event_id,
    payment_item: grant.payment_item,
    created_at: grant.opened_at,
    live: true,
  };
  books.open(lot);
  if (!unlimited) {
    books.post({
      type: "grant",
      lot_id: lot.id,
      amount: granted,
      reason: grant.reason,
      external_ref: grant.external_ref,
      occurred_at: grant.occurred_at,
      is_due: grant.payment_event_id === null,
    });
  }
  const periods = [...membership.periods, { index, start_at, end_at, lot_id: lot.id }];
  periods.sort((a, b) => a.start_at - b.start_at);
  books.putMembership({ ...membership, periods });
  return lot;
}
