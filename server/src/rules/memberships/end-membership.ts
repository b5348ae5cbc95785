import type { Catalog } from "../catalog/product-config.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Instant } from "../time/local-days.ts";
import { withdrawGrace } from "./boundary.ts";
import { paidAfter, type Membership } from "./membership.ts";
import { periodAt } from "./periods.ts";

/** The end of all that is paid for: opened, paid early, or prepaid for a term. */
function endOfPaid(membership: Membership, zone: string): Instant {
  const { open_until, periods, prepaid_through } = membership;
  const ends = [open_until, ...periods.map(({ end_at }) => end_at)];
  if (prepaid_through > 0) ends.push(periodAt(membership, prepaid_through - 1, zone).end_at);
  return Math.max(...ends);
}

/** Rule 24. It renews no more: it ends with what is paid, or no later than `ends_at`; what is unpaid by now ends at once. */
export function endLater(
  books: MemberBooks,
  membership: Membership,
  { ends_at, decided_at }: { ends_at: Instant | null; decided_at: Instant },
  catalog: Catalog,
  now: Instant,
): void {
  if (membership.status === "active" || paidAfter(membership)) {
    const at = ends_at ?? endOfPaid(membership, catalog.policy.timezone);
    books.putMembership({ ...membership, ends_at: at, cancelled_at: decided_at });
    return;
  }
  endNow(books, membership, decided_at, now);
}

/** It is over; its lots live on to their own expiry, without grace. */
export function endNow(books: MemberBooks, membership: Membership, decided_at: Instant, now: Instant): void {
  withdrawGrace(books, membership, now);
  books.putMembership({
    ...membership,
    status: "ended",
    ends_at: now,
    cancelled_at: decided_at,
    grace_until: null,
    lots_in_grace: [],
  });
}
