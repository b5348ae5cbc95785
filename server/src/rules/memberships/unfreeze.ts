import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { localDate, type Instant, type LocalDate } from "../time/local-days.ts";
import { auditMembership } from "./audit-membership.ts";
import type { Freeze, Membership } from "./membership.ts";
import { currentOf, openMembership, refuse } from "./open-command.ts";
import { freezeOver, putFreezes } from "./put-freezes.ts";
import { tellFreeze, tellMembership } from "./tell-membership.ts";

export interface UnfreezeAsk {
  membership_id: string;
  /** Omitted: the freeze that holds, else the next one. */
  freeze_id?: string | undefined;
  /** First local day that is not frozen any more; omitted: today, and of a freeze that has not begun nothing is left. */
  on?: LocalDate | undefined;
}

/** Rule 23. Ends a freeze early, counting only the days really frozen, or cancels one that has not begun. */
export function decideUnfreeze(facts: Facts, ask: UnfreezeAsk, context: Context): Decision {
  const { now } = context;
  const { catalog } = facts;
  const zone = catalog.policy.timezone;
  const opened = openMembership(facts, ask.membership_id, context);
  if (!("books" in opened)) return opened;
  const { books, membership } = opened;
  const freeze = freezeToEnd(membership, ask.freeze_id);
  if (!freeze) return refuse(books, { reason_code: "NOT_FROZEN" });
  const today = localDate(now, zone);
  const on = ask.on ?? (freeze.from_on < today ? today : freeze.from_on);
  if (on < today) return { invalid: { field: "on", message: "must not be in the past" } };
  if (on > freeze.to_on) return { invalid: { field: "on", message: "must not be after the freeze ends" } };

  const ended = endedOn(freeze, on, now, zone);
  const freezes = membership.freezes.map((other) => (other.id === freeze.id ? ended : other));
  putFreezes(books, membership, freezes, zone);
  settleDue(books, catalog, context);
  auditMembership(books, "unfreeze_membership", membership, now, { from_on: ended.from_on, to_on: ended.to_on });
  return {
    outcome: {
      reason_code: "membership_unfrozen",
      freeze: tellFreeze(ended),
      membership: tellMembership(currentOf(books, membership), now),
    },
    changes: books.changes(),
    member: books.member(),
  };
}

/** Memberships that end at once end their freezes first: what is left lives as if they had never been planned longer. */
export function endedFreezes({ freezes }: Membership, now: Instant, zone: string): Freeze[] {
  const today = localDate(now, zone);
  return freezes.map((freeze) => (isLive(freeze) ? endedOn(freeze, today, now, zone) : freeze));
}

function endedOn(freeze: Freeze, on: LocalDate, now: Instant, zone: string): Freeze {
  const to_on = on < freeze.from_on ? freeze.from_on : on;
  return freezeOver({ ...freeze, to_on, is_open: false }, freeze.requested_at, now, zone);
}

function freezeToEnd({ freezes }: Membership, freeze_id: string | undefined): Freeze | undefined {
  const live = freezes.filter(isLive);
  return freeze_id === undefined ? live[0] : live.find(({ id }) => id === freeze_id);
}

function isLive({ status }: Freeze): boolean {
  return status === "active" || status === "planned";
}
