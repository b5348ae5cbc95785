import { expect, test } from "vitest";
import { allowsMutations, BILLING_STATUSES, statusOfNewLocation, statusOfNewWorkspace } from "./billing-status.ts";

test("Rule 37. Mutations run while trialing, active and past due, and in no other state", () => {
  expect(BILLING_STATUSES.filter(allowsMutations)).toEqual(["trialing", "active", "past_due"]);
});

test("Rule 38. A location is pending until billing allows it; a sandbox never is", () => {
  const active = BILLING_STATUSES.filter(
    (billing_status) => statusOfNewLocation({ billing_status }, { sandbox: false }) === "active",
  );
  expect(active).toEqual(["trialing", "active", "past_due"]);
  expect(statusOfNewLocation({ billing_status: "none" }, { sandbox: true })).toBe("active");
});

test("a workspace of a server that bills nobody begins active, else without a subscription", () => {
  expect(statusOfNewWorkspace({ is_billed: false })).toBe("active");
  expect(statusOfNewWorkspace({ is_billed: true })).toBe("none");
});
