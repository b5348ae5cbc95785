import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Context, Decision, Facts } from "../decision.ts";
import type { ToldSubscription } from "../payments/told.ts";
import { at } from "../testing.ts";
import { DAY, type Instant } from "../time/local-days.ts";
import { decideFollowSubscription } from "./follow-subscription.ts";
import { openBooks } from "./open-command.ts";
import { payPeriod } from "./pay-period.ts";
import { openMember } from "./testing-membership.ts";

const began = at("2026-01-10T15:00");
const end_at = began + 30 * DAY;

/** Thirty days that Stripe billed for a subscription, paid as they began. */
function decideBill(facts: Facts, { sub, from }: { sub: string; from: Instant }, context: Context): Decision {
  const books = openBooks(facts, context);
  if (!("lots" in books)) return books;
  const payment = { paid_at: from, payment_event_id: `${sub} ${String(from)}`, payment_item: 1, quantity: 1 };
  const period = { start_at: from, end_at: from + 30 * DAY };
  const config = facts.catalog.configs.get("gold")!;
  payPeriod(books, config, { ...payment, period, subscription_id: `stripe:${sub}` }, facts.catalog, context);
  return { outcome: { reason_code: "due_settled" }, changes: books.changes(), member: books.member() };
}

function open() {
  const member = openMember({ gold: {} }, "2026-01-10T15:00");
  const bill = (sub: string, from: Instant, told_at = from) => {
    member.wait(told_at);
    member.command(decideBill, { sub, from });
  };
  bill("sub_1", began);
  const tell = (status: ToldSubscription["status"], changed_at: Instant, more: Partial<ToldSubscription> = {}) =>
    member.command(decideFollowSubscription, {
      subscription: {
        provider: "stripe",
        subscription_id: "sub_1",
        status,
        ends_at: null,
        is_live: true,
        contact: { external_id: "ext", email: null, phone: null, name: null },
        changed_at,
        ...more,
      },
    });
  return { ...member, bill, tell };
}

describe("Rule 24. A membership follows its subscription", () => {
  test("ending: it ends when the provider says, and does not become past due", () => {
    const member = open();
    expect(member.tell("ending", began + DAY, { ends_at: end_at })).toMatchObject({
      reason_code: "subscription_followed",
      membership: { status: "active", ends_at: new Date(end_at).toISOString() },
    });
    member.settle(end_at);
    expect(member.membership().status).toBe("ended");
  });

  test("active again: undone; but what staff ended stays ended", () => {
    const member = open();
    member.tell("ending", began + DAY, { ends_at: end_at });
    member.tell("active", began + 2 * DAY);
    expect(member.membership().ends_at).toBeNull();
    const { id } = member.membership();
    member.ledger.memberships.set(id, { ...member.membership(), ends_at: end_at });
    member.tell("active", began + 3 * DAY);
    expect(member.membership().ends_at).toBe(end_at);
  });

  test("ended: at the end of what is paid, and at once where that is over", () => {
    const [early, late] = [open(), open()];
    early.tell("ended", began + DAY);
    expect(early.membership()).toMatchObject({ status: "active", ends_at: end_at });
    late.settle(end_at + DAY);
    late.tell("ended", end_at + DAY);
    expect(late.membership().status).toBe("ended");
  });

  test("changed and ended within one second: ended, whichever is told first", () => {
    for (const told of [["active", "ended"] as const, ["ended", "active"] as const]) {
      const member = open();
      for (const status of told) member.tell(status, began + DAY);
      expect(member.membership()).toMatchObject({ ends_at: end_at, subscription_told: { status: "ended" } });
    }
  });

  test("past due: nothing beyond the boundary that passes unpaid (rule 26); another status: nothing at all", () => {
    const member = open();
    member.tell("past_due", began + DAY);
    expect(member.membership()).toMatchObject({ status: "active", ends_at: null });
    member.tell("ending", began + 2 * DAY, { ends_at: end_at });
    member.tell("other", began + 3 * DAY);
    expect(member.membership().ends_at).toBe(end_at);
  });

  test("another's subscription and a test one change nothing", () => {
    const member = open();
    expect(member.tell("ended", began, { subscription_id: "sub_2" })).toMatchObject({ membership: null });
    member.tell("ended", began, { is_live: false });
    expect(member.membership().ends_at).toBeNull();
  });

  test("in whatever order and how often it is told, the latest change holds", () => {
    const told = [
      ["ending", 1],
      ["active", 2],
      ["past_due", 3],
      ["ending", 4],
      ["active", 5],
      ["ended", 6],
    ] as const;
    const anyDeliveries = fc.array(fc.nat(told.length - 1), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(anyDeliveries, (deliveries) => {
        const [shuffled, in_order] = [open(), open()];
        for (const i of deliveries) shuffled.tell(told[i]![0], began + told[i]![1] * DAY, { ends_at: end_at });
        const latest = Math.max(...deliveries);
        in_order.tell(told[latest]![0], began + told[latest]![1] * DAY, { ends_at: end_at });
        expect(shuffled.membership().ends_at).toBe(in_order.membership().ends_at);
        expect(shuffled.membership().subscription_told).toEqual(in_order.membership().subscription_told);
      }),
    );
  });
});

describe("Clarification 19. Two subscriptions of one product pay one membership", () => {
  const later = began + 12 * DAY;
  const openTwo = () => {
    const member = open();
    member.bill("sub_2", later);
    return member;
  };

  test("which follows the one that paid its latest period, though the other's payment was told after it", () => {
    const member = open();
    member.bill("sub_2", end_at + 12 * DAY);
    member.bill("sub_1", end_at, end_at + 13 * DAY);
    expect(member.membership()).toMatchObject({ subscription_id: "stripe:sub_2" });
    expect(member.membership().periods).toHaveLength(3);
  });

  test("which follows the one that paid last: the end of the other changes nothing", () => {
    const member = openTwo();
    expect(member.ledger.memberships.size).toBe(1);
    expect(member.tell("ended", later + DAY)).toMatchObject({ membership: null });
    expect(member.membership()).toMatchObject({ ends_at: null, subscription_id: "stripe:sub_2" });
  });

  test("where that one ends, the next payment of the other comes before the end of what is paid, and undoes it", () => {
    const member = openTwo();
    member.tell("ended", later + DAY, { subscription_id: "sub_2" });
    expect(member.membership().ends_at).toBe(later + 30 * DAY);
    member.bill("sub_1", end_at);
    expect(member.membership()).toMatchObject({ ends_at: null, subscription_id: "stripe:sub_1" });
    member.tell("ended", end_at + DAY, { subscription_id: "sub_2" });
    member.settle(later + 31 * DAY);
    expect(member.membership()).toMatchObject({ status: "active", ends_at: null });
  });

  test("where both end, it ends with what is paid", () => {
    const member = openTwo();
    member.tell("ended", later + DAY, { subscription_id: "sub_1" });
    member.tell("ended", later + 2 * DAY, { subscription_id: "sub_2" });
    member.settle(later + 30 * DAY);
    expect(member.membership().status).toBe("ended");
  });
});
