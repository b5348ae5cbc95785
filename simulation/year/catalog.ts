import type { Product } from "./acts.ts";

/** Prices in dollars, as GoHighLevel and Stripe sell them; `interval`: paid again every month. */
export const SOLD: Record<
  Product,
  { name: string; dollars: number; is_monthly: boolean; at: "ghl" | "stripe" | "api" }
> = {
  intro3: { name: "Three classes to begin with", dollars: 30, is_monthly: false, at: "ghl" },
  pack10: { name: "Ten classes", dollars: 150.1, is_monthly: false, at: "ghl" },
  pack5: { name: "Five classes", dollars: 84.5, is_monthly: false, at: "stripe" },
  gold8: { name: "Gold", dollars: 99, is_monthly: true, at: "ghl" },
  open: { name: "As often as you like", dollars: 149, is_monthly: true, at: "ghl" },
  basic4: { name: "Basic", dollars: 52, is_monthly: false, at: "ghl" },
  plus8: { name: "Plus", dollars: 89, is_monthly: false, at: "ghl" },
  term4: { name: "Three months", dollars: 150, is_monthly: false, at: "api" },
  steady4: { name: "Steady", dollars: 0, is_monthly: false, at: "api" },
  silver6: { name: "Silver", dollars: 75, is_monthly: true, at: "stripe" },
};

export const PRODUCTS = Object.keys(SOLD) as Product[];

/** What the studio sells, for `kotally apply`; calendars and ids of the providers are theirs. */
export function productsFile(
  calendars: { yoga: string; pilates: string; reformer: string },
  ids: { ghl: Partial<Record<Product, string>>; stripe: Partial<Record<Product, string>> },
): object[] {
  const { yoga, pilates, reformer } = calendars;
  const all = [yoga, pilates, reformer];
  const terms: Record<Product, object> = {
    intro3: { type: "package", credits_total: 3, expiry_days: 21, once_per_contact: true },
    pack10: { type: "package", credits_total: 10, expiry_days: 90, cost_by_calendar: { [reformer]: 2 } },
    pack5: { type: "package", credits_total: 5, expiry_days: 60, activation: "on_first_use", activate_within_days: 30 },
    gold8: { type: "membership", monthly_credits: 8, rollover: { cap: 4, max_balance: 12 }, no_show_penalty: 1 },
    open: { type: "membership", monthly_credits: "unlimited", limits: { per_day: 1, per_week: 3 } },
    basic4: { type: "membership", monthly_credits: 4, grace_days: 7, rollover: "all", freeze: { max_days: 60 } },
    plus8: { type: "membership", monthly_credits: 8, anchor: "calendar_month" },
    term4: { type: "membership", monthly_credits: 4, term_months: 3, expiry_days: 10 },
    steady4: { type: "membership", monthly_credits: 4, renewal: "schedule" },
    silver6: { type: "membership", monthly_credits: 6, rollover: "all", grace_days: 3 },
  };
  return PRODUCTS.map((key) => ({
    key,
    name: SOLD[key].name,
    ...terms[key],
    calendars: key === "steady4" ? [yoga, pilates] : all,
    ...(ids.ghl[key] === undefined ? {} : { ghl_product_id: ids.ghl[key] }),
    ...(ids.stripe[key] === undefined ? {} : { stripe_product_id: ids.stripe[key] }),
  }));
}
