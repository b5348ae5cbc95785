import { describe, expect, test } from "vitest";
import type { ProductConfig } from "../catalog/product-config.ts";
import { at, catalogOf, lotOf, packOf } from "../testing.ts";
import { sortUsable, takeInOrder, type Ask } from "./choose-lots.ts";
import type { Lot } from "./lot.ts";

const now = at("2026-11-04T09:00");
const HOUR = 3_600_000;

function sort(lots: Lot[], ask: Ask, configs: ProductConfig[] = [packOf("pack")]) {
  return sortUsable(lots, [], ask, catalogOf(configs), now);
}

function taken(lots: Lot[], ask: Ask, configs?: ProductConfig[]): Record<string, number> | null {
  const takes = takeInOrder(sort(lots, ask, configs).candidates, ask);
  return takes && Object.fromEntries(takes.map(({ lot, amount }) => [lot.id, amount]));
}

describe("Rule 7. Usable is what is in effect at the service time and not expired now, half-open to the millisecond", () => {
  test.each<[string, Partial<Lot>, number | undefined, string | null]>([
    ["from its first instant", { effective_at: now }, undefined, null],
    ["not before it", { effective_at: now + 1 }, undefined, "NOT_YET_ACTIVE"],
    ["until its last instant", { expires_at: now + 1 }, undefined, null],
    ["no longer at its expiry", { expires_at: now }, undefined, "ENTITLEMENT_EXPIRED"],
    ["scheduled, for a service time inside it", { effective_at: now + HOUR }, now + HOUR, null],
    ["scheduled, for a service time before it", { effective_at: now + HOUR }, now + HOUR - 1, "NOT_YET_ACTIVE"],
    ["alive, for a service time at its expiry", { expires_at: now + HOUR }, now + HOUR, "ENTITLEMENT_EXPIRED"],
    ["alive, for a service time just before", { expires_at: now + HOUR }, now + HOUR - 1, null],
    ["expired by now, for a past service time inside it", { expires_at: now }, now - HOUR, "ENTITLEMENT_EXPIRED"],
    ["paused", { state: "paused" }, undefined, "ENTITLEMENT_PAUSED"],
    ["revoked", { state: "revoked" }, undefined, "ENTITLEMENT_EXPIRED"],
    [
      "paused, and its time is over: its clock stands still",
      { state: "paused", expires_at: now },
      undefined,
      "ENTITLEMENT_PAUSED",
    ],
    ["paused and over by then", { state: "paused", expires_at: now + 1 }, now + HOUR, "ENTITLEMENT_PAUSED"],
    ["paused and not yet", { state: "paused", effective_at: now + 1 }, undefined, "ENTITLEMENT_PAUSED"],
    ["used up, which is no reason of its own", { available: 0 }, undefined, null],
  ])("%s", (_, changes, appointment_time, reason) => {
    const { candidates, rejected } = sort([lotOf(changes)], { calendar_id: "yoga", appointment_time });
    expect(rejected.map((one) => one.reason)).toEqual(reason === null ? [] : [reason]);
    expect(candidates).toHaveLength(reason === null ? 1 : 0);
  });

  test("a product that is no longer sold is still good for what was bought", () => {
    expect(sort([lotOf()], { calendar_id: "yoga" }, [packOf("pack", {}, false)]).candidates).toHaveLength(1);
  });

  test("a lot whose product config is gone covers nothing: nobody can say what it was for", () => {
    for (const ask of [{ calendar_id: "yoga" }, { product_config_id: "pack" }]) {
      expect(sort([lotOf()], ask, []).rejected).toMatchObject([{ reason: "SERVICE_FAMILY_MISMATCH" }]);
    }
  });
});

describe("Rule 10. What is named limits the choice, never a fall-through to something not asked for", () => {
  const configs = [packOf("pack"), packOf("swim", { calendars: ["pool"] }), packOf("named", { calendars: [] })];
  const lots = configs.map(({ id }) => lotOf({ id, product_config_id: id }));

  test.each<[string, Ask, string[]]>([
    ["the product", { product_config_id: "swim" }, ["swim"]],
    ["the calendar", { calendar_id: "yoga" }, ["pack"]],
    ["both, and both match", { product_config_id: "pack", calendar_id: "yoga" }, ["pack"]],
    ["both, and one does not", { product_config_id: "swim", calendar_id: "yoga" }, []],
    ["a product that nobody holds", { product_config_id: "other" }, []],
    ["a product without calendars, by its name", { product_config_id: "named" }, ["named"]],
  ])("%s", (_, ask, usable) => {
    const { candidates, rejected } = sort(lots, ask, configs);
    expect(candidates.map(({ lot }) => lot.id)).toEqual(usable);
    expect(rejected.map(({ reason }) => reason)).toEqual(
      lots.slice(usable.length).map(() => "SERVICE_FAMILY_MISMATCH"),
    );
  });

  test("T11: a named product that expired or is too small does not borrow from another", () => {
    const both = [packOf("pack"), packOf("top_up")];
    const rest = lotOf({ id: "rest", product_config_id: "top_up" });
    expect(taken([lotOf({ expires_at: now }), rest], { product_config_id: "pack", amount: 1 }, both)).toBeNull();
    expect(taken([lotOf({ available: 2 }), rest], { product_config_id: "pack", amount: 3 }, both)).toBeNull();
  });
});

describe("Rule 9. A charge may be split over lots, in burn order, all or nothing", () => {
  const lots = [
    lotOf({ id: "late", available: 5, expires_at: now + 2 * HOUR }),
    lotOf({ id: "empty", available: 0, expires_at: now + 1 }),
    lotOf({ id: "soon", available: 2, expires_at: now + HOUR }),
  ];

  test.each([
    [1, { soon: 1 }],
    [2, { soon: 2 }],
    [3, { soon: 2, late: 1 }],
    [7, { soon: 2, late: 5 }],
    [8, null],
  ])("%i credits", (amount, expected) => {
    expect(taken(lots, { calendar_id: "yoga", amount })).toEqual(expected);
  });

  test("what is held is not there to be taken", () => {
    expect(taken([lotOf({ granted: 5, available: 2, held: 3 })], { calendar_id: "yoga", amount: 3 })).toBeNull();
  });
});

describe("Rule 11. Without an amount a booking costs what its first product in burn order asks", () => {
  const dear = packOf("dear", { priority: 1, cost_by_calendar: { yoga: 3 } });
  const dear_too = packOf("dear_too", { priority: 2, cost_by_calendar: { yoga: 3 } });
  const cheap = packOf("cheap", { priority: 3 });
  const configs = [dear, dear_too, cheap];
  const holding = (credits: Record<string, number>) =>
    Object.entries(credits).map(([id, available]) => lotOf({ id, product_config_id: id, available }));

  test.each<[string, Record<string, number>, Ask, Record<string, number> | null]>([
    ["the first one's price", { dear: 9, cheap: 9 }, {}, { dear: 3 }],
    ["split over products of the same price", { dear: 1, dear_too: 2, cheap: 9 }, {}, { dear: 1, dear_too: 2 }],
    ["not over different prices: the next is tried whole", { dear: 2, cheap: 1 }, {}, { cheap: 1 }],
    ["the next group may lie between", { dear: 1, cheap: 1, dear_too: 1 }, {}, { cheap: 1 }],
    ["nothing where no group is enough", { dear: 2, cheap: 0 }, {}, null],
    ["an amount that is given wins over every price", { dear: 2, cheap: 1 }, { amount: 3 }, { dear: 2, cheap: 1 }],
    ["a named product has its own price", { dear: 9, cheap: 9 }, { product_config_id: "cheap" }, { cheap: 1 }],
  ])("%s", (_, credits, ask, expected) => {
    expect(taken(holding(credits), { calendar_id: "yoga", ...ask }, configs)).toEqual(expected);
  });

  test("without a calendar there is no price: one credit", () => {
    expect(taken(holding({ dear: 9 }), { product_config_id: "dear" }, configs)).toEqual({ dear: 1 });
  });
});

describe("Rule 12. Unlimited comes first within its priority", () => {
  const gold = (priority: number) => packOf("gold", { priority });
  const lots = [lotOf({ expires_at: now + 1 }), lotOf({ id: "gold", product_config_id: "gold", unlimited: true })];

  test.each([
    ["the same priority", 100, { gold: 4 }],
    ["a later one: the package is tried first and the rest is unlimited", 200, { lot: 2, gold: 2 }],
  ])("%s", (_, priority, expected) => {
    const [pack, unlimited] = lots as [Lot, Lot];
    const two = { ...pack, available: 2 };
    expect(taken([two, unlimited], { calendar_id: "yoga", amount: 4 }, [packOf("pack"), gold(priority)])).toEqual(
      expected,
    );
  });
});
