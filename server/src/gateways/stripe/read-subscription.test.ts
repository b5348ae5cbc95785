import { describe, expect, test } from "vitest";
import { eventOf, FEBRUARY, HAPPENED, old_subscription, readAs, seconds, subscription } from "./testing-events.ts";

const read = (changes: object, type = "customer.subscription.updated") =>
  readAs("subscription", eventOf(type, { ...subscription, ...changes })).subscription;

test("A subscription says whose it is and since when it stands so", () => {
  expect(read({})).toMatchObject({
    subscription_id: "sub_1",
    status: "active",
    ends_at: null,
    changed_at: HAPPENED,
    contact: { external_id: "contact-1" },
  });
});

describe("How a subscription stands", () => {
  test.each([
    ["trialing", "active"],
    ["past_due", "past_due"],
    ["unpaid", "past_due"],
    ["paused", "other"],
    ["incomplete", "other"],
    ["incomplete_expired", "ended"],
    ["a word of tomorrow", "other"],
  ])("%s is %s", (status, told) => {
    expect(read({ status }).status).toBe(told);
  });

  test("deleted is ended, whenever it says that it ended", () => {
    const deleted = read({ status: "canceled", ended_at: seconds(FEBRUARY) }, "customer.subscription.deleted");
    expect(deleted).toMatchObject({ status: "ended", ends_at: FEBRUARY });
    expect(read({}, "customer.subscription.deleted")).toMatchObject({ status: "ended", ends_at: HAPPENED });
  });
});

describe("Rule 24. A subscription that is to end is ending, and says when", () => {
  test.each([
    ["new", subscription],
    ["old", old_subscription],
  ])("at the end of its period, in the %s shape", (_, object) => {
    expect(read({ ...object, cancel_at_period_end: true })).toMatchObject({ status: "ending", ends_at: FEBRUARY });
  });

  test("or at a day of its own", () => {
    expect(read({ cancel_at: seconds(FEBRUARY) + 60 })).toMatchObject({ status: "ending", ends_at: FEBRUARY + 60_000 });
  });

  test("Rule 26. Also while a payment is missing", () => {
    expect(read({ status: "past_due", cancel_at_period_end: true }).status).toBe("ending");
  });
});

test("Without a contact's id or address the customer is asked for", () => {
  const event = eventOf("customer.subscription.created", { ...subscription, metadata: {} });
  expect(readAs("subscription", event)).toMatchObject({ customer: "cus_1", lookups: ["contact"] });
});
