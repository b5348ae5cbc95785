import type { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";
import { auditMembership } from "./audit-membership.ts";
import { endLater, endNow } from "./end-membership.ts";
import type { Membership } from "./membership.ts";
import { currentOf, openMembership, refuse, type Opened } from "./open-command.ts";
import { putFreezes } from "./put-freezes.ts";
import { tellMembership } from "./tell-membership.ts";
import { endedFreezes } from "./unfreeze.ts";

export interface CancelAsk {
  membership_id: string;
  mode: "at_period_end" | "now";
  /** With `now`: its credits live on to their own expiry. */
  keep_credits: boolean;
  reason?: string | undefined;
}

/** Rule 24. Ends a membership: with what is paid, or at once; packages are never touched. */
export function decideCancel(facts: Facts, ask: CancelAsk, context: Context): Decision {
  const { now } = context;
  const { catalog } = facts;
  const opened = openMembership(facts, ask.membership_id, context);
  if (!("books" in opened)) return opened;
  const { books, membership } = opened;
  if (ask.mode === "at_period_end") {
    endLater(books, membership, { ends_at: null, decided_at: now }, catalog, now);
  } else {
    putFreezes(books, membership, endedFreezes(membership, now, catalog.policy.timezone), catalog.policy.timezone);
    // What a freeze held back has come due by now; a lot that ends today is not voided but has expired.
    settleDue(books, catalog, context);
    endNow(books, currentOf(books, membership), now, now);
    if (!ask.keep_credits) voidLots(books, membership, now);
  }
  settleDue(books, catalog, context);
  const { ends_at } = currentOf(books, membership);
  const told = ends_at === null ? null : new Date(ends_at).toISOString();
  auditMembership(books, "cancel_membership", membership, now, { ends_at: told, reason: ask.reason });
  return answer("membership_cancelled", opened, now);
}

/** Rule 24. A membership that was to end goes on. */
export function decideResume(facts: Facts, ask: { membership_id: string }, context: Context): Decision {
  const opened = openMembership(facts, ask.membership_id, context);
  if (!("books" in opened)) return opened;
  const { books, membership } = opened;
  if (membership.ends_at === null) return refuse(books, { reason_code: "NOT_ENDING" });
  books.putMembership({ ...membership, ends_at: null, cancelled_at: null });
  auditMembership(books, "resume_membership", membership, context.now);
  return answer("membership_resumed", opened, context.now);
}

function answer(
  reason_code: "membership_cancelled" | "membership_resumed",
  { books, membership }: Opened,
  now: Instant,
): Decision {
  const told = tellMembership(currentOf(books, membership), now);
  return { outcome: { reason_code, membership: told }, changes: books.changes(), member: books.member() };
}

/** What is available goes to `refunded`; what is held stays until its booking says where it goes. */
function voidLots(books: MemberBooks, { id }: Membership, now: Instant): void {
  for (const lot of books.lots.values()) {
    if (lot.membership_id !== id || !lot.live || lot.state === "revoked") continue;
    if (lot.available > 0) {
      const posting = { type: "refund", lot_id: lot.id, reason: "membership_cancelled", occurred_at: now } as const;
      books.post({ ...posting, amount: lot.available });
    }
    books.reshape({ ...books.lot(lot.id), state: "revoked", live: lot.held > 0 });
  }
}
