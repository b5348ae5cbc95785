import type { Catalog } from "../catalog/product-config.ts";
import type { Context } from "../decision.ts";
import { endOfDayAfter } from "../time/local-days.ts";
import { undoActivation } from "./expiry.ts";
import { isExpired, type Lot } from "./lot.ts";
import type { MemberBooks } from "./member-books.ts";
import type { ChargePart } from "./restore.ts";

export interface RestoreMovement {
  entitlement_id: string;
  amount: number;
}

/**
 * Rule 31. Gives part of a charge back to the lot it came from. A lot that expired meanwhile passes it on to a make-good lot,
 * a void one to `refunded`; both show as entries of their own. Answers with where the credits are now.
 */
export function giveBack(
  books: MemberBooks,
  { charge, amount }: ChargePart,
  external_ref: string | undefined,
  catalog: Catalog,
  context: Context,
): RestoreMovement[] {
  const { now } = context;
  const lot = books.lot(charge.entitlement_id);
  books.post({
    type: charge.unlimited ? "usage_restore" : "restore",
    lot_id: lot.id,
    amount,
    reason: "restored",
    reverses: charge.entry_number,
    ...(charge.service_on === null ? {} : { service_on: charge.service_on }),
    external_ref,
    occurred_at: now,
  });
  const restored = { ...charge, restored: charge.restored + amount };
  books.charges = books.charges.map((other) => (other === charge ? restored : other));
  uncountUsage(books, charge.correlation_id, lot.product_config_id);
  if (charge.unlimited) return [{ entitlement_id: lot.id, amount }];
  if (lot.state === "revoked") {
    books.post({ type: "refund", lot_id: lot.id, amount, reason: "lot_void", external_ref, occurred_at: now });
    return [];
  }
  if (isExpired(lot, now)) return makeGood(books, lot, amount, external_ref, catalog, context);
  const undone = undoActivation(books.lot(lot.id), charge.correlation_id, now);
  if (undone !== books.lot(lot.id)) books.put(undone);
  return [{ entitlement_id: lot.id, amount }];
}

/** A make-good lot is not made good again, and `make_good_days: 0` turns it off: then restored and expired, both visible. */
function makeGood(
  books: MemberBooks,
  lot: Lot,
  amount: number,
  external_ref: string | undefined,
  catalog: Catalog,
  { now, newId }: Context,
): RestoreMovement[] {
  const config = catalog.configs.get(lot.product_config_id);
  const days = config?.make_good_days ?? catalog.policy.make_good_days;
  if (days === 0 || lot.origin === "make_good") {
    books.post({ type: "expire", lot_id: lot.id, amount, reason: "expired", external_ref, occurred_at: now });
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
    effective_at: now,
    expires_at: endOfDayAfter(now, days, catalog.policy.timezone),
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
    occurred_at: now,
  });
  return [{ entitlement_id: id, amount }];
}

/** A booking that is given back whole no longer counts towards the limits of its product. */
function uncountUsage(books: MemberBooks, correlation_id: string, product_config_id: string): void {
  const parts = books.charges.filter(
    (charge) =>
      charge.correlation_id === correlation_id &&
      books.lot(charge.entitlement_id).product_config_id === product_config_id,
  );
  const service_on = parts[0]?.service_on;
  const is_whole = parts.every((charge) => charge.restored === charge.amount);
  if (is_whole && service_on) books.countUsage(product_config_id, service_on, -1);
}
