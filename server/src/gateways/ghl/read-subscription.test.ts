import { expect, test } from "vitest";
import { readSubscription } from "./read-subscription.ts";
import { subscriptionShape } from "./subscriptions.ts";

const seen_at = Date.parse("2026-04-01T00:00:00Z");
const period_end = Date.parse("2026-05-01T00:00:00Z") / 1000;

const read = (facts: Record<string, unknown>, snapshot: Record<string, unknown> = {}) => {
  const wire = {
    _id: "rec1",
    subscriptionId: "sub_1",
    contactId: "contact1",
    status: "active",
    updatedAt: "2026-03-01T00:00:00.000Z",
    subscriptionSnapshot: { id: "sub_1", current_period_end: period_end, ...snapshot },
    ...facts,
  };
  return readSubscription(subscriptionShape.parse(wire)!, seen_at);
};

test.each([
  ["active", "active"],
  ["trialing", "active"],
  ["past_due", "past_due"],
  ["unpaid", "past_due"],
  ["canceled", "ended"],
  ["expired", "ended"],
  ["incomplete_expired", "ended"],
  ["pending", "other"],
  ["something new", "other"],
])("a subscription that is %s is %s", (word, status) => {
  expect(read({ status: word })).toMatchObject({ status, subscription_id: "sub_1" });
});

test("it is read whole", () => {
  expect(read({ contactName: "Ada Moss", contactEmail: "ada@example.com" })).toEqual({
    provider: "ghl",
    subscription_id: "sub_1",
    status: "active",
    ends_at: null,
    is_live: true,
    contact: { external_id: "contact1", email: "ada@example.com", phone: null, name: "Ada Moss" },
    changed_at: Date.parse("2026-03-01T00:00:00Z"),
  });
  expect(read({ liveMode: false }).is_live).toBe(false);
});

test("one that is to end says when, in either shape of Stripe's", () => {
  expect(read({}, { cancel_at_period_end: true })).toMatchObject({ status: "ending", ends_at: period_end * 1000 });
  const items = { data: [{ current_period_end: period_end }] };
  const new_shape = { cancel_at_period_end: true, current_period_end: undefined, items };
  expect(read({}, new_shape)).toMatchObject({ status: "ending", ends_at: period_end * 1000 });
  expect(read({}, { cancel_at: period_end - 60 })).toMatchObject({
    status: "ending",
    ends_at: (period_end - 60) * 1000,
  });
});

test("one that has ended says since when", () => {
  const ended = read({ status: "canceled", canceledAt: "2026-03-10T00:00:00.000Z" });
  expect(ended).toMatchObject({ status: "ended", ends_at: Date.parse("2026-03-10T00:00:00Z") });
});

test("another provider's snapshot, or none, is read without it", () => {
  const paypal = read({ subscriptionId: "I-0UE609H8E43P" }, { items: "?", cancel_at: "soon" });
  expect(paypal).toMatchObject({ status: "active", ends_at: null, subscription_id: "I-0UE609H8E43P" });
  expect(read({ subscriptionId: null, subscriptionSnapshot: null, updatedAt: null })).toMatchObject({
    subscription_id: "rec1",
    changed_at: seen_at,
  });
});
