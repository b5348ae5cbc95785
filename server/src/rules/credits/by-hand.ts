import type { Context, Decision, Facts } from "../decision.ts";
import { isSuccess } from "../outcome.ts";
import { decideGrant, type GrantAsk } from "./grant.ts";
import { newMember, type Member } from "./member.ts";
import { decideRestore, type RestoreAsk } from "./restore.ts";

/** Why staff did by hand what a payment or an automation does otherwise. */
export interface SaidWhy {
  reason: string;
}

/** What staff sold at the desk is a payment like any other, and grants once; its reason stands in the audit trail. */
export function decideGrantByHand(facts: Facts, ask: GrantAsk & SaidWhy, context: Context): Decision {
  // A dry run may be about somebody unheard of: the real one makes the contact first.
  const member = facts.member ?? newMember(context.newId(), "");
  return withReason(decideGrant({ ...facts, member }, ask, context), "grant_by_hand", member, ask);
}

/** What staff give back goes where an automation's would, under the same window; its reason stands in the audit trail. */
export function decideRestoreByHand(facts: Facts, ask: RestoreAsk & SaidWhy, context: Context): Decision {
  return withReason(decideRestore(facts, ask, context), "restore_by_hand", facts.member, ask);
}

function withReason(decision: Decision, action: string, member: Member | null, { reason }: SaidWhy): Decision {
  if (!("outcome" in decision) || !decision.changes || !member || !isSuccess(decision.outcome.reason_code)) {
    return decision;
  }
  const { outcome, changes } = decision;
  const { entitlement_id = null } = outcome as { entitlement_id?: string | null };
  const audit = { action, subject: `contact ${member.contact.id}`, before: {}, after: { reason, entitlement_id } };
  return { ...decision, changes: { ...changes, audits: [...changes.audits, audit] } };
}
