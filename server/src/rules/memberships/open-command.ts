import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Outcome } from "../outcome.ts";
import type { Membership } from "./membership.ts";

export interface Opened {
  books: MemberBooks;
  /** As it is after everything that was due. */
  membership: Membership;
}

/** What every command on a membership begins with: may anything change, who is it, what was due. Else why not. */
export function openMembership(facts: Facts, membership_id: string, context: Context): Opened | Decision {
  const books = openBooks(facts, context);
  if (!(books instanceof MemberBooks)) return books;
  const membership = books.memberships.find(({ id, status }) => id === membership_id && status !== "ended");
  return membership ? { books, membership } : refuse(books, { reason_code: "MEMBERSHIP_NOT_FOUND" });
}

/** `first`: a refusal that comes before that of an unknown contact. */
export function openBooks(
  { member, catalog, is_billing_live }: Facts,
  context: Context,
  first: Outcome | null = null,
): MemberBooks | Decision {
  if (!is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  if (!member && first) return { outcome: first, changes: null, member: null };
  if (!member) {
    return { outcome: { reason_code: "NO_ENTITLEMENT", detail: "UNKNOWN_CONTACT" }, changes: null, member: null };
  }
  const books = new MemberBooks(member);
  settleDue(books, catalog, context);
  return books;
}

/** A refusal books what was due all the same. */
export function refuse(books: MemberBooks, outcome: Outcome): Decision {
  return { outcome, changes: books.changes(), member: books.member() };
}

/** The membership as the command has left it so far. */
export function currentOf(books: MemberBooks, { id }: Membership): Membership {
  const membership = books.memberships.find((other) => other.id === id);
  if (!membership) throw new Error(`membership ${id} was lost`);
  return membership;
}
