import type { ProductConfig } from "../../../../server/src/rules/catalog/product-config.ts";
import { resolveTerms, type ProductTerms } from "../../../../server/src/rules/catalog/product-terms.ts";
import { credits, ruleTexts as texts } from "../../texts/product-rule.ts";

/** What a product config says, as its editor and its list hold it. */
export interface Ruled {
  type: ProductConfig["type"];
  terms: ProductTerms;
}

/** What calendars and families are called. */
export interface RuleNames {
  calendar: (id: string) => string;
  family: (key: string) => string;
}

/** The rule in one sentence: "10 credits, usable for Yoga and Pilates, gone 30 days after purchase." */
export function ruleSentence(ruled: Ruled, names: RuleNames): string {
  const config = resolved(ruled);
  return `${[amount(config, ruled.terms), usable(ruled.terms, names), gone(config)].filter(Boolean).join(", ")}.`;
}

/** What else holds, a sentence each; what nobody decided is left out. */
export function ruleDetails(ruled: Ruled, names: RuleNames): string[] {
  const config = resolved(ruled);
  const own = config.type === "membership" ? membershipDetails(config) : packageDetails(config);
  return [...own, ...bookingDetails(config, ruled.terms, names)].filter((sentence) => sentence !== null);
}

function resolved({ type, terms }: Ruled): ProductConfig {
  return resolveTerms({ id: "", key: "", name: "", type, active: true }, terms, new Map());
}

function amount({ type, credits: count, anchor }: ProductConfig, terms: ProductTerms): string {
  const said = type === "package" ? terms.credits_total : terms.monthly_credits;
  if (count === "unlimited") return texts.unlimited;
  const counted = said === undefined ? texts.some_credits : credits(count);
  return type === "package" ? counted : `${counted} ${texts.every_month[anchor]}`;
}

function usable({ families = [], calendars = [] }: ProductTerms, names: RuleNames): string {
  const all = [...families.map(names.family), ...calendars.map(names.calendar)];
  return all.length === 0 ? texts.usable_by_name : texts.usable_for(all);
}

function gone({ type, credits: count, expiry_days, activation, rollover }: ProductConfig): string | null {
  if (count === "unlimited") return null;
  if (type === "membership") {
    if (rollover === "all") return texts.gone.all_roll_over;
    if (typeof rollover === "object") {
      return rollover.cap === undefined ? texts.gone.all_roll_over : texts.gone.some_roll_over(rollover.cap);
    }
    return expiry_days === null ? texts.gone.at_period_end : texts.gone.after_period_end(expiry_days);
  }
  if (expiry_days === null) return texts.gone.never;
  return activation === "on_first_use"
    ? texts.gone.after_first_use(expiry_days)
    : texts.gone.after_purchase(expiry_days);
}

function packageDetails({ activation, expiry_days, activate_within_days }: ProductConfig): (string | null)[] {
  const starts = activation === "on_first_use" && expiry_days !== null;
  return [starts ? texts.starts_by_itself(activate_within_days) : null];
}

function membershipDetails(config: ProductConfig): (string | null)[] {
  const { rollover, renewal, term_months, grace_days, freeze } = config;
  const max_balance = typeof rollover === "object" ? rollover.max_balance : undefined;
  const opens_by_itself = renewal === "schedule" && term_months === null;
  const opens = term_months === null || term_months === 1 ? texts.each_payment : texts.each_payment_of(term_months);
  return [
    max_balance === undefined ? null : texts.max_balance(max_balance),
    opens_by_itself ? texts.by_itself : opens,
    opens_by_itself ? null : grace_days === 0 ? texts.no_grace : texts.grace(grace_days),
    frozen(freeze),
  ];
}

function frozen({ max_days, max_per_year }: ProductConfig["freeze"]): string {
  if (max_per_year === 0) return texts.no_freeze;
  return max_per_year === null ? texts.freeze(max_days) : texts.freeze_often(max_days, max_per_year);
}

function bookingDetails(config: ProductConfig, { priority }: ProductTerms, names: RuleNames): (string | null)[] {
  const { cancellation_window_hours: window, make_good_days, no_show_penalty, once_per_contact } = config;
  return [
    costs(config, names),
    limits(config),
    window === null ? null : window === 0 ? texts.no_window : texts.window(window),
    make_good_days === null ? null : make_good_days === 0 ? texts.no_make_good : texts.make_good(make_good_days),
    no_show_penalty === null ? null : no_show_penalty === 0 ? texts.no_penalty : texts.penalty(no_show_penalty),
    once_per_contact === "hold" ? texts.once_hold : once_per_contact ? texts.once : null,
    priority === undefined ? null : texts.first(priority),
  ];
}

function costs({ cost_by_calendar }: ProductConfig, names: RuleNames): string | null {
  const dear = Object.entries(cost_by_calendar);
  if (dear.length === 0) return null;
  const parts = dear.map(([calendar, cost]) => texts.cost(names.calendar(calendar), cost));
  return [...parts, texts.other_cost].join(", ");
}

function limits({ type, limits: { per_day, per_week, per_period } }: ProductConfig): string | null {
  const of_period = type === "membership" ? texts.per_period : texts.per_lot;
  const parts = [
    per_day === undefined ? null : texts.per_day(per_day),
    per_week === undefined ? null : texts.per_week(per_week),
    per_period === undefined ? null : of_period(per_period),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : texts.limits(parts);
}
