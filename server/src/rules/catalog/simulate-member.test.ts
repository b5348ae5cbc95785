import { describe, expect, test } from "vitest";
import { catalogOf, membershipOf, packOf } from "../testing.ts";
import type { ProductConfig } from "./product-config.ts";
import { simulateMember, type Simulation } from "./simulate-member.ts";

const { policy } = catalogOf([]);

function tell(config: ProductConfig, changes: Partial<Simulation> = {}): string[] {
  const lines = simulateMember({ policy, config, starts_on: "2026-11-01", months: 3, visits_per_week: 1, ...changes });
  return lines.map(({ on, what, amount, balance, reason }) =>
    [on, what, amount, `= ${String(balance)}`, what === "refused" ? reason : ""].join(" ").trim(),
  );
}

describe("Rules 14, 15. A package that one member buys and uses every week", () => {
  test("is granted, used, and what is left of it expires; later visits are refused, and say why", () => {
    expect(tell(packOf("pack", { credits_total: 10, expiry_days: 30 }), { months: 2 })).toEqual([
      "2026-11-01 grant 10 = 10",
      "2026-11-03 deduct -1 = 9",
      "2026-11-10 deduct -1 = 8",
      "2026-11-17 deduct -1 = 7",
      "2026-11-24 deduct -1 = 6",
      "2026-12-01 deduct -1 = 5",
      "2026-12-02 expire -5 = 0",
      "2026-12-08 refused 0 = 0 ENTITLEMENT_EXPIRED",
      "2026-12-15 refused 0 = 0 ENTITLEMENT_EXPIRED",
      "2026-12-22 refused 0 = 0 ENTITLEMENT_EXPIRED",
      "2026-12-29 refused 0 = 0 ENTITLEMENT_EXPIRED",
    ]);
  });

  test("costs a visit what its calendar costs", () => {
    const [, visit] = tell(packOf("pack", { cost_by_calendar: { yoga: 3 } }));
    expect(visit).toBe("2026-11-03 deduct -3 = 7");
  });
});

describe("Rules 18, 19, 22. A membership that one member pays every month", () => {
  test("rolls over what its rule lets roll over, and lets the rest expire, at each boundary", () => {
    const told = tell(membershipOf("gold", { rollover: { cap: 2 } }), { months: 2 });
    expect(told.filter((line) => !line.includes("deduct"))).toEqual([
      "2026-11-01 grant 8 = 8",
      "2026-12-01 grant 8 = 12",
      "2026-12-01 rollover 2 = 12",
      "2026-12-01 expire -2 = 10",
    ]);
  });

  test("prepaid for a term it is opened by time, and paid again only when the term is over", () => {
    const simulation = { policy, starts_on: "2026-11-01", months: 7, visits_per_week: 1 };
    const lines = simulateMember({ ...simulation, config: membershipOf("half-year", { term_months: 6 }) });
    const grants = lines.filter(({ what }) => what === "grant").map(({ on, reason }) => [on, reason]);
    expect(grants).toHaveLength(7);
    expect(grants.at(-1)).toEqual(["2027-05-01", "purchase"]);
  });

  test("without payments it is opened by time for ever", () => {
    const told = tell(membershipOf("free", { renewal: "schedule" }), { months: 3 });
    expect(told.filter((line) => line.includes("grant")).length).toBe(3);
  });

  test("unlimited it counts nothing, within its limits", () => {
    const config = membershipOf("all", { monthly_credits: "unlimited", limits: { per_week: 2 } });
    const lines = simulateMember({ policy, config, starts_on: "2026-11-01", months: 1, visits_per_week: 3 });
    expect(lines.slice(0, 3).map(({ what, unlimited, reason }) => [what, unlimited, reason])).toEqual([
      ["usage", true, "deducted"],
      ["usage", true, "deducted"],
      ["refused", false, "USAGE_LIMIT_REACHED"],
    ]);
  });
});

test("Rule 16. The clock of a package that begins with its first use begins with the first visit", () => {
  const config = packOf("pack", { activation: "on_first_use", expiry_days: 7 });
  const told = tell(config, { months: 1 });
  expect(told.find((line) => line.includes("expire"))).toBe("2026-11-11 expire -8 = 0");
});
