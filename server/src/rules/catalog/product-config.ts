import type { SoldAs } from "./sold-as.ts";

/** The most calendars, families or priced calendars that one product config names. */
export const MAX_CALENDARS = 200;

export interface UsageLimits {
  per_day?: number | undefined;
  per_week?: number | undefined;
  per_period?: number | undefined;
}

export type Rollover = "none" | "all" | { cap?: number | undefined; max_balance?: number | undefined };

/** The rule that turns a purchase into credits. Fixed at grant: credits, expiry, activation. Read live: all else. */
export interface ProductConfig {
  id: string;
  key: string;
  name: string;
  type: "package" | "membership";
  active: boolean;
  /** Credits of a package, or of one period of a membership; `unlimited` only for a membership. */
  credits: number | "unlimited";
  expiry_days: number | null;
  activation: "on_purchase" | "on_first_use";
  activate_within_days: number;
  /** Every calendar it covers, families resolved; empty: only usable where it is named by `product_config_id`. */
  calendars: ReadonlySet<string>;
  cost_by_calendar: Readonly<Record<string, number>>;
  priority: number;
  limits: UsageLimits;
  anchor: "billing_date" | "calendar_month";
  cancellation_window_hours: number | null;
  make_good_days: number | null;
  rollover: Rollover;
  freeze: { max_days: number; max_per_year: number | null };
  grace_days: number;
  renewal: "payment" | "schedule";
  /** Months that one payment prepays; null: one period. */
  term_months: number | null;
  /** One for a person: a further one is granted and flagged, or with `hold` waits for staff. Rule 36. */
  once_per_contact: boolean | "hold";
  /** Credits that a no-show costs beside the booking's own; null: as the location decides. */
  no_show_penalty: number | null;
  /** What a purchase of it is called at the providers. Rule 33. */
  sold_as: readonly SoldAs[];
}

/** What a location decides for all its members. */
export interface LocationPolicy {
  timezone: string;
  currency: string;
  cancellation_window_hours: number;
  make_good_days: number;
  /** Credits that a no-show costs beside the booking's own, where the product says nothing. Rule 27. */
  no_show_penalty: number;
  /** Whether unfunded bookings are charged by themselves as soon as credits come. Rule 30. */
  auto_settle: boolean;
  /** Seconds that a Stripe payment waits for GoHighLevel's; 0 where it tells the location nothing. Rule 32. */
  stripe_settle_seconds: number;
  /** Provider products that grant nothing, as `provider:product_id` (clarification 25). */
  no_credit_products: ReadonlySet<string>;
  /** True: no live books; test payments are taken here, and only here (rule 33). */
  sandbox: boolean;
}

export interface Catalog {
  /** The location's public id, `loc_…`. */
  location_id: string;
  policy: LocationPolicy;
  configs: ReadonlyMap<string, ProductConfig>;
}

/** Rule 11. Credits that one booking of `calendar_id` costs with this product config. */
export function costOf(config: ProductConfig, calendar_id: string | undefined): number {
  if (calendar_id === undefined || !Object.hasOwn(config.cost_by_calendar, calendar_id)) return 1;
  return config.cost_by_calendar[calendar_id] ?? 1;
}
