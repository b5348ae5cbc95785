import { describe, expect, test } from "vitest";
import { itemOf, TestPayments } from "../payments/testing-payments.ts";
import type { ToldSubscription } from "../payments/told.ts";
import { at, catalogOf, membershipOf, NEW_YORK } from "../testing.ts";
import { DAY, HOUR, type Instant } from "../time/local-days.ts";
import { decideFollowSubscription } from "./follow-subscription.ts";
import { decideFreeze } from "./freeze.ts";

/** The provider's boundaries, and a membership that rolls over, its first period paid. */
const boundary = (month: number) => at(`2026-0${String(month)}-10T15:00`);

function open(grace_days = 7) {
  const gold = membershipOf("gold", { stripe_product_id: "prod_gold", rollover: "all", grace_days });
  const settings = { timezone: NEW_YORK, stripe_settle_seconds: 0 };
  const ledger = new TestPayments(catalogOf([gold], settings), boundary(1));
  const wait = (until: Instant) => {
    ledger.now = until;
    ledger.settle();
  };
  const pay = (month: number, told_at = boundary(month)) => {
    ledger.now = told_at;
    const period = { start_at: boundary(month), end_at: boundary(month + 1) };
    const items = [itemOf({ product_id: "prod_gold" })];
    const names = [`in_${String(month)}`];
    return ledger.pay({ names, items, paid_at: boundary(month), period, subscription_id: "sub_1" });
  };
  pay(1);
  const only = () => {
    const memberships = [...ledger.memberships.values()];
    expect(memberships).toHaveLength(1);
    return memberships[0]!;
  };
  const follow = (status: ToldSubscription["status"], ends_at: Instant | null) => {
    const contact = { external_id: "ext", email: null, phone: null, name: null };
    const told = { provider: "stripe", subscription_id: "sub_1", status, is_live: true } as const;
    const subscription: ToldSubscription = { ...told, ends_at, contact, changed_at: ledger.now };
    return ledger.decide(decideFollowSubscription, { subscription }, ledger.factsWithHistory());
  };
  return {
    ledger,
    wait,
    pay,
    only,
    ending: (ends_at: Instant) => follow("ending", ends_at),
    ended: () => follow("ended", null),
    freeze(from_on: string, to_on: string) {
      const ask = { membership_id: only().id, from_on, to_on };
      return ledger.decide(decideFreeze, ask, ledger.factsWithHistory()).outcome.reason_code;
    },
    entries: () =>
      ledger.entries.map(({ type, amount, occurred_at }) => ({ entry: `${type} ${String(amount)}`, occurred_at })),
  };
}

describe("Rules 24, 26. An agreement that is to end later, and is paid by the month", () => {
  test("waits for its payment at each boundary before that, and goes on with it", () => {
    const { wait, pay, only, ending, entries } = open();
    wait(boundary(1) + DAY);
    ending(boundary(7));
    wait(boundary(2) + HOUR);
    expect(only()).toMatchObject({ status: "past_due", ends_at: boundary(7) });
    pay(2, boundary(2) + 2 * HOUR);
    expect(only()).toMatchObject({ status: "active", open_until: boundary(3) });
    expect(entries().at(-1)).toEqual({ entry: "rollover 8", occurred_at: boundary(2) });
  });

  test("ends with the boundary that it was to end at", () => {
    const { wait, only, ending } = open();
    ending(boundary(2));
    wait(boundary(2));
    expect(only().status).toBe("ended");
  });
});

describe("Rules 18, 24. A subscription that ended while it was past due, and a payment made before that", () => {
  const end_of = ({ only, ledger }: ReturnType<typeof open>) => {
    const { status, ends_at, open_until, periods } = only();
    return { status, ends_at, open_until, starts: periods.map(({ start_at }) => start_at), balance: ledger.balance };
  };
  const ended_at = boundary(2) + 9 * DAY;

  test.each([ended_at + HOUR, boundary(3) - HOUR, boundary(3) + DAY, boundary(5)])(
    "end the same in either order: the payment opens its period, and the membership ends with it (%d)",
    (told_at) => {
      const [in_order, late] = [open(), open()];
      for (const member of [in_order, late]) {
        member.wait(ended_at);
        if (member === in_order) member.pay(2, ended_at);
        member.ended();
        member.wait(told_at);
      }
      expect(late.only().status).toBe("ended");
      late.pay(2, told_at);
      expect(end_of(late)).toEqual(end_of(in_order));
      expect(late.only().ends_at).toBe(boundary(3));
      for (const member of [in_order, late]) member.wait(boundary(6));
      expect(end_of(late)).toEqual(end_of(in_order));
      expect(late.only().status).toBe("ended");
    },
  );

  test.each([true, false])("also where one batch takes all of it: %s", (is_batch) => {
    const member = open();
    member.wait(boundary(2) + 9 * DAY);
    member.ledger.is_batch = is_batch;
    member.ended();
    member.pay(2, member.ledger.now);
    expect(member.only()).toMatchObject({ status: "active", ends_at: boundary(3) });
  });

  test("one that is made after the end begins another membership (clarification 19)", () => {
    const { ledger, wait, pay, ended } = open();
    wait(boundary(2) + DAY);
    ended();
    pay(3, boundary(3));
    expect([...ledger.memberships.values()].map(({ status }) => status)).toEqual(["ended", "active"]);
  });
});

describe("Rules 18, 22, 26. A period that is paid before the one ahead of it", () => {
  const whole = 8;

  test("waits for its start: the boundary between passes unpaid, grace ends, and nothing of the first period rolls into it", () => {
    const { ledger, wait, pay, only, entries } = open();
    pay(3, boundary(1) + DAY);
    wait(boundary(2));
    expect(only()).toMatchObject({ status: "past_due", open_until: boundary(2), grace_until: at("2026-02-17T00:00") });
    wait(boundary(3) - HOUR);
    expect(only().status).toBe("suspended");
    expect(ledger.contact.next_due_at).toBe(boundary(3));
    wait(boundary(3));
    expect(only()).toMatchObject({ status: "active", open_until: boundary(4), grace_until: null });
    expect(entries().filter(({ entry }) => !entry.startsWith("grant"))).toEqual([
      { entry: "expire 8", occurred_at: at("2026-02-17T00:00") },
    ]);
    expect(ledger.balance).toBe(whole);
  });

  test.each([boundary(1) + DAY, boundary(2) + DAY, boundary(3), boundary(3) + DAY])(
    "takes over what is left where grace still holds at its start, whenever it was told (%d)",
    (told_at) => {
      const { ledger, wait, pay, only, entries } = open(40);
      wait(told_at);
      pay(3, told_at);
      wait(boundary(3) + DAY);
      expect(only()).toMatchObject({ status: "active", open_until: boundary(4), lots_in_grace: [] });
      expect(entries().at(-1)).toEqual({ entry: "rollover 8", occurred_at: boundary(3) });
      expect(ledger.balance).toBe(2 * whole);
    },
  );

  test("is no hole any more when the missed one is paid: that opens, and the next boundary is its own", () => {
    const { wait, pay, only, entries } = open();
    pay(3, boundary(1) + DAY);
    wait(boundary(2) + DAY);
    pay(2, boundary(2) + DAY);
    expect(only()).toMatchObject({ status: "active", open_until: boundary(3) });
    wait(boundary(3));
    expect(only()).toMatchObject({ status: "active", open_until: boundary(4) });
    const rolled = entries().filter(({ entry }) => entry.startsWith("rollover"));
    expect(rolled.map(({ occurred_at }) => occurred_at)).toEqual([boundary(2), boundary(3)]);
  });

  test("keeps a membership that is to end with it from ending in the gap", () => {
    const { wait, pay, only, ending } = open(100);
    pay(3, boundary(1) + DAY);
    ending(boundary(4));
    wait(boundary(3) + DAY);
    expect(only().status).toBe("active");
    wait(boundary(4));
    expect(only().status).toBe("ended");
  });

  test("is lived to its end where the subscription ends in the gap", () => {
    const { wait, pay, only, ending } = open();
    pay(3, boundary(1) + DAY);
    wait(boundary(2) + DAY);
    ending(boundary(4));
    expect(only()).toMatchObject({ status: "past_due", ends_at: boundary(4) });
    wait(boundary(3));
    expect(only().status).toBe("active");
  });
});

describe("Rules 22, 23. Paid while it stands still over its boundary", () => {
  test.each(["2026-02-10T15:00", "2026-02-15T09:00", "2026-02-21T00:00", "2026-02-22T09:00"])(
    "what is left rolls over when it goes on, though the payment was told at %s",
    (told_at) => {
      const { ledger, wait, pay, only, freeze, entries } = open();
      expect(freeze("2026-02-01", "2026-02-21")).toBe("membership_frozen");
      pay(2, at(told_at));
      wait(at("2026-03-09T00:00"));
      expect(only()).toMatchObject({ status: "active", open_until: boundary(3) });
      expect(entries()).toEqual([
        { entry: "grant 8", occurred_at: boundary(1) },
        { entry: "grant 8", occurred_at: boundary(2) },
        { entry: "rollover 8", occurred_at: at("2026-02-21T00:00") },
      ]);
      expect(ledger.balance).toBe(16);
    },
  );
});
