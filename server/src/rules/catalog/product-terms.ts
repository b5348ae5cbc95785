import type { ProductConfig, Rollover, UsageLimits } from "./product-config.ts";
import { soldAs } from "./sold-as.ts";

/** The fields of a product config as a person writes them, beside key, name, type and active. */
export interface ProductTerms {
  credits_total?: number | undefined;
  monthly_credits?: number | "unlimited" | undefined;
  expiry_days?: number | undefined;
  activation?: "on_purchase" | "on_first_use" | undefined;
  activate_within_days?: number | undefined;
  calendars?: string[] | undefined;
  families?: string[] | undefined;
  cost_by_calendar?: Record<string, number> | undefined;
  priority?: number | undefined;
  rollover?: Rollover | undefined;
  freeze?: { max_days?: number | undefined; max_per_year?: number | undefined } | undefined;
  grace_days?: number | undefined;
  renewal?: "payment" | "schedule" | undefined;
  term_months?: number | undefined;
  anchor?: "billing_date" | "calendar_month" | undefined;
  limits?: UsageLimits | undefined;
  once_per_contact?: boolean | "hold" | undefined;
  cancellation_window_hours?: number | undefined;
  make_good_days?: number | undefined;
  no_show_penalty?: number | undefined;
  ghl_product_id?: string | undefined;
  ghl_price_id?: string | undefined;
  stripe_product_id?: string | undefined;
  stripe_price_id?: string | undefined;
  /** Further names that it is sold under. */
  also_sold_as?:
    | { provider: "ghl" | "stripe"; product_id?: string | undefined; price_id?: string | undefined }[]
    | undefined;
}

export type ProductIdentity = Pick<ProductConfig, "id" | "key" | "name" | "type" | "active">;

/** Priority of a product config that names none; lower burns first. */
const DEFAULT_PRIORITY = 100;
/** Days after which the clock of an `on_first_use` lot starts by itself. Rule 16. */
const DEFAULT_ACTIVATE_WITHIN_DAYS = 180;
/** Days that one freeze lasts at most; an open one ends itself there. Rule 23. */
const DEFAULT_MAX_FREEZE_DAYS = 90;
/** Days after an unpaid boundary in which the last period's credits still count. Rule 26. */
const DEFAULT_GRACE_DAYS = 7;

/** A product config with its defaults filled in and its families resolved to calendars. */
export function resolveTerms(
  identity: ProductIdentity,
  terms: ProductTerms,
  families: ReadonlyMap<string, readonly string[]>,
): ProductConfig {
  const of_families = (terms.families ?? []).flatMap((key) => families.get(key) ?? []);
  return {
    ...identity,
    credits: (identity.type === "package" ? terms.credits_total : terms.monthly_credits) ?? 0,
    expiry_days: terms.expiry_days ?? null,
    activation: terms.activation ?? "on_purchase",
    activate_within_days: terms.activate_within_days ?? DEFAULT_ACTIVATE_WITHIN_DAYS,
    calendars: new Set([...(terms.calendars ?? []), ...of_families]),
    cost_by_calendar: terms.cost_by_calendar ?? {},
    priority: terms.priority ?? DEFAULT_PRIORITY,
    limits: terms.limits ?? {},
    anchor: terms.anchor ?? "billing_date",
    cancellation_window_hours: terms.cancellation_window_hours ?? null,
    make_good_days: terms.make_good_days ?? null,
    rollover: terms.rollover ?? "none",
    freeze: {
      max_days: terms.freeze?.max_days ?? DEFAULT_MAX_FREEZE_DAYS,
      max_per_year: terms.freeze?.max_per_year ?? null,
    },
    grace_days: terms.grace_days ?? DEFAULT_GRACE_DAYS,
    renewal: terms.renewal ?? "payment",
    term_months: terms.term_months ?? null,
    once_per_contact: terms.once_per_contact ?? false,
    no_show_penalty: terms.no_show_penalty ?? null,
    sold_as: soldAs(terms),
  };
}
