import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY } from "../time/local-days.ts";
import { allowsMutations } from "./billing-status.ts";
import { nextReading, pastDueSince, statusOfSubscription, type BilledSubscription } from "./subscription.ts";

const NOW = Date.UTC(2026, 10, 21, 9);

const subscription: BilledSubscription = {
  subscription_id: "sub_1",
  item_id: "si_1",
  status: "active",
  quantity: 1,
  trial_ends_at: null,
  period_ends_at: NOW + 20 * DAY,
  cancels_at: null,
  ended_at: null,
  unpaid_since: null,
};

describe("Rule 37. A subscription at Stripe means for its workspace", () => {
  test.each([
    ["trialing", "trialing"],
    ["active", "active"],
    ["past_due", "past_due"],
    ["unpaid", "suspended"],
    ["paused", "suspended"],
    ["incomplete", "suspended"],
    ["canceled", "cancelled"],
    ["incomplete_expired", "cancelled"],
    ["a word of the future", "suspended"],
  ])("%s: %s", (status, means) => {
    expect(statusOfSubscription(status, NOW, NOW)).toBe(means);
  });

  test("a failed payment leaves seven days, to the millisecond", () => {
    const at = (now: number) => statusOfSubscription("past_due", NOW, now);
    expect(at(NOW + 7 * DAY - 1)).toBe("past_due");
    expect(at(NOW + 7 * DAY)).toBe("suspended");
    expect(allowsMutations(at(NOW + 7 * DAY))).toBe(false);
  });
});

describe("Rule 37. The grace of a failed payment", () => {
  test("begins with the invoice that waits, and with the telling where none is named", () => {
    expect(pastDueSince({ status: "past_due", unpaid_since: NOW - DAY }, null, NOW)).toBe(NOW - DAY);
    expect(pastDueSince({ status: "past_due", unpaid_since: null }, null, NOW)).toBe(NOW);
  });

  test("does not begin again with a later invoice that fails too", () => {
    const first = pastDueSince({ status: "past_due", unpaid_since: NOW - 5 * DAY }, null, NOW - 5 * DAY);
    expect(pastDueSince({ status: "past_due", unpaid_since: NOW }, first, NOW)).toBe(NOW - 5 * DAY);
  });

  test("is forgotten once it is paid: the next failure has its own", () => {
    expect(pastDueSince({ status: "active", unpaid_since: null }, NOW - 5 * DAY, NOW)).toBeNull();
  });

  test("is the same in whatever order failures are told", () => {
    const instants = fc.array(fc.integer({ min: 0, max: NOW }), { minLength: 1 });
    fc.assert(
      fc.property(instants, fc.integer(), (tellings, seed) => {
        const told = (order: number[]) =>
          order.reduce<number | null>(
            (known, unpaid_since) => pastDueSince({ status: "past_due", unpaid_since }, known, NOW),
            null,
          );
        const turned = tellings.toSorted((a, b) => ((a ^ seed) & 0xffff) - ((b ^ seed) & 0xffff));
        expect(told(turned)).toBe(told(tellings));
      }),
    );
  });
});

describe("Stripe is asked again", () => {
  test("after a day where nothing is due", () => {
    expect(nextReading(subscription, null, NOW)).toBe(NOW + DAY);
  });

  test.each([
    ["the end of the trial", { trial_ends_at: NOW + 1000 }, null, NOW + 61_000],
    ["a renewal", { period_ends_at: NOW + 1000 }, null, NOW + 61_000],
    ["an end that was asked for", { cancels_at: NOW + 1000 }, null, NOW + 61_000],
    ["the end of the grace", { status: "past_due" }, NOW - 7 * DAY + 1000, NOW + 1000],
  ])("as soon as %s is there", (_, fields, past_due_since, wanted) => {
    expect(nextReading({ ...subscription, ...fields }, past_due_since, NOW)).toBe(wanted);
  });
});
