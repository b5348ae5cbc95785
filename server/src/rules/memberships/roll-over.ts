import type { ProductConfig } from "../catalog/product-config.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Context } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";
import type { Membership } from "./membership.ts";

/** The lots of a membership's period that ended at `boundary`: what may roll over. One generation, so no rolled lot does. */
function lotsOfPeriod(books: MemberBooks, membership: Membership, boundary: Instant): Lot[] {
  return [...books.lots.values()]
    .filter((lot) => lot.membership_id === membership.id && lot.period_end_at === boundary && lot.origin !== "rollover")
    .filter((lot) => lot.live && lot.state === "open" && !lot.unlimited)
    .sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1));
}

/**
 * Rule 22. Moves what is left of the period that ended at `boundary`, within the cap and below `max_balance` less the next
 * allowance, to a lot of its own that lives through the next period. What is held stays where it is.
 */
export function rollOver(
  books: MemberBooks,
  membership: Membership,
  config: ProductConfig,
  boundary: Instant,
  next: { start_at: Instant; end_at: Instant },
  occurred_at: Instant,
  context: Context,
): void {
  let room = roomFor(config);
  for (const { id } of lotsOfPeriod(books, membership, boundary)) {
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
      effective_at: next.start_at,
      expires_at: next.end_at,
      freezes: null,
      activation: null,
      parent_id: lot.id,
      period_start_at: next.start_at,
      period_end_at: next.end_at,
      payment_event_id: null,
      payment_item: null,
      created_at: context.now,
    };
    books.open(child);
    books.post({
      type: "rollover",
      lot_id: id,
      to_lot_id: child.id,
      amount,
      reason: "rolled_over",
      occurred_at,
      is_due: true,
    });
  }
}

function roomFor({ rollover, credits }: ProductConfig): number {
  if (rollover === "none" || credits === "unlimited") return 0;
  if (rollover === "all") return Number.POSITIVE_INFINITY;
  const below_limit = (rollover.max_balance ?? Number.POSITIVE_INFINITY) - credits;
  return Math.max(0, Math.min(rollover.cap ?? Number.POSITIVE_INFINITY, below_limit));
}
