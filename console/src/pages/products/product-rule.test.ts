import { describe, expect, test } from "vitest";
import { ruleDetails, ruleSentence, type Ruled } from "./product-rule.ts";

const NAMES = {
  calendar: (id: string) => ({ cal_yoga: "Yoga", cal_pilates: "Pilates", cal_spa: "Spa" })[id] ?? id,
  family: (key: string) => ({ mat: "Mat classes" })[key] ?? key,
};
const pack = (terms: Ruled["terms"]): Ruled => ({ type: "package", terms });
const membership = (terms: Ruled["terms"]): Ruled => ({ type: "membership", terms });
const sentence = (ruled: Ruled) => ruleSentence(ruled, NAMES);
const details = (ruled: Ruled) => ruleDetails(ruled, NAMES).join(" ");

describe("A product config in words", () => {
  test("says what is bought, where it counts and when it is gone", () => {
    expect(sentence(pack({ credits_total: 10, expiry_days: 30, calendars: ["cal_yoga", "cal_pilates"] }))).toBe(
      "10 credits, usable for Yoga and Pilates, gone 30 days after purchase.",
    );
    expect(sentence(pack({ credits_total: 1, expiry_days: 1, activation: "on_first_use", families: ["mat"] }))).toBe(
      "1 credit, usable for Mat classes, gone 1 day after the first visit.",
    );
    expect(sentence(pack({ credits_total: 5 }))).toBe(
      "5 credits, usable only where a request names this product, kept until they are used.",
    );
  });

  test("says of a membership what a month brings and what becomes of the rest", () => {
    const monthly = { monthly_credits: 8, calendars: ["cal_yoga"] };
    expect(sentence(membership(monthly))).toBe(
      "8 credits every month, usable for Yoga, gone at the end of each month.",
    );
    expect(sentence(membership({ ...monthly, expiry_days: 7, anchor: "calendar_month" }))).toBe(
      "8 credits every calendar month, usable for Yoga, gone 7 days after the end of each month.",
    );
    expect(sentence(membership({ ...monthly, rollover: { cap: 4 } }))).toBe(
      "8 credits every month, usable for Yoga, up to 4 of what is left roll over once into the next month.",
    );
    expect(sentence(membership({ ...monthly, rollover: { max_balance: 12 } }))).toBe(
      "8 credits every month, usable for Yoga, what is left rolls over once into the next month.",
    );
    expect(sentence(membership({ monthly_credits: "unlimited", calendars: ["cal_yoga"] }))).toBe(
      "Unlimited visits, usable for Yoga.",
    );
  });

  test("tells the rest in the engine's own defaults", () => {
    expect(details(membership({ monthly_credits: 8 }))).toBe(
      "Each payment opens a month. Unpaid, the last month's credits count 7 days longer; then they are gone and the membership is suspended. May be frozen, for at most 90 days at a time.",
    );
    expect(details(pack({ credits_total: 10, expiry_days: 30, activation: "on_first_use" }))).toBe(
      "Without a visit its days start by themselves 180 days after purchase.",
    );
    expect(details(pack({ credits_total: 10 }))).toBe("");
  });

  test("tells costs, limits, cancellation and no-shows where they were decided", () => {
    const said = details(
      pack({
        credits_total: 10,
        cost_by_calendar: { cal_spa: 2 },
        limits: { per_day: 1, per_week: 3 },
        cancellation_window_hours: 0,
        no_show_penalty: 1,
        once_per_contact: "hold",
      }),
    );
    expect(said).toBe(
      "Spa takes 2 credits, any other booking takes 1. At most 1 booking a day and 3 bookings a week. Cancelled any time before it starts, a booking gives its credit back. A no-show takes 1 credit more. Once per person: a further purchase waits for staff.",
    );
  });
});
