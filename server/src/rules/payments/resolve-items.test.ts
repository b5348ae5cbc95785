import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalogOf, packOf } from "../testing.ts";
import { resolveItem, waitingItems } from "./resolve-items.ts";
import { itemOf } from "./testing-payments.ts";

const resolve = (
  configs: ReturnType<typeof packOf>[],
  item: Parameters<typeof itemOf>[0],
  no_credits: string[] = [],
) => {
  const [waiting] = waitingItems([itemOf(item)], null);
  const resolved = resolveItem(waiting!, catalogOf(configs, { no_credit_products: new Set(no_credits) }));
  if (resolved.status === "matched") return resolved.config.id;
  return resolved.status === "unmatched" ? resolved.reason : resolved.status;
};

describe("Rule 33. An item resolves to exactly one active product config", () => {
  const whole = packOf("whole", { ghl_product_id: "p" });
  const by_price = packOf("by_price", { ghl_price_id: "p1" });
  const one_price = packOf("one_price", { ghl_product_id: "p", ghl_price_id: "p1" });

  test.each([
    ["a product's mapping", [whole], { product_id: "p" }, "whole"],
    ["a price's mapping beats its product's", [whole, by_price], { product_id: "p", price_id: "p1" }, "by_price"],
    ["another price of the product", [whole, by_price], { product_id: "p", price_id: "p2" }, "whole"],
    [
      "a config of one price only, and another price",
      [one_price],
      { product_id: "p", price_id: "p2" },
      "NO_PRODUCT_CONFIG",
    ],
    ["a config of one price only, and no word of the price", [one_price], { product_id: "p" }, "one_price"],
    ["a Stripe product", [packOf("s", { stripe_product_id: "p" })], { product_id: "p", price_id: "x" }, "s"],
    ["none", [whole], { product_id: "q" }, "NO_PRODUCT_CONFIG"],
    ["no product named at all", [whole, packOf("bare")], { product_id: null }, "NO_PRODUCT_CONFIG"],
    ["several", [whole, packOf("twin", { ghl_product_id: "p" })], { product_id: "p" }, "SEVERAL_PRODUCT_CONFIGS"],
    [
      "several, and one is not sold",
      [whole, packOf("old", { ghl_product_id: "p" }, false)],
      { product_id: "p" },
      "whole",
    ],
    ["a thousand of it", [whole], { product_id: "p", quantity: 1000 }, "whole"],
    ["more than a thousand of it", [whole], { product_id: "p", quantity: 1001 }, "QUANTITY_OUT_OF_RANGE"],
    ["none of it", [whole], { product_id: "p", quantity: 0 }, "QUANTITY_OUT_OF_RANGE"],
  ])("%s", (_, configs, item, expected) => {
    expect(resolve(configs, item)).toBe(expected);
  });

  test("a product marked as granting nothing grants nothing, unless it is mapped", () => {
    expect(resolve([], { product_id: "p" }, ["ghl:p"])).toBe("no_credits");
    expect(resolve([by_price], { product_id: "p", price_id: "p1" }, ["ghl:p"])).toBe("by_price");
  });
});

describe("Rule 34. An item that does not say what it cost has its share of the payment", () => {
  test("by largest remainder, in the ratio of the quantities", () => {
    const amounts = (quantities: number[], amount: number | null) =>
      waitingItems(
        quantities.map((quantity) => itemOf({ quantity })),
        amount,
      ).map((item) => item.amount_cents);
    expect(amounts([1, 1, 1], 100)).toEqual([34, 33, 33]);
    expect(amounts([3, 1], 1000)).toEqual([750, 250]);
    expect(amounts([1, 1], null)).toEqual([null, null]);
    expect(waitingItems([itemOf({ amount_cents: 80 }), itemOf()], 100).map((item) => item.amount_cents)).toEqual([
      80, 20,
    ]);
  });

  test("the shares always add up to the payment", () => {
    const quantities = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(quantities, fc.integer({ min: 0, max: 10 ** 9 }), (all, amount) => {
        const items = waitingItems(
          all.map((quantity) => itemOf({ quantity })),
          amount,
        );
        expect(items.reduce((sum, item) => sum + (item.amount_cents ?? 0), 0)).toBe(amount);
      }),
    );
  });
});
