import { z } from "zod";
import { MAX_CALENDARS } from "../../rules/catalog/product-config.ts";
import { MAX_ALSO_SOLD_AS } from "../../rules/catalog/sold-as.ts";
import { SCOPES } from "../../store/api-clients.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../access/passwords.ts";
import { MAX_AMOUNT, text, whole } from "../fields.ts";

/** What files and addresses call a thing by. */
export const catalogKey = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    "must be 1 to 63 lower-case letters, digits, - or _, and start with a letter or digit",
  );
const days = whole(0, 36_500);
const hours = whole(0, 8760);
const calendars = z.array(text).max(MAX_CALENDARS);

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(Temporal.PlainDate.from("2026-01-01").toZonedDateTime(zone)) && !/^[+-]/.test(zone);
  } catch {
    return false;
  }
}

/** The fields of a product config beside its identity; null takes a field back to its default, an omitted one is left alone. */
export const productTerms = {
  credits_total: whole(1, MAX_AMOUNT).nullish(),
  monthly_credits: z
    .union([whole(1, MAX_AMOUNT), z.literal("unlimited")], 'must be a whole number of at least 1, or "unlimited"')
    .nullish(),
  expiry_days: whole(1, 36_500).nullish(),
  activation: z.enum(["on_purchase", "on_first_use"]).nullish(),
  activate_within_days: days.nullish(),
  calendars: calendars.nullish(),
  families: z.array(catalogKey).max(MAX_CALENDARS).nullish(),
  cost_by_calendar: z.record(text, whole(1, 1000)).nullish(),
  priority: whole(0, 1_000_000).nullish(),
  rollover: z
    .union(
      [
        z.enum(["none", "all"]),
        z.strictObject({ cap: whole(0, MAX_AMOUNT).optional(), max_balance: whole(1, MAX_AMOUNT).optional() }),
      ],
      'must be "none", "all" or { cap, max_balance }',
    )
    .nullish(),
  freeze: z.strictObject({ max_days: whole(1, 3650).optional(), max_per_year: whole(0, 366).optional() }).nullish(),
  grace_days: days.nullish(),
  renewal: z.enum(["payment", "schedule"]).nullish(),
  term_months: whole(1, 1200).nullish(),
  anchor: z.enum(["billing_date", "calendar_month"]).nullish(),
  limits: z
    .strictObject({
      per_day: whole(1, MAX_AMOUNT).optional(),
      per_week: whole(1, MAX_AMOUNT).optional(),
      per_period: whole(1, MAX_AMOUNT).optional(),
    })
    .nullish(),
  once_per_contact: z.union([z.boolean(), z.literal("hold")]).nullish(),
  cancellation_window_hours: hours.nullish(),
  make_good_days: days.nullish(),
  no_show_penalty: whole(0, 1000).nullish(),
  ghl_product_id: text.nullish(),
  ghl_price_id: text.nullish(),
  stripe_product_id: text.nullish(),
  stripe_price_id: text.nullish(),
  also_sold_as: z
    .array(
      z
        .strictObject({
          provider: z.enum(["ghl", "stripe"]),
          product_id: text.optional(),
          price_id: text.optional(),
        })
        .refine((name) => name.product_id ?? name.price_id, "must name a product_id, a price_id or both"),
    )
    .max(MAX_ALSO_SOLD_AS)
    .nullish(),
};

const product = z.strictObject({
  key: catalogKey,
  name: text.optional(),
  type: z.enum(["package", "membership"]).optional(),
  active: z.boolean().optional(),
  ...productTerms,
});

const family = z.strictObject({ key: catalogKey, name: text.optional(), calendars: calendars.min(1) });

const api_client = z.strictObject({
  key: catalogKey,
  name: text.optional(),
  scopes: z.array(z.enum(SCOPES)).min(1).optional(),
  active: z.boolean().optional(),
  /** True: a new token, the old one stops working. */
  rotate: z.boolean().optional(),
});

/** What a person decides for all members of a location. */
export const locationSettings = z.object({
  name: text,
  timezone: z.string().refine(isTimeZone, "must be an IANA time zone such as America/New_York"),
  currency: z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as USD"),
  cancellation_window_hours: hours,
  make_good_days: days,
  auto_settle: z.boolean(),
  no_show_penalty: whole(0, 1000),
  shows_balances: z.boolean(),
});

const location = z.strictObject({
  key: catalogKey,
  ...locationSettings.partial().shape,
  sandbox: z.boolean().optional(),
  ghl_location_id: text.optional(),
  families: z.array(family).max(1000).default([]),
  products: z.array(product).max(1000).default([]),
  api_clients: z.array(api_client).max(1000).default([]),
});

/** A file for `kotally apply`; an unknown field is an error that names it. */
export const applyFileSchema = z.strictObject({
  workspace: z.strictObject({
    key: catalogKey,
    name: text.optional(),
    owner: z
      .strictObject({
        email: z.email().transform((email) => email.toLowerCase()),
        password: z.string().min(MIN_PASSWORD).max(MAX_PASSWORD),
        name: text.optional(),
      })
      .optional(),
  }),
  locations: z.array(location).max(1000).default([]),
});

export type ApplyFile = z.output<typeof applyFileSchema>;
export type ApplyLocation = ApplyFile["locations"][number];
export type ApplyProduct = ApplyLocation["products"][number];
export type ApplyClient = ApplyLocation["api_clients"][number];
