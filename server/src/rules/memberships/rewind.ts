import type { Catalog } from "../catalog/product-config.ts";
import { endOfPeriodLot } from "../credits/expiry.ts";
import type { Lot } from "../credits/lot.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { PastMove } from "../credits/member.ts";
import type { Context } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";
import { graceOf, outlivesGrace } from "./boundary.ts";
import { lifeOfPeriodLot } from "./life.ts";
import type { Membership } from "./membership.ts";

/**
 * Clarification 20. Takes back what time did to a membership since `from_at`, before a back-dated freeze is put in: boundaries that
 * passed, grace, rollover, expiry. What had ended before stays so.
 */
export function rewind(
  books: MemberBooks,
  membership: Membership,
  from_at: Instant,
  catalog: Catalog,
  context: Context,
): Membership {
  const reached = membership.periods.findLast(({ start_at }) => start_at < from_at)?.end_at ?? membership.open_until;
  const open_until = reached < from_at ? membership.open_until : Math.min(reached, membership.open_until);
  let rewound = membership;
  if (open_until >= from_at) {
    // An unpaid boundary inside the freeze has not passed after all.
    for (const { lot_id, expires_at } of membership.lots_in_grace) {
      const lot = books.lots.get(lot_id);
      const is_withdrawn = membership.open_until >= from_at && lot && !outlivesGrace(lot, membership, context.now);
      if (is_withdrawn) books.reshape({ ...lot, expires_at });
    }
    rewound = { ...membership, status: "active", open_until, grace_until: null, lots_in_grace: [] };
    books.putMembership(rewound);
  }
  const own_lots = [...books.lots.values()].filter(
    (lot) => lot.membership_id === membership.id && lot.state !== "revoked",
  );
  const ended_since = new Set<string>();
  for (const lot of own_lots) {
    const expires_at = endBeforeGrace(books, membership, lot, from_at, catalog) ?? lot.expires_at;
    if (expires_at === null || expires_at < from_at) continue;
    ended_since.add(lot.id);
    if (!lot.live || expires_at !== lot.expires_at) books.reshape({ ...lot, expires_at, live: true });
  }
  for (const move of movesSince(books, ended_since, from_at)) takeBack(books, move, context);
  return rewound;
}

/**
 * When a lot ended before grace gave it more time, of a period that was followed by one paid late; null: grace did not, or it was
 * all the time it had left when the freeze began. What a payment ended inside the freeze had lived by grace alone: it stays so.
 */
function endBeforeGrace(
  books: MemberBooks,
  membership: Membership,
  lot: Lot,
  from_at: Instant,
  catalog: Catalog,
): Instant | null {
  const { period_start_at: start_at, period_end_at: end_at, expires_at } = lot;
  const config = catalog.configs.get(lot.product_config_id);
  if (start_at === null || end_at === null || expires_at === null || !config) return null;
  const next = membership.periods.find((period) => period.start_at >= end_at);
  const is_paid_late = next !== undefined && (books.lots.get(next.lot_id)?.created_at ?? end_at) > end_at;
  const grace_until = graceOf(membership, end_at, catalog);
  if (!is_paid_late || expires_at > grace_until) return null;
  const zone = catalog.policy.timezone;
  const end = endOfPeriodLot(config, { index: null, start_at, end_at }, zone);
  const own = lifeOfPeriodLot(membership, { start_at, end_at }, end, zone).expires_at;
  if (own === null || own >= expires_at) return null;
  return own < from_at && expires_at === grace_until ? null : own;
}

/** Latest first; of one instant the rollovers first, so that each lot gets back what it gave before what expired of it. */
function movesSince(books: MemberBooks, ended_since: ReadonlySet<string>, from_at: Instant): PastMove[] {
  return (books.member().history ?? [])
    .filter(({ entitlement_id, occurred_at }) => occurred_at >= from_at && ended_since.has(entitlement_id))
    .sort(
      (a, b) =>
        b.occurred_at - a.occurred_at ||
        Number(a.type === "expire") - Number(b.type === "expire") ||
        b.entry_number - a.entry_number,
    );
}

function takeBack(books: MemberBooks, move: PastMove, { now }: Context): void {
  const { type, entitlement_id, to_entitlement_id, entry_number } = move;
  if (type === "expire") {
    const amount = move.amount - move.reversed;
    if (amount <= 0) return;
    const posting = { type: "reinstate", reason: "frozen", reverses: entry_number, occurred_at: now } as const;
    books.post({ ...posting, lot_id: entitlement_id, amount });
    return;
  }
  const child = to_entitlement_id === null ? undefined : books.lots.get(to_entitlement_id);
  // What is held of it stays for its booking.
  const amount = child ? Math.min(child.available, move.amount) : 0;
  if (!child || amount === 0) return;
  const parent = books.lot(entitlement_id);
  books.reshape({ ...parent, granted: parent.granted + amount });
  books.post({
    type: "transfer",
    lot_id: child.id,
    to_lot_id: entitlement_id,
    amount,
    reason: "frozen",
    occurred_at: now,
  });
  const left = books.lot(child.id);
  if (left.available === 0 && left.held === 0) books.put({ ...left, live: false });
}
