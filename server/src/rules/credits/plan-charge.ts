import type { Context, Facts } from "../decision.ts";
import type { Explanation, Outcome } from "../outcome.ts";
import { MAX_EXPLAINED_LOTS } from "../outcome.ts";
import { foremostDetail, type Detail } from "../reasons.ts";
import { localDate, type Instant } from "../time/local-days.ts";
import { balanceOf, sortUsable, takeInOrder, type Ask, type Take, type Usable } from "./choose-lots.ts";
import { activate } from "./expiry.ts";
import { isExpired, type Lot } from "./lot.ts";
import type { MemberBooks } from "./member-books.ts";

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
