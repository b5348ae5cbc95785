import type { ProductTerms } from "../../../../server/src/rules/catalog/product-terms.ts";
import type { AnswerOf, InputOf } from "../../api/call-types.ts";
import type { paths as LocationPaths } from "../../api/location-api.generated.ts";
import { productTexts as texts } from "../../texts/products.ts";
import type { Check } from "../../ui/server-form.tsx";

export type Catalog = AnswerOf<LocationPaths, "/product-configs">;
export type ProductRow = Catalog["product_configs"][number];
export type FamilyRow = Catalog["families"][number];
export type Draft = InputOf<LocationPaths, "/product-configs">["body"];

/** A number as a field holds it; empty: nothing was said. */
type Field = number | string;

/** One name that the product is sold under, as its row holds it. */
export interface SoldRow {
  key: string;
  provider: "ghl" | "stripe";
  product_id: string;
  price_id: string;
}

/** A calendar that takes more than one credit, as its row holds it. */
export interface CostRow {
  key: string;
  calendar: string;
  cost: Field;
}

/** All that the editor holds, whatever the kind; the names are the server's wherever an error may name one. */
export type ProductValues = {
  name: string;
  type: "package" | "membership";
  credits_total: Field;
  monthly_credits: Field;
  is_unlimited: boolean;
  expiry_days: Field;
  activation: "on_purchase" | "on_first_use";
  activate_within_days: Field;
  anchor: "billing_date" | "calendar_month";
  rollover: { mode: "none" | "all" | "some"; cap: Field; max_balance: Field };
  calendars: string[];
  families: string[];
  cost_by_calendar: CostRow[];
  limits: { per_day: Field; per_week: Field; per_period: Field };
  once_per_contact: "no" | "flag" | "hold";
  renewal: "payment" | "schedule";
  term_months: Field;
  grace_days: Field;
  freeze: { max_days: Field; max_per_year: Field };
  cancellation_window_hours: Field;
  no_show_penalty: Field;
  make_good_days: Field;
  priority: Field;
  sold_as: SoldRow[];
};

/** A row's own key while it is edited; nobody else ever sees it. */
export function newKey(): string {
  return crypto.randomUUID();
}

/** What the editor holds of a product config; of none: an empty package. */
export function valuesOf(config: Pick<ProductRow, "name" | "type" | "terms" | "sold_as"> | null): ProductValues {
  const terms = (config?.terms ?? {}) as ProductTerms;
  const { rollover = "none", monthly_credits, once_per_contact = false } = terms;
  return {
    name: config?.name ?? "",
    type: config?.type ?? "package",
    credits_total: terms.credits_total ?? "",
    monthly_credits: typeof monthly_credits === "number" ? monthly_credits : "",
    is_unlimited: monthly_credits === "unlimited",
    expiry_days: terms.expiry_days ?? "",
    activation: terms.activation ?? "on_purchase",
    activate_within_days: terms.activate_within_days ?? "",
    anchor: terms.anchor ?? "billing_date",
    rollover:
      typeof rollover === "object"
        ? { mode: "some", cap: rollover.cap ?? "", max_balance: rollover.max_balance ?? "" }
        : { mode: rollover, cap: "", max_balance: "" },
    calendars: terms.calendars ?? [],
    families: terms.families ?? [],
    cost_by_calendar: Object.entries(terms.cost_by_calendar ?? {}).map(([calendar, cost]) => ({
      key: newKey(),
      calendar,
      cost,
    })),
    limits: {
      per_day: terms.limits?.per_day ?? "",
      per_week: terms.limits?.per_week ?? "",
      per_period: terms.limits?.per_period ?? "",
    },
    once_per_contact: once_per_contact === "hold" ? "hold" : once_per_contact ? "flag" : "no",
    renewal: terms.renewal ?? "payment",
    term_months: terms.term_months ?? "",
    grace_days: terms.grace_days ?? "",
    freeze: { max_days: terms.freeze?.max_days ?? "", max_per_year: terms.freeze?.max_per_year ?? "" },
    cancellation_window_hours: terms.cancellation_window_hours ?? "",
    no_show_penalty: terms.no_show_penalty ?? "",
    make_good_days: terms.make_good_days ?? "",
    priority: terms.priority ?? "",
    sold_as: (config?.sold_as ?? []).map(({ provider, product_id, price_id }) => ({
      key: newKey(),
      provider,
      product_id: product_id ?? "",
      price_id: price_id ?? "",
    })),
  };
}

function said(field: Field): number | undefined {
  return field === "" ? undefined : Number(field);
}

/** Only what was said of several; nothing said: nothing. */
function saidOf<Name extends string>(fields: Record<Name, Field>): { [N in Name]?: number } | undefined {
  const entries = Object.entries<Field>(fields).filter(([, field]) => field !== "");
  return entries.length === 0
    ? undefined
    : (Object.fromEntries(entries.map(([name, field]) => [name, Number(field)])) as { [N in Name]?: number });
}

/** What the values say; what belongs to the other kind, and every default, is left out. */
export function termsOf(values: ProductValues): ProductTerms {
  const own = values.type === "package" ? packageTerms(values) : membershipTerms(values);
  const costs = values.cost_by_calendar.filter(({ calendar, cost }) => calendar !== "" && cost !== "");
  const terms: ProductTerms = {
    ...own,
    expiry_days: said(values.expiry_days),
    calendars: values.calendars.length === 0 ? undefined : values.calendars,
    families: values.families.length === 0 ? undefined : values.families,
    cost_by_calendar:
      costs.length === 0
        ? undefined
        : Object.fromEntries(costs.map(({ calendar, cost }) => [calendar, Number(cost)] as const)),
    limits: saidOf(values.limits),
    once_per_contact: { no: undefined, flag: true, hold: "hold" as const }[values.once_per_contact],
    cancellation_window_hours: said(values.cancellation_window_hours),
    no_show_penalty: said(values.no_show_penalty),
    make_good_days: said(values.make_good_days),
    priority: said(values.priority),
  };
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
}

function packageTerms({ credits_total, activation, activate_within_days }: ProductValues): ProductTerms {
  if (activation === "on_purchase") return { credits_total: said(credits_total) };
  return { credits_total: said(credits_total), activation, activate_within_days: said(activate_within_days) };
}

function membershipTerms(values: ProductValues): ProductTerms {
  const { anchor, renewal, rollover, is_unlimited } = values;
  return {
    monthly_credits: is_unlimited ? "unlimited" : said(values.monthly_credits),
    anchor: anchor === "billing_date" ? undefined : anchor,
    rollover: is_unlimited ? undefined : rolloverOf(rollover),
    freeze: saidOf(values.freeze),
    grace_days: said(values.grace_days),
    renewal: renewal === "payment" ? undefined : renewal,
    term_months: said(values.term_months),
  };
}

function rolloverOf({ mode, cap, max_balance }: ProductValues["rollover"]): ProductTerms["rollover"] {
  if (mode === "none") return undefined;
  return mode === "all" ? "all" : saidOf({ cap, max_balance });
}

/** What is sent. */
export function draftOf(values: ProductValues): Draft {
  const { name, type, sold_as } = values;
  return {
    ...(termsOf(values) as Partial<Draft>),
    name: name.trim(),
    type,
    sold_as: sold_as.map(({ provider, product_id, price_id }) => ({
      provider,
      product_id: product_id === "" ? null : product_id,
      price_id: price_id === "" ? null : price_id,
    })),
  };
}

/** What can be known without asking: the rest the server says. */
export const checkProduct: Check<ProductValues> = (values) => {
  const { name, type, is_unlimited, rollover } = values;
  const credits = type === "package" ? values.credits_total : is_unlimited || values.monthly_credits;
  const rolls_and_waits =
    type === "membership" && !is_unlimited && rollover.mode !== "none" && values.expiry_days !== "";
  const begins_never = type === "package" && values.activation === "on_first_use" && values.expiry_days === "";
  const rolls_nothing = rollover.mode === "some" && rollover.cap === "" && rollover.max_balance === "";
  return {
    name: name.trim() === "" && texts.name_needed,
    [type === "package" ? "credits_total" : "monthly_credits"]: credits === "" && texts.credits_needed,
    expiry_days: begins_never ? texts.expiry_needed : rolls_and_waits && texts.expiry_excluded,
    ...(type === "membership" && !is_unlimited && { "rollover.cap": rolls_nothing && texts.rollover_needed }),
    ...rowErrors(values),
  };
};

function rowErrors({ cost_by_calendar, sold_as }: ProductValues): Record<string, string | false> {
  const errors: Record<string, string | false> = {};
  for (const [i, { calendar, cost }] of cost_by_calendar.entries()) {
    const is_twice = cost_by_calendar.findIndex((other) => other.calendar === calendar) !== i;
    errors[`cost_by_calendar.${i}.calendar`] =
      calendar === "" ? texts.calendar_needed : is_twice && texts.calendar_twice;
    errors[`cost_by_calendar.${i}.cost`] = cost === "" && texts.cost_needed;
  }
  for (const [i, { product_id, price_id }] of sold_as.entries()) {
    errors[`sold_as.${i}.product_id`] = product_id === "" && price_id === "" && texts.sold_needed;
  }
  return errors;
}
