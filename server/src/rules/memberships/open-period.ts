import type { Catalog, ProductConfig } from "../catalog/product-config.ts";
import { endOfPeriodLot } from "../credits/expiry.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import { shiftDays, type Instant } from "../time/local-days.ts";
import { freezeAt, type Membership } from "./membership.ts";
import type { Period } from "./periods.ts";

/** What opens a period: a payment, or the schedule. */
export interface PeriodGrant {
  payment_event_id: string | null;
  payment_item: number | null;
  quantity: number;
  reason: "purchase" | "renewal";
  occurred_at: Instant;
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
    effective_at: freezeAt(membership, period.start_at)?.to_at ?? period.start_at,
    ...lifeInFreezes(membership, period, endOfPeriodLot(config, period, timezone), timezone),
    activation: null,
    parent_id: null,
    membership_id: membership.id,
    period_start_at: period.start_at,
    period_end_at: period.end_at,
    payment_event_id: grant.payment_event_id,
    payment_item: grant.payment_item,
    created_at: context.now,
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
  const { index, start_at, end_at } = period;
  const periods = [...membership.periods, { index, start_at, end_at, lot_id: lot.id }];
  periods.sort((a, b) => a.start_at - b.start_at);
  books.putMembership({ ...membership, periods });
  return lot;
}

/** Boundaries of its own have moved with the freeze; what a provider bills by stays, so its credits live longer instead. */
function lifeInFreezes(
  membership: Membership,
  period: Period,
  expires_at: Instant,
  zone: string,
): Pick<Lot, "expires_at" | "freezes"> {
  const met = membership.freezes.filter(
    ({ status, from_at, to_at }) => status !== "cancelled" && from_at < expires_at && to_at > period.start_at,
  );
  if (met.length === 0) return { expires_at, freezes: null };
  const days = period.index === null ? met.reduce((sum, freeze) => sum + freeze.days, 0) : 0;
  return {
    expires_at: shiftDays(expires_at, days, zone),
    freezes: met.map(({ id, from_at, to_at }) => ({ freeze_id: id, from_at, to_at })),
  };
}
