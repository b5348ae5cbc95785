import type { Instant } from "../../server/src/rules/time/local-days.ts";

export type Product =
  | "intro3"
  | "pack10"
  | "pack5"
  | "gold8"
  | "open"
  | "basic4"
  | "plus8"
  | "term4"
  | "steady4"
  | "silver6";
export type Calendar = "yoga" | "pilates" | "reformer" | "workshop";
export type Status = "confirmed" | "showed" | "noshow" | "cancelled" | "invalid";

/** How a purchase is told: as an order, as an invoice, as both, or as an order whose card payment the studio's Stripe tells of too. */
export type SaleTold = "order" | "slow_order" | "invoice" | "invoice_and_order" | "order_and_stripe";

/** What somebody does, by names of the simulation's own: members m1, m2 …, and what is theirs m1-b1, m1-s1 …. */
export type Deed =
  | { do: "join"; who: string; email: string; phone: string }
  | { do: "rename"; who: string; name: string }
  | { do: "merge"; from: string; into: string }
  | { do: "sell"; who: string; sale: string; what: Product; quantity: number; told: SaleTold }
  | { do: "pay_order"; sale: string }
  | { do: "refund"; sale: string; cents: number | null }
  | {
      do: "sell_by_stripe";
      who: string;
      sale: string;
      what: Product;
      quantity: number;
      through: "checkout" | "invoice";
    }
  | { do: "refund_by_stripe"; sale: string; cents: number | null }
  | { do: "dispute"; sale: string }
  | { do: "close_dispute"; sale: string; is_won: boolean }
  | { do: "subscribe"; who: string; subscription: string; what: Product; at_stripe: boolean }
  | { do: "renew"; subscription: string }
  | { do: "fail_renewal"; subscription: string }
  | { do: "cancel_subscription"; subscription: string; at_period_end: boolean }
  | { do: "book"; who: string; booking: string; calendar: Calendar; starts_at: Instant }
  | { do: "set_status"; booking: string; status: Status }
  | { do: "move"; booking: string; starts_at: Instant }
  | { do: "change_calendar"; booking: string; calendar: Calendar }
  | { do: "give_to"; booking: string; who: string }
  | { do: "delete_booking"; booking: string }
  | { do: "look_at_ghl"; is_daily: boolean }
  | { do: "grant"; who: string; sale: string; what: Product }
  | { do: "freeze"; who: string; what: Product; from_on: string; to_on: string | null }
  | { do: "unfreeze"; who: string; what: Product }
  | { do: "change_plan"; who: string; what: Product; to: Product }
  | { do: "cancel_membership"; who: string; what: Product; when: "now" | "at_period_end" };

export type Act = { at: Instant } & Deed;

const BY_STAFF = ["grant", "freeze", "unfreeze", "change_plan", "cancel_membership"] as const;
type StaffDeed = (typeof BY_STAFF)[number];

/** Staff and automations ask the API, which answers at once: nothing of it can come late or in another order. */
export function isByStaff(act: Act): act is Extract<Act, { do: StaffDeed }> {
  return (BY_STAFF as readonly string[]).includes(act.do);
}

/** A year as it is written: what happens, in order of time. */
export interface WrittenYear {
  begins_at: Instant;
  ends_at: Instant;
  members: string[];
  acts: Act[];
}
