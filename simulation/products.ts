/** A product as the apply file says it; the model reads the same words. */
export interface Product {
  key: string;
  type: "package" | "membership";
  credits_total?: number;
  monthly_credits?: number | "unlimited";
  expiry_days?: number;
  activation?: "on_first_use";
  activate_within_days?: number;
  calendars: string[];
  cost_by_calendar?: Record<string, number>;
  priority?: number;
  anchor?: "calendar_month";
  grace_days?: number;
  limits?: { per_day?: number; per_week?: number; per_period?: number };
  cancellation_window_hours?: number;
  make_good_days?: number;
}

export const CALENDARS = ["yoga", "pilates", "gym"];

/** Small numbers, so that everything runs out, expires and reaches its limit within a few steps. */
export const PRODUCTS: Product[] = [
  // Lives as long as a make-good lot, and has a twin without an end: much is a tie until the last rules of the order.
  { key: "pack", type: "package", credits_total: 5, expiry_days: 7, calendars: ["yoga"] },
  { key: "evergreen", type: "package", credits_total: 2, calendars: ["yoga"], limits: { per_week: 3 } },
  {
    key: "wide",
    type: "package",
    credits_total: 4,
    calendars: ["yoga", "pilates"],
    cost_by_calendar: { pilates: 2 },
  },
  {
    key: "starts_late",
    type: "package",
    credits_total: 3,
    expiry_days: 5,
    activation: "on_first_use",
    activate_within_days: 8,
    calendars: ["yoga", "gym"],
  },
  {
    key: "limited",
    type: "package",
    credits_total: 6,
    expiry_days: 20,
    calendars: ["pilates"],
    priority: 50,
    limits: { per_day: 1, per_week: 2 },
  },
  {
    key: "monthly",
    type: "membership",
    monthly_credits: 4,
    expiry_days: 3,
    calendars: ["yoga"],
    limits: { per_period: 3 },
    make_good_days: 2,
  },
  {
    key: "first_of_month",
    type: "membership",
    monthly_credits: 5,
    anchor: "calendar_month",
    grace_days: 2,
    calendars: ["pilates", "gym"],
    cost_by_calendar: { gym: 3 },
  },
  {
    key: "unlimited",
    type: "membership",
    monthly_credits: "unlimited",
    calendars: ["gym"],
    limits: { per_day: 2, per_period: 5 },
  },
  {
    key: "final_sale",
    type: "package",
    credits_total: 4,
    expiry_days: 6,
    calendars: ["gym"],
    make_good_days: 0,
    cancellation_window_hours: 2,
  },
];

/** The location's own policies, which the products above leave to it. */
export const LOCATION = { cancellation_window_hours: 24, make_good_days: 7 };

export function productOf(key: string): Product {
  const product = PRODUCTS.find((known) => known.key === key);
  if (!product) throw new Error(`no product ${key}`);
  return product;
}
