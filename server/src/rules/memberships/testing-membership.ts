import type { ProductTerms } from "../catalog/product-terms.ts";
import type { Lot } from "../credits/lot.ts";
import { TestLedger } from "../credits/testing-ledger.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { at, catalogOf, membershipOf, NEW_YORK, packOf } from "../testing.ts";
import type { Instant } from "../time/local-days.ts";
import { decideFreeze, type FreezeAsk } from "./freeze.ts";
import type { Membership } from "./membership.ts";
import { decideUnfreeze, type UnfreezeAsk } from "./unfreeze.ts";

type Rule<Ask> = (facts: Facts, ask: Ask, context: Context) => Decision;
type Outcome = Extract<Decision, { outcome: unknown }>["outcome"];

/** A member of one studio, for tests: plans by key, and short ways to pay, to wait and to ask. */
export function openMember(plans: Record<string, ProductTerms>, began: string, zone = NEW_YORK) {
  const configs = Object.entries(plans).map(([key, terms]) => membershipOf(key, terms));
  const ledger = new TestLedger(catalogOf([...configs, packOf("pack")], { timezone: zone }), at(began, zone));
  const instant = (when: string | Instant) => (typeof when === "string" ? at(when, zone) : when);
  const membership = (): Membership => {
    const [only] = [...ledger.memberships.values()];
    if (!only) throw new Error("there is no membership");
    return only;
  };
  const command = <Ask>(rule: Rule<Ask>, ask: Ask): Outcome =>
    ledger.decide(rule, ask, ledger.factsWithHistory()).outcome;
  const lot = (id: unknown): Lot => ledger.lot(id);
  return {
    ledger,
    command,
    membership,
    /** Lets time pass without a job. */
    wait: (when: string | Instant) => void (ledger.now = instant(when)),
    settle: (when: string | Instant) => {
      ledger.now = instant(when);
      ledger.settle();
    },
    /** Paid and told at once, unless it is told later. */
    pay: (when: string, { told = when, config = Object.keys(plans)[0] ?? "" } = {}): Lot => {
      ledger.now = instant(told);
      return lot(ledger.grant(config, { paid_at: instant(when) }).entitlement_id);
    },
    freeze: (ask: Omit<FreezeAsk, "membership_id"> = {}) =>
      command(decideFreeze, { membership_id: membership().id, ...ask }),
    unfreeze: (ask: Omit<UnfreezeAsk, "membership_id"> = {}) =>
      command(decideUnfreeze, { membership_id: membership().id, ...ask }),
    /** Credits for yoga at a service time, as known now. */
    creditsAt: (when: string | Instant): number => {
      const ask = { calendar_id: "yoga", amount: 1, appointment_time: instant(when) };
      const { outcome } = ledger.check(ask);
      return outcome.reason_code === "eligible" ? Number(outcome["balance_after"]) + 1 : 0;
    },
    use: (when: string, amount = 1) =>
      ledger.deduct({ calendar_id: "yoga", amount, appointment_time: instant(when) }).outcome,
    /** What was booked, as `type amount @local date`. */
    entries: () =>
      ledger.entries.map(({ type, amount, occurred_at }) => {
        const date = Temporal.Instant.fromEpochMilliseconds(occurred_at).toZonedDateTimeISO(zone).toPlainDate();
        return `${type} ${String(amount)} @${date.toString()}`;
      }),
  };
}
