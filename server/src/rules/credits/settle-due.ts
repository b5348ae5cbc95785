import type { Catalog } from "../catalog/product-config.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { endGrace, settleBoundary } from "../memberships/boundary.ts";
import { beginFreeze, endFreeze } from "../memberships/freeze-clock.ts";
import { boundaryDue, type Membership } from "../memberships/membership.ts";
import type { Instant } from "../time/local-days.ts";
import { isExpired, type Lot } from "./lot.ts";
import { MemberBooks } from "./member-books.ts";

/** What falls due at one instant, in the order in which it is settled there. */
const KINDS = ["freeze_ends", "freeze_begins", "boundary", "grace_ends", "expiry"] as const;

interface Due {
  at: Instant;
  kind: (typeof KINDS)[number];
  id: string;
  settle(): void;
}

/** A century of boundaries, freezes and lots of one member; more is a bug. */
const MAX_DUES = 10_000;

/**
 * Whatever fell due for a member up to `now`, in order of time. The job and every mutation run the same function, so a late
 * job changes nothing (clarification 16).
 */
export function settleDue(books: MemberBooks, catalog: Catalog, context: Context): void {
  for (let settled = 0; settled < MAX_DUES; settled += 1) {
    const [first, ...rest] = duesOf(books, catalog, context);
    if (!first) return;
    rest.reduce((earliest, due) => (compareDues(due, earliest) < 0 ? due : earliest), first).settle();
  }
  throw new Error(`contact ${books.contact.id} never has everything settled`);
}

function compareDues(a: Due, b: Due): number {
  return a.at - b.at || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.id < b.id ? -1 : 1);
}

function duesOf(books: MemberBooks, catalog: Catalog, context: Context): Due[] {
  const { now } = context;
  const dues: Due[] = [];
  for (const lot of books.lots.values()) {
    if (!lot.live || lot.expires_at === null || !isExpired(lot, now)) continue;
    // The clock of a disputed lot stands still (rule 35); what is held waits for its booking.
    if (lot.state === "paused" || (lot.available === 0 && lot.held > 0)) continue;
    dues.push({ at: lot.expires_at, kind: "expiry", id: lot.id, settle: () => expire(books, lot, now) });
  }
  for (const membership of books.memberships) {
    for (const due of duesOfMembership(books, membership, catalog, context)) if (due.at <= now) dues.push(due);
  }
  return dues;
}

function duesOfMembership(books: MemberBooks, membership: Membership, catalog: Catalog, context: Context): Due[] {
  const dues: Due[] = [];
  if (membership.status === "ended") return dues;
  for (const freeze of membership.freezes) {
    const { id, from_at, to_at, status } = freeze;
    if (status === "planned") {
      dues.push({ at: from_at, kind: "freeze_begins", id, settle: () => beginFreeze(books, membership, freeze) });
    } else if (status === "active") {
      dues.push({
        at: to_at,
        kind: "freeze_ends",
        id,
        settle: () => endFreeze(books, membership, freeze),
      });
    }
  }
  const { id } = membership;
  const at = boundaryDue(membership);
  if (at !== null) {
    dues.push({ at, kind: "boundary", id, settle: () => settleBoundary(books, membership, at, catalog, context) });
  }
  if (membership.status === "past_due" && membership.grace_until !== null) {
    dues.push({ at: membership.grace_until, kind: "grace_ends", id, settle: () => endGrace(books, membership) });
  }
  return dues;
}

/** Rule 15: what is left of an expired lot is booked to `expired`, never what is held. */
function expire(books: MemberBooks, { id, available, expires_at }: Lot, now: Instant): void {
  if (available > 0) {
    books.post({
      type: "expire",
      lot_id: id,
      amount: available,
      reason: "expired",
      occurred_at: expires_at ?? now,
      is_due: true,
    });
  }
  const lot = books.lot(id);
  if (lot.held === 0) books.put({ ...lot, live: false });
}

/** The job's own decision: nothing but what is due. A suspended workspace's ledger jobs pause (clarification 22). */
export function decideDue({ member, catalog, is_billing_live }: Facts, _: unknown, context: Context): Decision {
  if (!is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  if (!member)
    return { outcome: { reason_code: "NO_ENTITLEMENT", detail: "UNKNOWN_CONTACT" }, changes: null, member: null };
  const books = new MemberBooks(member);
  settleDue(books, catalog, context);
  return { outcome: { reason_code: "due_settled" }, changes: books.changes(), member: books.member() };
}
