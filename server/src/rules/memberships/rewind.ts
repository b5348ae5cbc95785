import type { MemberBooks } from "../credits/member-books.ts";
import type { PastMove } from "../credits/member.ts";
import type { Context } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";
import { outlivesGrace } from "./boundary.ts";
import type { Membership } from "./membership.ts";

/**
 * Clarification 20. Takes back what time did to a membership since `from_at`, before a back-dated freeze is put in: boundaries that
 * passed, grace, rollover, expiry. What had ended before stays so.
 */
export function rewind(books: MemberBooks, membership: Membership, from_at: Instant, context: Context): Membership {
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
  for (const lot of books.lots.values()) {
    const is_own = lot.membership_id === membership.id && lot.state !== "revoked";
    if (is_own && !lot.live && lot.expires_at !== null && lot.expires_at >= from_at)
      books.reshape({ ...lot, live: true });
  }
  for (const move of movesSince(books, membership, from_at)) takeBack(books, move, context);
  return rewound;
}

/** Latest first; of one instant the rollovers first, so that each lot gets back what it gave before what expired of it. */
function movesSince(books: MemberBooks, membership: Membership, from_at: Instant): PastMove[] {
  return (books.member().history ?? [])
    .filter(({ entitlement_id, occurred_at }) => {
      const lot = books.lots.get(entitlement_id);
      return occurred_at >= from_at && lot?.membership_id === membership.id && lot.state !== "revoked";
    })
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
