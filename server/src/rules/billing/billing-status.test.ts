import { expect, test } from "vitest";
import { allowsMutations, BILLING_STATUSES } from "./billing-status.ts";

test("Rule 37. Mutations run while trialing, active and past due, and in no other state", () => {
  expect(BILLING_STATUSES.filter(allowsMutations)).toEqual(["trialing", "active", "past_due"]);
});
