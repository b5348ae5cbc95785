import type { Catalog, ProductConfig } from "../catalog/product-config.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { lifeOfPeriodLot } from "../memberships/life.ts";
import { unfrozenFrom } from "../memberships/membership.ts";
import { openBooks, refuse } from "../memberships/open-command.ts";
import { addDays, startOfDay, type LocalDate } from "../time/local-days.ts";
import { compareBurnOrder } from "./burn-order.ts";
import { endOfPeriodLot, lifeOfPackage } from "./expiry.ts";
import { isExpired, type Lot } from "./lot.ts";
import { MemberBooks } from "./member-books.ts";

export interface AdjustAsk {
  /** Credits: added where positive, taken where negative. */
  amount: number;
  /** The product whose credits they are; required to add. */
  product_config_id?: string | undefined;
  /** Only from this lot; to take. */
  entitlement_id?: string | undefined;
  /** Last usable local day of what is added; omitted: as the product says. */
  until_on?: LocalDate | undefined;
  reason: string;
}

/** Staff add or take credits by hand, with a reason. What is added is a lot of its own, with its own expiry. */
export function decideAdjust(facts: Facts, ask: AdjustAsk, context: Context): Decision {
  const { catalog } = facts;
  const config = ask.product_config_id === undefined ? null : catalog.configs.get(ask.product_config_id);
  const books = openBooks(facts, context, config === undefined ? { reason_code: "CONFIG_NOT_FOUND" } : null);
  if (!(books instanceof MemberBooks)) return books;
  if (config === undefined) return refuse(books, { reason_code: "CONFIG_NOT_FOUND" });
  const moved = ask.amount > 0 ? add(books, ask, config, catalog, context) : take(books, ask, catalog, context);
  if (!Array.isArray(moved)) return moved;
  const { amount, reason } = ask;
  books.audit({
    action: "adjust_credits",
    subject: `contact ${books.contact.id}`,
    before: {},
    after: { amount, reason, movements: moved },
  });
  return {
    outcome: { reason_code: "credits_adjusted", amount, movements: moved },
    changes: books.changes(),
    member: books.member(),
  };
}

type Moved = { entitlement_id: string; amount: number }[];

function add(
  books: MemberBooks,
  { amount, until_on, reason }: AdjustAsk,
  config: ProductConfig | null,
  catalog: Catalog,
  { now, newId }: Context,
): Moved | Decision {
  const flaw = (field: string, message: string) => ({ invalid: { field, message } });
  if (!config) return flaw("product_config_id", "is required to add credits");
  if (config.credits === "unlimited") return flaw("product_config_id", "is unlimited and has no balance");
  const life = lifeOf(books, config, until_on, catalog, now);
  if (life === null) return flaw("until_on", "is required: the contact has no membership of that plan");
  if (life.expires_at !== null && life.expires_at <= now) return flaw("until_on", "must not be in the past");
  const id = newId();
  books.open({
    id,
    contact_id: books.contact.id,
    product_config_id: config.id,
    origin: "adjustment",
    state: "open",
    unlimited: false,
    granted: amount,
    available: 0,
    held: 0,
    parent_id: null,
    payment_event_id: null,
    payment_item: null,
    created_at: now,
    live: true,
    ...life,
  });
  books.post({ type: "adjust_up", lot_id: id, amount, reason, occurred_at: now });
  return [{ entitlement_id: id, amount }];
}

type Life = Pick<
  Lot,
  "effective_at" | "expires_at" | "activation" | "freezes" | "membership_id" | "period_start_at" | "period_end_at"
>;

/** As staff say; else a package's own life from now, or the running period of the contact's membership; null: there is none. */
function lifeOf(
  books: MemberBooks,
  config: ProductConfig,
  until_on: LocalDate | undefined,
  catalog: Catalog,
  now: number,
): Life | null {
  const zone = catalog.policy.timezone;
  const alone = { freezes: null, membership_id: null, period_start_at: null, period_end_at: null };
  if (until_on !== undefined) {
    const expires_at = startOfDay(addDays(until_on, 1), zone);
    return { ...alone, effective_at: now, expires_at, activation: null };
  }
  if (config.type === "package") return { ...alone, effective_at: now, ...lifeOfPackage(config, now, zone) };
  const membership = books.memberships.find(
    ({ product_config_id, status }) => product_config_id === config.id && status !== "ended",
  );
  const period = membership?.periods.findLast(({ start_at }) => start_at <= now);
  if (!membership || !period || period.end_at <= now) return null;
  return {
    ...lifeOfPeriodLot(membership, period, endOfPeriodLot(config, period, zone), zone),
    effective_at: unfrozenFrom(membership, now),
    activation: null,
    membership_id: membership.id,
    period_start_at: period.start_at,
    period_end_at: period.end_at,
  };
}

/** In burn order, all or nothing, and only what is available. */
function take(
  books: MemberBooks,
  { amount, product_config_id, entitlement_id, reason }: AdjustAsk,
  catalog: Catalog,
  { now }: Context,
): Moved | Decision {
  const found = [...books.lots.values()].flatMap((lot) => {
    const config = catalog.configs.get(lot.product_config_id);
    const is_named =
      (entitlement_id === undefined || lot.id === entitlement_id) &&
      (product_config_id === undefined || lot.product_config_id === product_config_id);
    const is_there = lot.live && lot.state !== "revoked" && !lot.unlimited && !isExpired(lot, now);
    return config && is_named && is_there ? [{ lot, config }] : [];
  });
  if (found.length === 0) return refuse(books, { reason_code: "NO_ENTITLEMENT", detail: null });
  const balance = found.reduce((sum, { lot }) => sum + lot.available, 0);
  if (balance < -amount) return refuse(books, { reason_code: "INSUFFICIENT_CREDITS", balance, detail: null });
  let missing = -amount;
  const moved: Moved = [];
  for (const { lot } of found.sort(compareBurnOrder)) {
    const part = Math.min(missing, lot.available);
    if (part === 0) continue;
    missing -= part;
    books.post({ type: "adjust_down", lot_id: lot.id, amount: part, reason, occurred_at: now });
    moved.push({ entitlement_id: lot.id, amount: -part });
  }
  return moved;
}
