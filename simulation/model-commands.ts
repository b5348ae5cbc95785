import { dateOf, endOfDay, midnight, plusDays } from "./model-days.ts";
import {
  balance,
  boundaryOf,
  covers,
  endGrace,
  expire,
  isExpired,
  lotOf,
  usableLots,
  type Ask,
  type Booking,
  type Member,
  type Membership,
  type Model,
  type ModelLot,
} from "./model.ts";
import { LOCATION, productOf, type Product } from "./products.ts";

const HOUR = 3_600_000;

/** Fields that an answer must have; undefined: that it must not have. */
export type Expected = { reason_code: string } & Record<string, unknown>;

/** The server's answer: the model looks up the ids of new lots in it, and nothing else. */
export type Given = Record<string, unknown> & { entitlement_id?: string; movements?: { entitlement_id: string }[] };

export interface Grant {
  product: string;
  payment: string;
  paid_at: number;
}

export function grant(model: Model, name: string, { product: key, payment, paid_at }: Grant, given: Given): Expected {
  const known = model.payments[payment];
  if (known) {
    const lots = usableLots(model, memberOf(model, known.member), { product: known.product }, false);
    const ids = { credits_granted: 0, entitlement_id: known.lot };
    return { reason_code: "duplicate_payment_event", ...ids, ...balance(lots) };
  }
  if (model.is_suspended) return { reason_code: "BILLING_SUSPENDED" };
  if (model.inactive.includes(key)) return { reason_code: "CONFIG_NOT_FOUND" };
  const member = memberOf(model, name);
  model.members[name] = member;
  expire(member, model.now, model.zone);
  const product = productOf(key);
  const id = given.entitlement_id ?? "nothing was granted";
  const lot =
    product.type === "package" ? packLot(model, product, paid_at, id) : periodLot(model, member, product, paid_at, id);
  member.lots.push(lot);
  model.payments[payment] = { member: name, product: key, lot: id };
  expire(member, model.now, model.zone);
  const lots = usableLots(model, member, { product: key }, false);
  return { reason_code: "grant_applied", entitlement_id: id, credits_granted: lot.granted, ...balance(lots) };
}

function memberOf(model: Model, name: string): Member {
  return model.members[name] ?? { lots: [], bookings: [], memberships: {}, starts: {} };
}

function newLot(model: Model, product: Product, id: string, credits: number, effective_at: number): ModelLot {
  return {
    id,
    product: product.key,
    origin: "purchase",
    granted: credits,
    available: credits,
    expired: 0,
    unlimited: false,
    effective_at,
    expires_at: null,
    waiting: null,
    period: null,
    created_at: model.now,
  };
}

function packLot(model: Model, product: Product, paid_at: number, id: string): ModelLot {
  const lot = newLot(model, product, id, product.credits_total ?? 0, paid_at);
  const { expiry_days: days, activate_within_days = 180 } = product;
  if (days === undefined) return lot;
  if (product.activation !== "on_first_use") return { ...lot, expires_at: endOfDay(paid_at, days, model.zone) };
  const unused_until = endOfDay(paid_at, activate_within_days + days, model.zone);
  return { ...lot, expires_at: unused_until, waiting: { days, unused_until, started_by: null } };
}

function periodLot(model: Model, member: Member, product: Product, paid_at: number, id: string): ModelLot {
  const { zone } = model;
  const paid_on = dateOf(paid_at, zone);
  const anchor_on = product.anchor === "calendar_month" ? `${paid_on.slice(0, 8)}01` : paid_on;
  const known = member.memberships[product.key];
  const membership = known ?? newMembership(paid_at, anchor_on);
  member.memberships[product.key] = membership;
  const boundary = (k: number) => boundaryOf(membership, k, zone);
  // A new membership's first period is granted even where it is over; else the first unpaid one that is not.
  let k = 0;
  while (membership.paid.length > 0 && (membership.paid.includes(k) || boundary(k + 1) <= paid_at)) k += 1;
  membership.paid.push(k);
  const period = { start_at: k === 0 ? membership.started_at : boundary(k), end_at: boundary(k + 1) };
  const is_early = known !== undefined && !isUnpaid(known) && period.start_at > model.now;
  if (!is_early) endGrace(member, membership, Math.min(paid_at, model.now), period.end_at);
  const unlimited = product.monthly_credits === "unlimited";
  const lot = newLot(model, product, id, unlimited ? 0 : Number(product.monthly_credits), period.start_at);
  const days = product.expiry_days ?? 0;
  const expires_at = days === 0 ? period.end_at : midnight(plusDays(dateOf(period.end_at, zone), days), zone);
  return { ...lot, unlimited, origin: "period", period, expires_at };
}

function newMembership(started_at: number, anchor_on: string): Membership {
  return {
    started_at,
    anchor_on,
    paid: [],
    open_until: started_at,
    grace_until: null,
    own_ends: {},
    is_suspended: false,
  };
}

function isUnpaid({ grace_until, is_suspended }: Membership): boolean {
  return is_suspended || grace_until !== null;
}

/** Takes one credit after the other from the first lot that has one; null: it does not come to the whole cost. */
function takeCredits(lots: ModelLot[], cost: number): Map<ModelLot, number> | null {
  const taken = new Map<ModelLot, number>();
  for (let credit = 0; credit < cost; credit += 1) {
    const lot = lots.find((one) => one.unlimited || one.available > (taken.get(one) ?? 0));
    if (!lot) return null;
    taken.set(lot, (taken.get(lot) ?? 0) + 1);
  }
  return taken;
}

/** A booking whose amount is not said costs what its product says, and is not split over products of different cost. */
function plan(lots: ModelLot[], ask: Ask): Map<ModelLot, number> | null {
  if (ask.amount !== undefined) return takeCredits(lots, ask.amount);
  const costOf = (lot: ModelLot) => productOf(lot.product).cost_by_calendar?.[ask.calendar ?? ""] ?? 1;
  for (const first of lots) {
    const taken = takeCredits(
      lots.filter((lot) => costOf(lot) === costOf(first)),
      costOf(first),
    );
    if (taken) return taken;
  }
  return null;
}

export function check(model: Model, name: string, ask: Ask): Expected {
  const member = structuredClone(memberOf(model, name));
  expire(member, model.now, model.zone);
  const answer = charge(model, member, ask);
  if (answer.reason_code !== "deducted") return answer;
  const { balance_after, unlimited } = answer;
  return { reason_code: "eligible", balance_after, unlimited };
}

export function deduct(model: Model, name: string, ask: Ask): Expected {
  if (model.is_suspended) return { reason_code: "BILLING_SUSPENDED" };
  const member = memberOf(model, name);
  expire(member, model.now, model.zone);
  return charge(model, member, ask);
}

function charge(model: Model, member: Member, ask: Ask): Expected {
  const lots = usableLots(model, member, ask);
  const taken = plan(lots, ask);
  if (!taken && lots.length === 0) return { reason_code: "NO_ENTITLEMENT" };
  if (!taken) return { reason_code: "INSUFFICIENT_CREDITS", balance: balance(lots).balance_after };
  const service_at = ask.at ?? model.now;
  const booking: Booking = { ref: ask.ref ?? null, service_on: dateOf(service_at, model.zone), parts: [] };
  const number = member.bookings.push(booking) - 1;
  for (const [lot, amount] of taken) {
    if (!lot.unlimited) lot.available -= amount;
    booking.parts.push({ lot: lot.id, amount, restored: 0 });
    if (lot.waiting?.started_by === null) {
      lot.waiting.started_by = number;
      lot.expires_at = Math.min(endOfDay(service_at, lot.waiting.days, model.zone), lot.waiting.unused_until);
    }
  }
  if (ask.ref !== undefined && ask.at !== undefined) member.starts[ask.ref] = ask.at;
  const movements = booking.parts.map(({ lot, amount }) => ({ entitlement_id: lot, amount }));
  return { reason_code: "deducted", ...balance(lots), entitlement_id: movements[0]?.entitlement_id, movements };
}

type Part = { booking: number; part: Booking["parts"][number] };

export function restore(model: Model, name: string, ask: Ask, given: Given): Expected {
  if (model.is_suspended) return { reason_code: "BILLING_SUSPENDED" };
  const member = memberOf(model, name);
  expire(member, model.now, model.zone);
  if (!member.lots.some((lot) => covers(lot, ask))) return { reason_code: "NO_ENTITLEMENT" };
  const parts = partsToRestore(member, ask);
  const picked = pick(parts, ask.amount ?? 1);
  const deadline = deadlineOf(member, ask, picked ?? parts);
  if (deadline !== null && model.now > deadline) return { reason_code: "CANCELLATION_WINDOW_EXPIRED" };
  if (!picked) return { reason_code: "NOTHING_TO_RESTORE" };
  const movements: { entitlement_id: string; amount: number }[] = [];
  for (const { booking, part, amount } of picked) {
    part.restored += amount;
    const id = given.movements?.[movements.length]?.entitlement_id ?? "nothing was restored";
    movements.push({ entitlement_id: putBack(model, member, { booking, lot_id: part.lot, amount }, id), amount });
  }
  const products = picked.map(({ part }) => lotOf(member, part.lot).product);
  const is_named = ask.product !== undefined || ask.calendar !== undefined;
  const lots = usableLots(model, member, ask).filter((lot) => is_named || products.includes(lot.product));
  return { reason_code: "restored", ...balance(lots), entitlement_id: movements[0]?.entitlement_id, movements };
}

/** What matching deductions took, the latest first. */
function partsToRestore(member: Member, ask: Ask): Part[] {
  return member.bookings
    .flatMap((booking, number) => booking.parts.map((part) => ({ booking: number, ref: booking.ref, part })))
    .filter(({ ref, part }) => ref === (ask.ref ?? null) && covers(lotOf(member, part.lot), ask))
    .reverse();
}

function pick(parts: Part[], amount: number): (Part & { amount: number })[] | null {
  const picked: (Part & { amount: number })[] = [];
  let missing = amount;
  for (const { booking, part } of parts) {
    const share = Math.min(missing, part.amount - part.restored);
    if (share > 0) picked.push({ booking, part, amount: share });
    missing -= share;
  }
  return missing === 0 ? picked : null;
}

/** The last instant at which it is in time; null: nobody said when the booking begins. */
function deadlineOf(member: Member, ask: Ask, parts: Part[]): number | null {
  const starts_at = ask.at ?? member.starts[ask.ref ?? ""];
  if (starts_at === undefined) return null;
  const drawn_on = parts.flatMap(({ booking }) => member.bookings[booking]?.parts ?? []);
  const hours = drawn_on.map(({ lot }) => productOf(lotOf(member, lot).product).cancellation_window_hours);
  const windows = hours.map((own) => own ?? LOCATION.cancellation_window_hours);
  return starts_at - (windows.length > 0 ? Math.min(...windows) : LOCATION.cancellation_window_hours) * HOUR;
}

/** Back into its lot, or into a make-good lot where that has expired; answers where the credits are told to be. */
function putBack(
  model: Model,
  member: Member,
  { booking, lot_id, amount }: { booking: number; lot_id: string; amount: number },
  new_id: string,
): string {
  const lot = lotOf(member, lot_id);
  if (lot.unlimited) return lot.id;
  if (!isExpired(lot, model.now)) {
    lot.available += amount;
    undoStart(model, lot, booking);
    return lot.id;
  }
  const days = productOf(lot.product).make_good_days ?? LOCATION.make_good_days;
  if (days === 0 || lot.origin === "make_good") {
    lot.expired += amount;
    return lot.id;
  }
  const made_good = newLot(model, productOf(lot.product), new_id, amount, model.now);
  member.lots.push({ ...made_good, origin: "make_good", expires_at: endOfDay(model.now, days, model.zone) });
  return new_id;
}

/** The clock of an `on_first_use` lot stops again when the booking that started it is given back before another use. */
function undoStart(model: Model, lot: ModelLot, booking: number): void {
  const { waiting } = lot;
  if (waiting?.started_by !== booking || lot.available !== lot.granted || waiting.unused_until <= model.now) return;
  waiting.started_by = null;
  lot.expires_at = waiting.unused_until;
}
