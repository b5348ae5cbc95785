import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProductTerms } from "../catalog/product-terms.ts";
import { decideAdjust } from "../credits/adjust.ts";
import type { Lot } from "../credits/lot.ts";
import { brokenInvariants } from "../credits/testing-audit.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { isSuccess } from "../outcome.ts";
import { at, contextOf, NEW_YORK } from "../testing.ts";
import { addDays, DAY, HOUR, localDate, type Instant } from "../time/local-days.ts";
import { decideCancel, decideResume } from "./cancel.ts";
import { decideChangePlan } from "./change-plan.ts";
import { decideFreeze } from "./freeze.ts";
import { freezeAt, nextDueOf } from "./membership.ts";
import { openBooks } from "./open-command.ts";
import { payPeriod } from "./pay-period.ts";
import { openMember } from "./testing-membership.ts";
import { decideUnfreeze } from "./unfreeze.ts";

/** Plans that differ in every policy of a membership. */
const plans: Record<string, ProductTerms> = {
  gold: { rollover: { cap: 3, max_balance: 10 }, grace_days: 5, freeze: { max_days: 40 } },
  auto: { renewal: "schedule", rollover: "all", monthly_credits: 4, grace_days: 0 },
  term: { term_months: 3, anchor: "calendar_month", monthly_credits: 6, expiry_days: 9 },
  open: { monthly_credits: "unlimited", freeze: { max_per_year: 2 } },
};
const names = Object.keys(plans);
const began = "2026-01-31T15:00";

const plan = fc.constantFrom(...names);
const hours = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 100, max: 900 }));
const kindOf = <K extends string>(kind: K) => fc.constant(kind);
const anyStep = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: kindOf("wait"), hours }) },
  { weight: 4, arbitrary: fc.record({ kind: kindOf("pay"), plan, ago: fc.constantFrom(0, 0, 0, 1, 30, 400, 900) }) },
  { weight: 2, arbitrary: fc.record({ kind: kindOf("bill"), nth: fc.nat(6) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kindOf("use"), amount: fc.integer({ min: 1, max: 5 }), ahead: fc.nat(40) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kindOf("freeze"),
      plan,
      from: fc.option(fc.integer({ min: -28, max: 30 }), { nil: undefined }),
      days: fc.option(fc.integer({ min: 1, max: 45 }), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kindOf("unfreeze"), plan }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kindOf("cancel"),
      plan,
      mode: fc.constantFrom("now" as const, "at_period_end" as const),
      keep_credits: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kindOf("resume"), plan }) },
  { weight: 1, arbitrary: fc.record({ kind: kindOf("change"), plan, to: plan }) },
  { weight: 1, arbitrary: fc.record({ kind: kindOf("adjust"), plan, amount: fc.constantFrom(-2, 3) }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;
const anyHistory = fc
  .tuple(plan, fc.array(anyStep, { minLength: 1, maxLength: 25, size: "max" }))
  .map(([first, steps]): Step[] => [{ kind: "pay", plan: first, ago: 0 }, ...steps]);

type Member = ReturnType<typeof openMember>;

/** A payment by a provider that bills `gold` every thirty days from the start. */
function decideBill(facts: Facts, nth: number, context: Context): Decision {
  const books = openBooks(facts, context);
  if (!("lots" in books)) return books;
  const config = facts.catalog.configs.get("gold")!;
  const start_at = at(began) + nth * 30 * DAY;
  payPeriod(
    books,
    config,
    {
      paid_at: Math.min(context.now, start_at + HOUR),
      payment_event_id: `bill-${String(nth)}`,
      payment_item: 1,
      quantity: 1,
      period: { start_at, end_at: start_at + 30 * DAY },
      subscription_id: "stripe:sub_1",
    },
    facts.catalog,
    context,
  );
  return { outcome: { reason_code: "due_settled" }, changes: books.changes(), member: books.member() };
}

/** One of the member's memberships, ended or not: which, the plan decides. */
function membershipOn(member: Member, plan_of: string): { membership_id: string } {
  const ids = [...member.ledger.memberships.keys()];
  return { membership_id: ids[names.indexOf(plan_of) % ids.length] ?? "none" };
}

/** What the step answered; null where its input was not well-formed. */
function take(member: Member, step: Step): { reason_code: string } | null {
  const { ledger } = member;
  const today = localDate(ledger.now, NEW_YORK);
  try {
    switch (step.kind) {
      case "wait":
        ledger.now += step.hours * HOUR;
        return null;
      case "pay":
        return ledger.grant(step.plan, { paid_at: ledger.now - step.ago * HOUR });
      case "bill":
        return member.command(decideBill, step.nth);
      case "use":
        return ledger.deduct({
          calendar_id: "yoga",
          amount: step.amount,
          appointment_time: ledger.now + step.ahead * DAY,
        }).outcome;
      case "freeze": {
        const from_on = step.from === undefined ? undefined : addDays(today, step.from);
        const to_on = step.days === undefined ? undefined : addDays(from_on ?? today, step.days);
        return member.command(decideFreeze, { ...membershipOn(member, step.plan), from_on, to_on });
      }
      case "unfreeze":
        return member.command(decideUnfreeze, membershipOn(member, step.plan));
      case "cancel":
        return member.command(decideCancel, { ...step, ...membershipOn(member, step.plan) });
      case "resume":
        return member.command(decideResume, membershipOn(member, step.plan));
      case "change":
        return member.command(decideChangePlan, { ...membershipOn(member, step.plan), product_config_id: step.to });
      case "adjust":
        return member.command(decideAdjust, { product_config_id: step.plan, amount: step.amount, reason: "goodwill" });
    }
  } catch (error) {
    if (String(error).includes("not decided")) return null;
    throw error;
  }
}

function withoutIds(lot: Lot): Lot {
  return { ...lot, id: "", parent_id: null, membership_id: null, payment_event_id: null };
}

/** Lots and entries without their ids, which depend on who opened them first. */
function booksOf({ ledger }: Member) {
  const nameOf = ({ origin, product_config_id, effective_at, period_start_at, created_at }: Lot) =>
    [origin, product_config_id, effective_at, period_start_at, created_at].join(" ");
  const lots = ledger.lots.map((lot) => ({
    ...withoutIds(lot),
    freezes: lot.freezes?.map(({ from_at, to_at }) => [from_at, to_at]) ?? null,
  }));
  return {
    // What falls due at one instant is taken in the order of ids.
    entries: ledger.entries
      .map(({ type, amount, balance_after, occurred_at, entitlement_id }) =>
        [occurred_at, type, amount, balance_after, nameOf(ledger.lot(entitlement_id))].join(" "),
      )
      .sort(),
    lots: lots.map((lot) => JSON.stringify(lot)).sort(),
    memberships: [...ledger.memberships.values()].map(
      ({ product_config_id, status, open_until, ends_at, periods }) => ({
        product_config_id,
        status,
        open_until,
        ends_at,
        starts: periods.map(({ start_at, end_at }) => [start_at, end_at]),
      }),
    ),
  };
}

const open = () => openMember(plans, began);

describe("Rules 18, 20, 22, 23, 24, 25, 26. Over any history of memberships", () => {
  test("the books stay whole after every step (rule 6), and what a membership says of itself agrees", () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const member = open();
        for (const step of steps) {
          take(member, step);
          expect(brokenInvariants(member.ledger)).toEqual([]);
          for (const membership of member.ledger.memberships.values()) {
            const { status, grace_until, freezes, open_until, renewal } = membership;
            expect((status === "past_due") === (grace_until !== null)).toBe(true);
            const live = freezes.filter((freeze) => freeze.status !== "cancelled");
            live.forEach((freeze, i) => expect(freeze.from_on >= (live[i - 1]?.to_on ?? "")).toBe(true));
            if (renewal !== "provider" && status === "active") expect(freezeAt(membership, open_until)).toBeNull();
          }
          const dues = [...member.ledger.memberships.values()].flatMap((membership) => nextDueOf(membership) ?? []);
          expect(member.ledger.contact.next_due_at).toBe(dues.length > 0 ? Math.min(...dues) : null);
        }
      }),
      { numRuns: 120 },
    );
  });

  test("a late job changes nothing: settled in many small steps or once at the end, every answer and the books are the same", () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const [late, prompt] = [open(), open()];
        const settleOnTheWay = (from: Instant, to: Instant) => {
          for (let now = from; now < to; now += 11 * HOUR) prompt.settle(now);
          prompt.settle(to);
        };
        for (const step of steps) {
          if (step.kind === "wait") settleOnTheWay(prompt.ledger.now, prompt.ledger.now + step.hours * HOUR);
          else expect(take(prompt, step)?.reason_code).toBe(take(late, step)?.reason_code);
          if (step.kind === "wait") take(late, step);
        }
        late.settle(late.ledger.now);
        prompt.settle(prompt.ledger.now);
        expect(booksOf(prompt)).toEqual(booksOf(late));
      }),
      { numRuns: 120 },
    );
  });

  test("the same command decided twice answers the same, and a refused one books only what was due", () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const member = open();
        for (const step of steps) {
          const before = member.ledger.entries.length;
          const outcome = take(member, step);
          if (outcome === null || isSuccess(outcome.reason_code)) continue;
          expect(member.ledger.entries.slice(before).filter(({ is_due }) => !is_due)).toEqual([]);
        }
        const facts = member.ledger.factsWithHistory();
        const ask = { ...membershipOn(member, "gold"), mode: "now", keep_credits: false } as const;
        const decide = () => decideCancel(facts, ask, contextOf(member.ledger.now));
        expect(decide()).toEqual(decide());
      }),
      { numRuns: 60 },
    );
  });
});

describe("Rule 23. Always, for any freeze", () => {
  const days = fc.integer({ min: 1, max: 30 });
  const ahead = fc.integer({ min: 1, max: 40 });
  const setUp = (first: string, billed: boolean) => {
    const member = open();
    if (billed) member.command(decideBill, 0);
    else member.pay(began, { config: first });
    return member;
  };
  const lotsOf = ({ ledger }: Member) => ledger.lots.map((lot) => ({ ...withoutIds(lot), freezes: null }));

  test("one that is planned and cancelled leaves everything as it was", () => {
    fc.assert(
      fc.property(plan, fc.boolean(), ahead, days, (first, billed, from, count) => {
        const member = setUp(first, billed);
        const before = [lotsOf(member), member.membership().periods, member.membership().open_until];
        const from_on = addDays(localDate(member.ledger.now, NEW_YORK), from);
        member.freeze({ from_on, to_on: addDays(from_on, count) });
        member.unfreeze();
        expect([lotsOf(member), member.membership().periods, member.membership().open_until]).toEqual(before);
      }),
    );
  });

  test("one that ends early leaves what one that was planned so short would have left", () => {
    fc.assert(
      fc.property(plan, fc.boolean(), ahead, days, fc.nat(9), (first, billed, from, count, more) => {
        const [early, planned] = [setUp(first, billed), setUp(first, billed)];
        const from_on = addDays(localDate(early.ledger.now, NEW_YORK), from);
        const to_on = addDays(from_on, count);
        early.freeze({ from_on, to_on: addDays(to_on, more) });
        planned.freeze({ from_on, to_on });
        for (const member of [early, planned]) member.wait(at(`${to_on}T09:00`));
        if (more > 0) early.unfreeze();
        for (const member of [early, planned]) member.settle(at(`${to_on}T09:00`) + 70 * DAY);
        // What had expired before it ended early still remembers the longer plan.
        const [one, other] = [early, planned].map((member) => ({ ...booksOf(member), lots: lotsOf(member) }));
        expect(one).toEqual(other);
      }),
    );
  });
});
