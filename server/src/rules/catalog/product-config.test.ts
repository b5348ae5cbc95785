import { describe, expect, test } from "vitest";
import { packOf } from "../testing.ts";
import { costOf } from "./product-config.ts";
import { resolveTerms } from "./product-terms.ts";

const identity = { id: "pc", key: "pc", name: "Ten visits", type: "package", active: true } as const;

describe("Rule 11. A product config may price a calendar at more than one credit per booking", () => {
  const config = packOf("pack", { cost_by_calendar: { massage: 3 } });

  test.each([
    ["a priced calendar", "massage", 3],
    ["any other calendar", "yoga", 1],
    ["no calendar at all", undefined, 1],
    ["a calendar that is named like something every object has", "constructor", 1],
  ])("%s", (_, calendar_id, cost) => {
    expect(costOf(config, calendar_id)).toBe(cost);
  });
});

describe("Rule 7. A product config covers the calendars it names and those of its families", () => {
  const families = new Map([
    ["water", ["swim", "aqua"]],
    ["calm", ["yoga"]],
  ]);

  test("both together, each once, and nothing of families it does not name or that do not exist", () => {
    const { calendars } = resolveTerms(identity, { calendars: ["gym", "swim"], families: ["water", "gone"] }, families);
    expect([...calendars].sort()).toEqual(["aqua", "gym", "swim"]);
  });

  test("without any it covers no calendar: it is usable only where it is named", () => {
    expect(resolveTerms(identity, {}, families).calendars.size).toBe(0);
  });
});

test("Rules 8, 14, 16, 19. Each policy has its default", () => {
  expect(resolveTerms(identity, { credits_total: 10 }, new Map())).toMatchObject({
    credits: 10,
    priority: 100,
    expiry_days: null,
    activation: "on_purchase",
    activate_within_days: 180,
    anchor: "billing_date",
    limits: {},
    cost_by_calendar: {},
    cancellation_window_hours: null,
    make_good_days: null,
  });
});

test("Rule 12. A membership may be unlimited, a package takes its own number", () => {
  const terms = { credits_total: 5, monthly_credits: "unlimited" } as const;
  expect(resolveTerms({ ...identity, type: "membership" }, terms, new Map()).credits).toBe("unlimited");
  expect(resolveTerms(identity, terms, new Map()).credits).toBe(5);
});
