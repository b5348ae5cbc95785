import type { Appointment } from "../bookings/appointment.ts";
import { chargedBefore, paidByApi, standingCharge, stillMissing } from "../bookings/standing-charge.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Outcome } from "../outcome.ts";
import type { Instant } from "../time/local-days.ts";
import { balanceOf, unlimitedMark, type Ask, type Take } from "./choose-lots.ts";
import { MemberBooks } from "./member-books.ts";
import { planCharge, postTakes } from "./plan-charge.ts";
import { settleDue } from "./settle-due.ts";

export interface ChargeAsk extends Ask {
  external_ref?: string | undefined;
}

/** Is the credit there? Rules 7 to 12, nothing written. Works while billing is suspended. */
export function decideCheck(facts: Facts, ask: Ask, context: Context): Decision {
  const books = facts.member && new MemberBooks(facts.member);
  // What is due is reckoned with, not written (clarification 16); while suspended it waits (clarification 22).
  if (books && facts.is_billing_live) settleDue(books, facts.catalog, context);
  const plan = planCharge({ ...facts, member: books?.member() ?? null }, ask, context);
  if ("needs" in plan) return plan;
  if (plan.takes === null) return { outcome: plan.refusal, changes: null, member: null, explanation: plan.explanation };
  const outcome: Outcome = {
    reason_code: "eligible",
    balance_after: balanceOf(plan.usable.candidates) - finiteCost(plan.takes),
    ...unlimitedMark(plan.usable.candidates),
  };
  return { outcome, changes: null, member: null, explanation: plan.explanation };
}

/** Takes the credits, all or nothing; available → used at once (clarification 1). */
export function decideDeduct(facts: Facts, ask: ChargeAsk, context: Context): Decision {
  const { now } = context;
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  const books = facts.member && new MemberBooks(facts.member);
  if (books) settleDue(books, facts.catalog, context);
  const held = books && ask.external_ref !== undefined ? standingCharge(books, ask.external_ref) : null;
  const missing = held && books ? stillMissing(books, held, ask, facts.catalog) : null;
  if (books && held && missing === 0) return chargedBefore(books, held, ask, facts.catalog, now);
  const asked = missing === null ? ask : { ...ask, amount: missing };
  const plan = planCharge({ ...facts, member: books?.member() ?? null }, asked, context);
  if ("needs" in plan) return plan;
  if (plan.takes === null || !books) {
    const outcome = plan.takes === null ? plan.refusal : ({ reason_code: "NO_ENTITLEMENT" } as const);
    return {
      outcome,
      changes: books?.changes() ?? null,
      member: books?.member() ?? null,
      explanation: plan.explanation,
    };
  }
  // What is added to a charge that stands is no booking of its own.
  const service_at = held ? null : (ask.appointment_time ?? now);
  const posting = { type: "deduct", reason: "deducted", service_at, external_ref: ask.external_ref, at: now } as const;
  postTakes(books, plan.takes, posting, facts.catalog.policy.timezone, context);
  const outcome: Outcome = {
    reason_code: "deducted",
    balance_after: balanceOf(plan.usable.candidates) - finiteCost(plan.takes),
    entitlement_id: plan.takes[0]?.lot.id ?? null,
    movements: plan.takes.map(({ lot, amount }) => ({ entitlement_id: lot.id, amount })),
    ...unlimitedMark(plan.usable.candidates),
  };
  if (ask.external_ref !== undefined) {
    books.putAppointment(bookedByApi(books, ask, ask.external_ref, now));
  }
  return { outcome, changes: books.changes(), member: books.member(), explanation: plan.explanation };
}

/** Clarification 14. What the caller did not say this time stays as it was known. */
function bookedByApi(books: MemberBooks, ask: ChargeAsk, external_id: string, now: Instant): Appointment {
  const known = books.appointments.find((other) => other.external_id === external_id);
  if (known?.source === "ghl") return paidByApi(known);
  return {
    external_id,
    calendar_id: ask.calendar_id ?? known?.calendar_id ?? null,
    status: "confirmed",
    starts_at: ask.appointment_time ?? known?.starts_at ?? null,
    ends_at: known?.ends_at ?? null,
    booked_at: now,
    source: known?.source ?? "api",
    updated_at: known?.updated_at ?? null,
    generation: known?.generation ?? 1,
    cancelled_at: null,
    cancelled_by: null,
    unfunded: null,
    flags: known?.flags ?? [],
    settles_at: known?.settles_at ?? null,
    followed: known?.followed ?? null,
  };
}

function finiteCost(takes: readonly Take[]): number {
  return takes.reduce((sum, { lot, amount }) => sum + (lot.unlimited ? 0 : amount), 0);
}
