import { expect, test } from "vitest";
import { MAX_LINES, readIntentLines, readInvoiceLines, readSessionLines } from "./read-lines.ts";

test("A payment intent that says what was bought names the merchant's own codes", () => {
  const line = { product_code: "ten", product_name: "Ten classes", quantity: 2, unit_cost: 2600, discount_amount: 200 };
  expect(readIntentLines([line])).toEqual([
    { product_id: "ten", price_id: null, name: "Ten classes", quantity: 2, amount_cents: 5000 },
  ]);
  for (const strange of [{ unit_cost: null }, { unit_cost: 2 ** 53 - 1 }, { discount_amount: 9999 }]) {
    expect(readIntentLines([{ ...line, ...strange }])[0]?.amount_cents).toBeNull();
  }
});

test("A plan of old days is product and price of its line", () => {
  const line = { amount: 900, plan: { id: "plan_1", product: "prod_1", nickname: "Gold" }, quantity: null };
  expect(readInvoiceLines([line]).items).toEqual([
    { product_id: "prod_1", price_id: "plan_1", name: "Gold", quantity: 1, amount_cents: 900 },
  ]);
});

test("A discount larger than its line leaves nothing, not less", () => {
  const line = { amount: 900, discount_amounts: [{ amount: 600 }, { amount: 600 }] };
  expect(readInvoiceLines([line]).items[0]?.amount_cents).toBe(0);
});

test("No more lines are read than are stored", () => {
  const lines = Array.from({ length: MAX_LINES + 1 }, () => ({ amount: 1, unit_cost: 1, amount_total: 1 }));
  expect(readInvoiceLines(lines).items).toHaveLength(MAX_LINES);
  expect(readSessionLines(lines)).toHaveLength(MAX_LINES);
  expect(readIntentLines(lines)).toHaveLength(MAX_LINES);
});
