import type { MemberBooks } from "../credits/member-books.ts";
import { auditMembership } from "./audit-membership.ts";
import type { Freeze, Membership } from "./membership.ts";

// Rule 23. Begin and end are level-triggered at local midnight. What they move was moved when the freeze was planned.

export function beginFreeze(books: MemberBooks, membership: Membership, freeze: Freeze): void {
  putStatus(books, membership, freeze, "active");
  auditMembership(books, "freeze_began", membership, freeze.from_at, { from_on: freeze.from_on, to_on: freeze.to_on });
}

export function endFreeze(books: MemberBooks, membership: Membership, freeze: Freeze): void {
  putStatus(books, membership, freeze, "ended");
  auditMembership(books, "freeze_ended", membership, freeze.to_at, { from_on: freeze.from_on, to_on: freeze.to_on });
}

function putStatus(books: MemberBooks, membership: Membership, { id }: Freeze, status: Freeze["status"]): void {
  const freezes = membership.freezes.map((other) => (other.id === id ? { ...other, status } : other));
  books.putMembership({ ...membership, freezes });
}
