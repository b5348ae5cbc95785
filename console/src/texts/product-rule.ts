import { formatList, formatNumber } from "../ui/format.ts";

const plural = (count: number, one: string, many: string) => `${formatNumber(count)} ${count === 1 ? one : many}`;

export const credits = (count: number) => plural(count, "credit", "credits");
const days = (count: number) => plural(count, "day", "days");
const hours = (count: number) => plural(count, "hour", "hours");
const months = (count: number) => plural(count, "month", "months");
const bookings = (count: number) => plural(count, "booking", "bookings");

/** The words that a product config's sentence is put together from. */
export const ruleTexts = {
  some_credits: "Some credits",
  unlimited: "Unlimited visits",
  every_month: { billing_date: "every month", calendar_month: "every calendar month" },
  usable_for: (names: readonly string[]) => `usable for ${formatList(names)}`,
  usable_by_name: "usable only where a request names this product",
  gone: {
    never: "kept until they are used",
    after_purchase: (count: number) => `gone ${days(count)} after purchase`,
    after_first_use: (count: number) => `gone ${days(count)} after the first visit`,
    at_period_end: "gone at the end of each month",
    after_period_end: (count: number) => `gone ${days(count)} after the end of each month`,
    all_roll_over: "what is left rolls over once into the next month",
    some_roll_over: (cap: number) => `up to ${formatNumber(cap)} of what is left roll over once into the next month`,
  },
  max_balance: (count: number) => `Nothing rolls over that would make it more than ${credits(count)}.`,
  starts_by_itself: (count: number) => `Without a visit its days start by themselves ${days(count)} after purchase.`,
  each_payment: "Each payment opens a month.",
  each_payment_of: (count: number) => `Each payment opens ${months(count)}, one after the other.`,
  by_itself: "Each month opens by itself, paid or not.",
  grace: (count: number) =>
    `Unpaid, the last month's credits count ${days(count)} longer; then they are gone and the membership is suspended.`,
  no_grace: "Unpaid, the credits are gone at once and the membership is suspended.",
  freeze: (count: number) => `May be frozen, for at most ${days(count)} at a time.`,
  freeze_often: (count: number, times: number) =>
    `May be frozen ${plural(times, "time", "times")} in twelve months, for at most ${days(count)} at a time.`,
  no_freeze: "May not be frozen.",
  cost: (name: string, count: number) => `${name} takes ${credits(count)}`,
  other_cost: "any other booking takes 1.",
  limits: (parts: readonly string[]) => `At most ${formatList(parts)}.`,
  per_day: (count: number) => `${bookings(count)} a day`,
  per_week: (count: number) => `${bookings(count)} a week`,
  per_period: (count: number) => `${bookings(count)} a month`,
  per_lot: (count: number) => `${bookings(count)} in its whole life`,
  window: (count: number) => `Cancelled less than ${hours(count)} before it starts, a booking keeps its credit.`,
  no_window: "Cancelled any time before it starts, a booking gives its credit back.",
  make_good: (count: number) => `A credit that comes back after its expiry lives ${days(count)} more.`,
  no_make_good: "A credit that comes back after its expiry is gone.",
  penalty: (count: number) => `A no-show takes ${credits(count)} more.`,
  no_penalty: "A no-show takes nothing beside the booking's own credit.",
  once: "Once per person: a further purchase is granted, and flagged.",
  once_hold: "Once per person: a further purchase waits for staff.",
  first: (priority: number) =>
    `Spent in place ${formatNumber(priority)}: lower numbers go first, 100 is where nothing is said.`,
};
