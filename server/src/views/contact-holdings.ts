import type { Transaction } from "../platform/database.ts";
import { uuidArray } from "../platform/sql.ts";
import { isExpired, statusOf, type Lot } from "../rules/credits/lot.ts";
import { freezeAt, type Membership } from "../rules/memberships/membership.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** What a list of contacts shows of each beside its names. */
export interface Holdings {
  credits_available: number;
  credits_held: number;
  unlimited: boolean;
  /** What could be used now, by product; the one with the most first. */
  products: { product_config_id: string; name: string; credits_available: number; unlimited: boolean }[];
  /** The earliest expiry of credits that are left; null: nothing expires. */
  next_expiry_at: Instant | null;
  /** Of its live memberships the one that needs a look first; null: it has none. */
  membership: "frozen" | "past_due" | "suspended" | "active" | null;
}

const LOTS = {
  name: "view_lots_of_contacts",
  text: `
    SELECT e.contact_id, e.product_config_id, p.name, e.state, e.unlimited, e.available, e.held, e.effective_at, e.expires_at,
      e.freezes
    FROM entitlements e JOIN product_configs p ON p.location_id = $1 AND p.id = e.product_config_id
    WHERE e.location_id = $1 AND e.contact_id = ANY ($2::uuid[]) AND e.live`,
};
const MEMBERSHIPS = {
  name: "view_memberships_of_contacts",
  text: `
    SELECT contact_id, status, freezes FROM memberships
    WHERE location_id = $1 AND contact_id = ANY ($2::uuid[]) AND status <> 'ended'`,
};

type LotRow = Pick<
  Lot,
  | "contact_id"
  | "product_config_id"
  | "state"
  | "unlimited"
  | "available"
  | "held"
  | "effective_at"
  | "expires_at"
  | "freezes"
> & { name: string };
type NamedLot = Lot & { name: string };
type MembershipRow = { contact_id: string } & Pick<Membership, "status" | "freezes">;

/** What these contacts have now, by their ids. Rule 15: what is past its time is gone, booked or not. */
export async function findHoldings(
  tx: Transaction,
  location_id: string,
  contact_ids: readonly string[],
  now: Instant,
): Promise<(contact_id: string) => Holdings> {
  const values = [location_id, uuidArray(contact_ids)];
  const [lots, memberships] = await Promise.all([
    tx.query<LotRow & Record<string, unknown>>(LOTS, values),
    tx.query<MembershipRow & Record<string, unknown>>(MEMBERSHIPS, values),
  ]);
  const lots_of = Map.groupBy(lots as unknown as NamedLot[], (lot) => lot.contact_id);
  const memberships_of = Map.groupBy(memberships as unknown as (Membership & MembershipRow)[], (row) => row.contact_id);
  return (contact_id) => ({
    ...sumOf(lots_of.get(contact_id) ?? [], now),
    membership: foremostOf(memberships_of.get(contact_id) ?? [], now),
  });
}

function sumOf(lots: readonly NamedLot[], now: Instant): Omit<Holdings, "membership"> {
  const active = lots.filter((lot) => statusOf(lot, now) === "active");
  const expiries = lots.flatMap((lot) => (isLeft(lot, now) && lot.expires_at !== null ? [lot.expires_at] : []));
  return {
    credits_available: active.reduce((sum, lot) => sum + lot.available, 0),
    credits_held: lots.reduce((sum, lot) => sum + lot.held, 0),
    unlimited: active.some((lot) => lot.unlimited),
    products: productsOf(active),
    next_expiry_at: expiries.length === 0 ? null : Math.min(...expiries),
  };
}

function productsOf(active: readonly NamedLot[]): Holdings["products"] {
  const of_product = [...Map.groupBy(active, (lot) => lot.product_config_id)].map(([product_config_id, lots]) => ({
    product_config_id,
    name: lots[0]?.name ?? product_config_id,
    credits_available: lots.reduce((sum, lot) => sum + lot.available, 0),
    unlimited: lots.some((lot) => lot.unlimited),
  }));
  return of_product
    .filter(({ credits_available, unlimited }) => credits_available > 0 || unlimited)
    .toSorted((a, b) => b.credits_available - a.credits_available || (a.name < b.name ? -1 : 1));
}

function isLeft(lot: Lot, now: Instant): boolean {
  return lot.available > 0 && lot.state !== "revoked" && !isExpired(lot, now);
}

const ORDER = ["frozen", "past_due", "suspended", "active"] as const;

function foremostOf(memberships: readonly Membership[], now: Instant): Holdings["membership"] {
  const states = new Set<string>(memberships.map((one) => (freezeAt(one, now) ? "frozen" : one.status)));
  return ORDER.find((state) => states.has(state)) ?? null;
}
