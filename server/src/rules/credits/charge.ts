import type { Appointment } from "../bookings/appointment.ts";
import { chargedBefore, paidByApi, standingCharge, stillMissing } from "../bookings/standing-charge.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Explanation, Outcome } from "../outcome.ts";
import { MAX_EXPLAINED_LOTS } from "../outcome.ts";
import { foremostDetail, type Detail } from "../reasons.ts";
import { localDate, type Instant } from "../time/local-days.ts";
import { balanceOf, sortUsable, takeInOrder, unlimitedMark, type Ask, type Take, type Usable } from "./choose-lots.ts";
import { activate } from "./expiry.ts";
import { isExpired, type Lot } from "./lot.ts";
import { MemberBooks } from "./member-books.ts";
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

/** What a charge is for. */
export interface ChargePosting {
  /** `hold`: available → held; `deduct`: → used at once. What an unlimited lot covers is `usage` either way. */
  type: "hold" | "deduct";
  reason: string;
  /** When the service takes place; null: it is no booking of its own, and no limit counts it. */
  service_at: Instant | null;
  external_ref: string | undefined;
  at: Instant;
}

/** Posts one entry for each lot that is drawn on. Rule 9. */
export function postTakes(
  books: MemberBooks,
  takes: readonly Take[],
  posting: ChargePosting,
  zone: string,
  { correlation_id }: Context,
): void {
  const { reason, service_at, external_ref, at } = posting;
  const service_on = service_at === null ? null : localDate(service_at, zone);
  const configs = new Set<string>();
  for (const { lot, amount } of takes) {
    const type = lot.unlimited ? "usage" : posting.type;
    const on = service_on === null ? {} : { service_on };
    const entry = books.post({ type, lot_id: lot.id, amount, reason, ...on, external_ref, occurred_at: at });
    if (service_at !== null) startClock(books, lot.id, service_at, correlation_id, zone);
    configs.add(lot.product_config_id);
    books.charges.push({
      entry_number: entry.entry_number,
      type,
      settlement: type === "hold" ? "held" : "used",
      reason,
      entitlement_id: lot.id,
      amount,
      restored: 0,
      unlimited: lot.unlimited,
      correlation_id,
      external_ref: external_ref ?? null,
      service_on,
    });
  }
  if (service_on === null) return;
  for (const config_id of configs) books.countUsage(config_id, service_on, 1);
}

function startClock(books: MemberBooks, lot_id: string, service_at: Instant, correlation_id: string, zone: string) {
  const lot = books.lot(lot_id);
  const activated = activate(lot, service_at, correlation_id, zone);
  if (activated !== lot) books.put(activated);
}

export type Plan =
  | { takes: Take[]; usable: Usable; explanation: Explanation }
  | { takes: null; refusal: Outcome; explanation: Explanation };

/** What a charge would draw on, or why it cannot. Rules 7 to 12. */
export function planCharge(
  facts: Pick<Facts, "member" | "catalog">,
  ask: Ask,
  { now }: Context,
): Plan | { needs: "closed_lots" } {
  const { member, catalog } = facts;
  if (!member)
    return { takes: null, refusal: noEntitlement("UNKNOWN_CONTACT"), explanation: { chosen: [], rejected: [] } };
  const usable = sortUsable(member.lots, member.usage, ask, catalog, now);
  const takes = takeInOrder(usable.candidates, ask);
  const explanation = explain(usable, takes ?? []);
  if (takes) return { takes, usable, explanation };
  if (usable.candidates.length > 0) {
    const balance = balanceOf(usable.candidates);
    const refusal: Outcome = { reason_code: "INSUFFICIENT_CREDITS", balance, detail: detailOfShortage(usable, now) };
    return { takes: null, refusal, explanation };
  }
  // Only this refusal depends on what is long gone.
  if (!member.has_closed_lots) return { needs: "closed_lots" };
  return { takes: null, refusal: noEntitlement(detailOf(usable, now)), explanation };
}

function noEntitlement(detail: Detail | null): Outcome {
  return { reason_code: "NO_ENTITLEMENT", detail };
}

/** Clarification 13. A lot for other products or calendars counts only while credits are in it. */
function detailOf({ rejected }: Usable, now: Instant): Detail | null {
  const telling = rejected.filter(({ lot, reason }) => reason !== "SERVICE_FAMILY_MISMATCH" || holdsCredits(lot, now));
  return foremostDetail(new Set(telling.map(({ reason }) => reason)));
}

/** A shortage is explained by credits that are there and may not be spent; what is gone tells nothing, swept or not. */
function detailOfShortage({ rejected }: Usable, now: Instant): Detail | null {
  const telling = rejected.filter(({ lot }) => holdsCredits(lot, now));
  return foremostDetail(new Set(telling.map(({ reason }) => reason)));
}

function holdsCredits(lot: Lot, now: Instant): boolean {
  return lot.state !== "revoked" && !isExpired(lot, now) && (lot.unlimited || lot.available > 0);
}

/** Rule 13. */
function explain({ candidates, rejected }: Usable, takes: readonly Take[]): Explanation {
  const taken = new Set(takes.map(({ lot }) => lot.id));
  const unused = candidates.filter(({ lot }) => !taken.has(lot.id));
  const reason = takes.length > 0 ? "NOT_NEEDED" : "INSUFFICIENT_CREDITS";
  return {
    chosen: takes.slice(0, MAX_EXPLAINED_LOTS).map(({ lot, amount }) => ({
      entitlement_id: lot.id,
      product_config_id: lot.product_config_id,
      amount,
    })),
    rejected: [...rejected, ...unused.map(({ lot }) => ({ lot, reason }))]
      .slice(0, MAX_EXPLAINED_LOTS)
      .map(({ lot, reason: why }) => ({
        entitlement_id: lot.id,
        product_config_id: lot.product_config_id,
        reason: why,
      })),
  };
}

function finiteCost(takes: readonly Take[]): number {
  return takes.reduce((sum, { lot, amount }) => sum + (lot.unlimited ? 0 : amount), 0);
}
