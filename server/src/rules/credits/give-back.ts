import type { Catalog } from "../catalog/product-config.ts";
import type { Context } from "../decision.ts";
import { endOfDayAfter, type Instant } from "../time/local-days.ts";
import type { Charge, EntryType, Settlement } from "./entry.ts";
import { undoActivation } from "./expiry.ts";
import { isExpired, type Lot } from "./lot.ts";
import type { MemberBooks } from "./member-books.ts";

/** A charge and how much of it is given back. */
export interface ChargePart {
  charge: Charge;
  amount: number;
}

export interface RestoreMovement {
  entitlement_id: string;
  amount: number;
}

/** Why and since when it is given back; omitted: a restore that was asked for now. */
export interface ReturnCause {
  reason: string;
  /** When it was true, by the provider's time: whether the lot had expired is judged by it. */
  at: Instant;
  /** Days that a make-good lot lives, where the product and the location do not decide it. */
  make_good_days?: number;
}

/**
 * Rule 31. Gives part of a charge back to the lot it came from: restored, or released where it was held. A lot that expired
 * meanwhile passes it on to a make-good lot, a void one to `refunded`; both show as entries of their own. Answers with where
 * the credits are now.
 */
export function giveBack(
  books: MemberBooks,
  { charge, amount }: ChargePart,
  external_ref: string | undefined,
  catalog: Catalog,
  context: Context,
  cause: ReturnCause = { reason: "restored", at: context.now },
): RestoreMovement[] {
  const lot = books.lot(charge.entitlement_id);
  const returned = postReturn(books, { charge, amount }, external_ref, cause);
  if (charge.service_on !== null) uncountUsage(books, charge, lot.product_config_id);
  const movements = passOn(books, lot, { charge, amount }, external_ref, catalog, context, cause);
  // What of a settled hold is not given back is settled as it was.
  if (returned.restored < returned.amount) settleHold(books, returned, charge.settlement, cause.reason, cause.at);
  return movements;
}

/** Where the credits go that are back in their lot. */
function passOn(
  books: MemberBooks,
  lot: Lot,
  { charge, amount }: ChargePart,
  external_ref: string | undefined,
  catalog: Catalog,
  context: Context,
  cause: ReturnCause,
): RestoreMovement[] {
  const { at } = cause;
  if (charge.unlimited) return [{ entitlement_id: lot.id, amount }];
  if (lot.state === "revoked") {
    books.post({ type: "refund", lot_id: lot.id, amount, reason: "lot_void", external_ref, occurred_at: at });
    return [];
  }
  if (isExpired(lot, at)) return makeGood(books, lot, amount, external_ref, catalog, context, cause);
  const undone = undoActivation(books.lot(lot.id), charge.correlation_id, context.now);
  if (undone !== books.lot(lot.id)) books.put(undone);
  // Given back before it expired, told after: it is swept once more.
  if (!lot.live) books.put({ ...books.lot(lot.id), live: true });
  return [{ entitlement_id: lot.id, amount }];
}

const RETURNS = { deduct: "restore", usage: "usage_restore", hold: "release" } as const;

/** A hold that was settled is held again first. Answers with the charge as it stands then. */
function postReturn(
  books: MemberBooks,
  { charge, amount }: ChargePart,
  external_ref: string | undefined,
  { reason, at }: ReturnCause,
): Charge {
  settleHold(books, charge, "held", reason, at);
  books.post({
    type: RETURNS[charge.type],
    lot_id: charge.entitlement_id,
    amount,
    reason,
    reverses: charge.entry_number,
    ...(charge.service_on === null ? {} : { service_on: charge.service_on }),
    external_ref,
    occurred_at: at,
  });
  const settlement = charge.type === "hold" ? "held" : charge.settlement;
  const returned = { ...charge, settlement, restored: charge.restored + amount };
  books.putCharge(returned);
  return returned;
}

/** Moves what is left of a hold to where its booking's status says, over `held` where it was settled otherwise. Rule 27. */
export function settleHold(
  books: MemberBooks,
  charge: Charge,
  settlement: Settlement,
  reason: string,
  occurred_at: Instant,
  is_due = false,
): void {
  const amount = charge.amount - charge.restored;
  if (charge.type !== "hold" || charge.settlement === settlement || amount === 0) return;
  const { entitlement_id: lot_id, entry_number: reverses, external_ref, service_on } = charge;
  const post = (type: EntryType) =>
    books.post({
      type,
      lot_id,
      amount,
      reason,
      reverses,
      ...(service_on === null ? {} : { service_on }),
      external_ref: external_ref ?? undefined,
      occurred_at,
      is_due,
    });
  if (charge.settlement !== "held") post(`unsettle_${charge.settlement}`);
  if (settlement !== "held") post(`settle_${settlement}`);
  books.putCharge({ ...charge, settlement });
}

/** A make-good lot is not made good again, and `make_good_days: 0` turns it off: then restored and expired, both visible. */
function makeGood(
  books: MemberBooks,
  lot: Lot,
  amount: number,
  external_ref: string | undefined,
  catalog: Catalog,
  { now, newId }: Context,
  { at, make_good_days }: ReturnCause,
): RestoreMovement[] {
  const config = catalog.configs.get(lot.product_config_id);
  const usual_days = config?.make_good_days ?? catalog.policy.make_good_days;
  const days = usual_days === 0 ? 0 : (make_good_days ?? usual_days);
  if (days === 0 || lot.origin === "make_good") {
    books.post({ type: "expire", lot_id: lot.id, amount, reason: "expired", external_ref, occurred_at: at });
    return [{ entitlement_id: lot.id, amount }];
  }
  const id = newId();
  books.open({
    ...lot,
    id,
    origin: "make_good",
    state: "open",
    granted: amount,
    available: 0,
    held: 0,
    effective_at: at,
    expires_at: endOfDayAfter(at, days, catalog.policy.timezone),
    activation: null,
    parent_id: lot.id,
    membership_id: null,
    period_start_at: null,
    period_end_at: null,
    payment_event_id: null,
    payment_item: null,
    freezes: null,
    created_at: now,
    live: true,
  });
  books.post({
    type: "make_good",
    lot_id: lot.id,
    to_lot_id: id,
    amount,
    reason: "made_good",
    external_ref,
    occurred_at: at,
  });
  return [{ entitlement_id: id, amount }];
}

/** A booking that is given back whole no longer counts towards the limits of its product; one command may have charged several. */
function uncountUsage(books: MemberBooks, given: Charge, product_config_id: string): void {
  const parts = books.charges.filter(
    (charge) =>
      charge.correlation_id === given.correlation_id &&
      charge.external_ref === given.external_ref &&
      // A penalty, or what a booking cost more, is no booking of its own.
      charge.service_on !== null &&
      books.lot(charge.entitlement_id).product_config_id === product_config_id,
  );
  const service_on = parts[0]?.service_on;
  const is_whole = parts.every((charge) => charge.restored === charge.amount);
  if (is_whole && service_on) books.countUsage(product_config_id, service_on, -1);
}
