import type { Catalog } from "../catalog/product-config.ts";
import { sortUsable, type Take } from "../credits/choose-lots.ts";
import { giveBack } from "../credits/give-back.ts";
import type { MemberBooks } from "../credits/member-books.ts";
import { postTakes } from "../credits/plan-charge.ts";
import type { Context } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";
import { NO_SHOW_PENALTY, openPenalties, type BookingCharge } from "./posted-charges.ts";

/**
 * Rule 27. A no-show costs the penalty of the product that it was drawn on, from what the member has and never below zero.
 * Answers whether a part of it could not be taken.
 */
export function takePenalty(
  books: MemberBooks,
  { external_id, calendar_id }: { external_id: string; calendar_id: string | null },
  group: BookingCharge,
  at: Instant,
  catalog: Catalog,
  context: Context,
): boolean {
  const [first] = group.charges;
  const config = first && catalog.configs.get(books.lot(first.entitlement_id).product_config_id);
  if (!config) return false;
  const penalty = config.no_show_penalty ?? catalog.policy.no_show_penalty;
  const taken = openPenalties(books, external_id).reduce((sum, { amount, restored }) => sum + amount - restored, 0);
  if (taken > penalty) returnPenalty(books, external_id, at, catalog, context);
  const takes: Take[] = [];
  let missing = penalty - (taken > penalty ? 0 : taken);
  // A penalty is no booking, so no limit stands in its way.
  const ask = calendar_id === null ? { product_config_id: config.id } : { calendar_id };
  for (const { lot } of sortUsable([...books.lots.values()], [], ask, catalog, context.now).candidates) {
    const amount = Math.min(missing, lot.available);
    if (amount <= 0) continue;
    takes.push({ lot, amount });
    missing -= amount;
  }
  const posting = {
    type: "deduct",
    reason: NO_SHOW_PENALTY,
    service_at: null,
    external_ref: external_id,
    at: Math.min(context.now, at),
  } as const;
  postTakes(books, takes, posting, catalog.policy.timezone, context);
  return missing > 0;
}

/** The no-show was corrected: its penalty goes back to where it came from. */
export function returnPenalty(
  books: MemberBooks,
  external_id: string,
  at: Instant,
  catalog: Catalog,
  context: Context,
): void {
  const cause = { reason: NO_SHOW_PENALTY, at: Math.min(context.now, at) };
  for (const charge of openPenalties(books, external_id).toReversed()) {
    giveBack(books, { charge, amount: charge.amount - charge.restored }, external_id, catalog, context, cause);
  }
}
