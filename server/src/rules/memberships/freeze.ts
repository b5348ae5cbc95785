import type { Catalog } from "../catalog/product-config.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import type { Instant } from "../time/local-days.ts";
import type { Freeze, Membership } from "./membership.ts";

/** Rule 23. A planned freeze begins at its local midnight: what it moves was moved when it was planned. */
export function beginFreeze(books: MemberBooks, membership: Membership, freeze: Freeze): void {
  const freezes = membership.freezes.map((other) =>
    other.id === freeze.id ? { ...freeze, status: "active" as const } : other,
  );
  books.putMembership({ ...membership, freezes });
}

/** Rule 23. A freeze ends as planned: level-triggered, at local midnight. */
export function endFreeze(
  books: MemberBooks,
  membership: Membership,
  freeze: Freeze,
  _at: Instant,
  _catalog: Catalog,
): void {
  const freezes = membership.freezes.map((other) =>
    other.id === freeze.id ? { ...freeze, status: "ended" as const } : other,
  );
  books.putMembership({ ...membership, freezes });
}
