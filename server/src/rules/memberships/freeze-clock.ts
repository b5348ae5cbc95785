import type { MemberBooks } from "../credits/member-books.ts";
import type { Freeze, Membership } from "./membership.ts";

// Rule 23. Begin and end are level-triggered at local midnight. What they move was moved when the freeze was planned.

export function beginFreeze(books: MemberBooks, membership: Membership, freeze: Freeze): void {
  putStatus(books, membership, freeze, "active");
}

export function endFreeze(books: MemberBooks, membership: Membership, freeze: Freeze): void {
  putStatus(books, membership, freeze, "ended");
}

function putStatus(books: MemberBooks, membership: Membership, { id }: Freeze, status: Freeze["status"]): void {
  const freezes = membership.freezes.map((other) => (other.id === id ? { ...other, status } : other));
  books.putMembership({ ...membership, freezes });
}
