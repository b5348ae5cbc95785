import type { Catalog, ProductConfig } from "../catalog/product-config.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";
import { lifeOfPeriodLot } from "./life.ts";
import type { Membership, MembershipPeriod } from "./membership.ts";

/** The lots of a membership's period that ended at `boundary`: what may roll over. One generation, so no rolled lot does. */
function lotsOfPeriod(books: MemberBooks, membership: Membership, boundary: Instant): Lot[] {
  return [...books.lots.values()]
    .filter((lot) => lot.membership_id === membership.id && lot.period_end_at === boundary && lot.origin !== "rollover")
    .filter((lot) => lot.live && lot.state === "open" && !lot.unlimited)
    .sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1));
}

/**
 * Rule 22. Moves what is left of the period that ended with `open_until`, within the cap and below `max_balance` less the next
 * allowance, to a lot of its own that lives through the next period. What is held stays where it is.
 */
export function rollOver(
  books: MemberBooks,
  membership: Membership,
  next: MembershipPeriod,
  at: Instant,
  catalog: Catalog,
  context: Context,
): void {
  const config = catalog.configs.get(membership.product_config_id);
  let room = config ? roomFor(config, books.lots.get(next.lot_id)?.granted ?? 0) : 0;
  for (const { id } of lotsOfPeriod(books, membership, membership.open_until)) {
    const lot = books.lot(id);
    const amount = Math.min(lot.available, room);
    if (amount <= 0) continue;
    room -= amount;
    const child: Lot = {
      ...lot,
      id: context.newId(),
      origin: "rollover",
      granted: amount,
      available: 0,
      held: 0,
      ...lifeOfPeriodLot(membership, next, next.end_at, catalog.policy.timezone),
      activation: null,
      parent_id: lot.id,
      period_start_at: next.start_at,
      period_end_at: next.end_at,
      payment_event_id: null,
      payment_item: null,
      created_at: at,
    };
    books.open(child);
    books.post({
      type: "rollover",
      lot_id: id,
      to_lot_id: child.id,
      amount,
      reason: "rolled_over",
      occurred_at: at,
      is_due: true,
    });
  }
}

function roomFor({ rollover, credits }: ProductConfig, next_allowance: number): number {
  if (rollover === "none" || credits === "unlimited") return 0;
  if (rollover === "all") return Number.POSITIVE_INFINITY;
  const below_limit = (rollover.max_balance ?? Number.POSITIVE_INFINITY) - next_allowance;
  return Math.max(0, Math.min(rollover.cap ?? Number.POSITIVE_INFINITY, below_limit));
}
