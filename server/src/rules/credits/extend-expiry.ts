import type { Context, Decision, Facts } from "../decision.ts";
import { addDays, shiftDays, startOfDay, type Instant, type LocalDate } from "../time/local-days.ts";
import { isExpired, type Lot } from "./lot.ts";
import { MemberBooks } from "./member-books.ts";
import { settleDue } from "./settle-due.ts";

export interface ExtendAsk {
  /** Omitted: every live entitlement that expires earlier. */
  entitlement_ids?: readonly string[] | undefined;
  /** The new last usable local day; omitted: each lives `days` longer than it would. */
  until_on?: LocalDate | undefined;
  days?: number | undefined;
  reason: string;
}

type Skipped = "NOT_FOUND" | "ENTITLEMENT_EXPIRED" | "NEVER_EXPIRES" | "ALREADY_LATER";

/** Rule 17. Staff give entitlements more time; an audit event, not an entry, and nothing that expired comes back. */
export function decideExtend(facts: Facts, ask: ExtendAsk, context: Context): Decision {
  const { now } = context;
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  if (!facts.member) {
    return { outcome: { reason_code: "NO_ENTITLEMENT", detail: "UNKNOWN_CONTACT" }, changes: null, member: null };
  }
  const books = new MemberBooks(facts.member);
  settleDue(books, facts.catalog, context);
  const { timezone } = facts.catalog.policy;
  const ids = ask.entitlement_ids ?? [...books.lots.values()].filter((lot) => lot.live).map((lot) => lot.id);
  // A named lot that was swept has expired, it is not unknown.
  if (!facts.member.has_closed_lots && ids.some((id) => !books.lots.has(id))) return { needs: "closed_lots" };
  const extended: { entitlement_id: string; before: string; after: string }[] = [];
  const skipped: { entitlement_id: string; reason: Skipped }[] = [];
  for (const id of ids) {
    const lot = books.lots.get(id);
    const expires_at = newExpiry(lot, ask, timezone);
    const reason = whyNot(lot, expires_at, now);
    if (!lot || reason !== null) {
      skipped.push({ entitlement_id: id, reason: reason ?? "NOT_FOUND" });
      continue;
    }
    const change = { before: new Date(lot.expires_at ?? now).toISOString(), after: new Date(expires_at).toISOString() };
    extended.push({ entitlement_id: id, ...change });
    // Staff said when it ends: a clock that waited for the first use waits no longer.
    books.put({ ...lot, expires_at, activation: null });
    books.audit({
      action: "extend_expiry",
      subject: `entitlement ${id}`,
      before: { expires_at: change.before },
      after: { expires_at: change.after, reason: ask.reason },
    });
  }
  if (extended.length === 0)
    return { outcome: { reason_code: "NO_ENTITLEMENT", detail: null, skipped }, changes: null, member: null };
  const outcome = { reason_code: "expiry_extended", extended, skipped } as const;
  return { outcome, changes: books.changes(), member: books.member() };
}

function newExpiry(lot: Lot | undefined, { until_on, days = 0 }: ExtendAsk, zone: string): Instant {
  if (until_on !== undefined) return startOfDay(addDays(until_on, 1), zone);
  return lot?.expires_at == null ? 0 : shiftDays(lot.expires_at, days, zone);
}

function whyNot(lot: Lot | undefined, expires_at: Instant, now: Instant): Skipped | null {
  if (!lot) return "NOT_FOUND";
  if (!lot.live || lot.state === "revoked" || isExpired(lot, now)) return "ENTITLEMENT_EXPIRED";
  if (lot.expires_at === null) return "NEVER_EXPIRES";
  return lot.expires_at >= expires_at ? "ALREADY_LATER" : null;
}
