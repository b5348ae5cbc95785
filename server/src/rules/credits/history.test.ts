import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Context, Decision, Facts } from "../decision.ts";
import { isSuccess } from "../outcome.ts";
import { at, catalogOf, contextOf, membershipOf, packOf } from "../testing.ts";
import { HOUR } from "../time/local-days.ts";
import { decideDeduct, type ChargeAsk } from "./charge.ts";
import { MemberBooks } from "./member-books.ts";
import { decideRestore, type RestoreAsk } from "./restore.ts";
import { brokenInvariants } from "./testing-audit.ts";
import { TestLedger } from "./testing-ledger.ts";

/** Random histories of one member with a moving clock, over products that differ in every policy that matters here. */
const configs = [
  packOf("pack", { expiry_days: 6, cancellation_window_hours: 6 }),
  packOf("first_use", {
    credits_total: 5,
    expiry_days: 3,
    activation: "on_first_use",
    activate_within_days: 10,
    priority: 50,
  }),
  packOf("dear", { credits_total: 9, cost_by_calendar: { yoga: 3 }, calendars: ["yoga", "pool"], priority: 60 }),
  packOf("swim", { credits_total: 3, calendars: ["pool"], make_good_days: 0, limits: { per_week: 2 } }),
  membershipOf("gold", { expiry_days: 5 }),
  membershipOf("unlimited", { monthly_credits: "unlimited", limits: { per_day: 1 }, anchor: "calendar_month" }),
];
const names = configs.map(({ id }) => id);
const began = at("2026-02-20T09:00");

type Step =
  | { kind: "grant"; config: string; payment: number; paid_hours: number }
  | { kind: "deduct" | "restore"; ask: ChargeAsk & RestoreAsk; in_hours: number | undefined }
  | { kind: "wait"; hours: number }
  | { kind: "void" | "pause"; nth: number };

const seldom = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const anyAsk = fc.record({
  product_config_id: seldom(fc.constantFrom(...names)),
  calendar_id: fc.constantFrom("yoga", "yoga", "pool", undefined),
  amount: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 12 })),
  external_ref: fc.constantFrom("a", "b", undefined),
});
const anyLead = seldom(fc.integer({ min: -5, max: 900 }));
const anyGrant = fc.record({
  kind: fc.constant("grant" as const),
  config: fc.constantFrom(...names),
  payment: fc.nat(30),
  paid_hours: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -1500, max: 24 }) },
  ),
});
const hours = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 500 }));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: anyGrant },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("deduct" as const), ask: anyAsk, in_hours: anyLead }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("restore" as const), ask: anyAsk, in_hours: anyLead }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const), hours }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("void" as const, "pause" as const), nth: fc.nat(9) }) },
);
/** Something is bought first, so that most of what follows has an effect. */
const anyHistory = fc
  .tuple(fc.array(anyGrant, { minLength: 2, maxLength: 4 }), fc.array(anyStep, { maxLength: 50, size: "max" }))
  .map(([grants, steps]) => [...grants, ...steps]);
const anyMakeGood = fc.constantFrom(0, 7);

const ledgerWith = (make_good_days: number) => new TestLedger(catalogOf(configs, { make_good_days }), began);

/** What operations that are not built yet will do to a lot: void it to `refunded`, or pause and resume it. */
function change(kind: "void" | "pause", nth: number) {
  return ({ member }: Facts, _: unknown, { now }: Context): Decision => {
    const books = new MemberBooks(member!);
    const lot = [...books.lots.values()].filter(({ live }) => live).sort((a, b) => (a.id < b.id ? -1 : 1))[nth];
    if (lot && kind === "pause") books.put({ ...lot, state: lot.state === "paused" ? "open" : "paused" });
    if (lot && kind === "void") {
      const posting = {
        type: "refund",
        lot_id: lot.id,
        amount: lot.available,
        reason: "void",
        occurred_at: now,
      } as const;
      if (lot.available > 0) books.post(posting);
      books.put({ ...books.lot(lot.id), state: "revoked", live: false });
    }
    return { outcome: { reason_code: "due_settled" }, changes: books.changes(), member: books.member() };
  };
}

function take(ledger: TestLedger, step: Step) {
  switch (step.kind) {
    case "grant": {
      const paid_at = ledger.now + step.paid_hours * HOUR;
      return ledger.grant(step.config, { external_payment_id: String(step.payment), paid_at });
    }
    case "deduct":
      return ledger.deduct(askOf(ledger, step)).outcome;
    case "restore":
      return ledger.restore(askOf(ledger, step));
    case "wait":
      ledger.now += step.hours * HOUR;
      return null;
    default:
      ledger.settle();
      return ledger.decide(change(step.kind, step.nth), null, ledger.facts(), "staff").outcome;
  }
}

function askOf({ now }: TestLedger, { ask, in_hours }: Extract<Step, { kind: "deduct" | "restore" }>) {
  return { ...ask, appointment_time: in_hours === undefined ? undefined : now + in_hours * HOUR };
}

describe("Rule 6. After every step of any history the books are whole", () => {
  test("balances equal their entries, are never negative nor more than was put in, and no restore exceeds its deduction", () => {
    fc.assert(
      fc.property(anyHistory, anyMakeGood, (steps, make_good_days) => {
        const ledger = ledgerWith(make_good_days);
        for (const step of steps) {
          take(ledger, step);
          expect(brokenInvariants(ledger)).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("a refused decision changes nothing but what was due, a taken one exactly what it says", () => {
    fc.assert(
      fc.property(anyHistory, anyMakeGood, (steps, make_good_days) => {
        const ledger = ledgerWith(make_good_days);
        for (const step of steps) {
          const [entries, lots] = [ledger.entries.length, ledger.lots.length];
          const outcome = take(ledger, step);
          const asked = ledger.entries.slice(entries).filter((entry) => !entry.is_due);
          if (outcome && !isSuccess(outcome.reason_code)) expect([asked, ledger.lots.length]).toEqual([[], lots]);
          if (outcome?.reason_code === "duplicate_payment_event") expect(ledger.entries).toHaveLength(entries);
          if (outcome?.reason_code === "deducted") {
            const told = outcome.movements as { entitlement_id: string; amount: number }[];
            expect(asked).toMatchObject(told);
            if (step.kind === "deduct" && step.ask.amount !== undefined) expect(sumOf(told)).toBe(step.ask.amount);
          }
          if (outcome?.reason_code === "restored" && step.kind === "restore") {
            const given = asked.filter(({ reverses }) => reverses !== null);
            expect(sumOf(given)).toBe(step.ask.amount ?? 1);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

const sumOf = (parts: readonly { amount: number }[]) => parts.reduce((sum, { amount }) => sum + amount, 0);

describe("Rule 8. Same state, same answer", () => {
  test("a decision made twice is the same decision, and a check tells what the deduction will do (rule 13)", () => {
    fc.assert(
      fc.property(anyHistory, anyMakeGood, (steps, make_good_days) => {
        const ledger = ledgerWith(make_good_days);
        for (const step of steps) {
          if (step.kind === "deduct" || step.kind === "restore") {
            const rule = step.kind === "deduct" ? decideDeduct : decideRestore;
            const decide = () => {
              const facts = ledger.facts(step.ask.external_ref ?? null, true);
              return rule(facts, askOf(ledger, step), contextOf(ledger.now));
            };
            expect(decide()).toEqual(decide());
          }
          if (step.kind === "deduct") {
            const { outcome, explanation } = ledger.check(askOf(ledger, step));
            const { entitlement_id: _, movements, ...deducted } = ledger.deduct(askOf(ledger, step)).outcome;
            const expected = movements ? { ...deducted, reason_code: "eligible" } : deducted;
            expect(outcome).toEqual(expected);
            expect(explanation?.chosen.map(({ amount }) => amount) ?? []).toEqual(
              ((movements ?? []) as { amount: number }[]).map(({ amount }) => amount),
            );
          } else take(ledger, step);
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each<[string, (ledger: TestLedger) => void, (ledger: TestLedger) => void]>([
    ["each command decided alone or many in one batch", () => {}, (ledger) => void (ledger.is_batch = true)],
    ["the expiry job always in time or never run (clarification 16)", () => {}, (ledger) => void ledger.settle()],
  ])("%s", (_, one_way, other_way) => {
    fc.assert(
      fc.property(anyHistory, anyMakeGood, (steps, make_good_days) => {
        const [one, other] = [ledgerWith(make_good_days), ledgerWith(make_good_days)];
        for (const step of steps) {
          one_way(one);
          other_way(other);
          expect(take(other, step)).toEqual(take(one, step));
        }
        one.settle();
        other.settle();
        const booksOf = (ledger: TestLedger) => ({
          entries: ledger.entries.map(({ correlation_id, ...entry }) =>
            entry.is_due ? entry : { ...entry, correlation_id },
          ),
          lots: Object.fromEntries(ledger.lots.map((lot) => [lot.id, lot])),
          usage: ledger.usage(),
          bookings: [...ledger.appointments.values()],
        });
        expect(booksOf(other)).toEqual(booksOf(one));
      }),
      { numRuns: 150 },
    );
  });
});
