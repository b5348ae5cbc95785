import { decideDeduct } from "../credits/charge.ts";
import { toldAs, signedAmount, type NewEntry, type ToldType } from "../credits/entry.ts";
import { decideGrant } from "../credits/grant.ts";
import { newMember } from "../credits/member.ts";
import { decideDue } from "../credits/settle-due.ts";
import { factsAbout, type Context, type Decision, type Facts } from "../decision.ts";
import { periodAt } from "../memberships/periods.ts";
import { addDays, addMonths, localDate, startOfDay, type Instant, type LocalDate } from "../time/local-days.ts";
import type { Catalog, LocationPolicy, ProductConfig } from "./product-config.ts";

/** One line of what a member would live through. */
export interface SimulatedLine {
  at: Instant;
  on: LocalDate;
  /** `refused`: a visit that could not be charged. */
  what: ToldType | "refused";
  /** As the member sees it. */
  amount: number;
  /** All that the member could spend afterwards. */
  balance: number;
  /** True where nothing is counted: the membership is unlimited. */
  unlimited: boolean;
  /** Why, as the ledger says it; of a visit that was refused, why not. */
  reason: string;
}

export interface Simulation {
  policy: LocationPolicy;
  config: ProductConfig;
  /** The day of the purchase; everything happens at noon, the location's time. */
  starts_on: LocalDate;
  months: number;
  visits_per_week: number;
}

type Rule<Ask> = (facts: Facts, ask: Ask, context: Context) => Decision;

/** The most months and weekly visits that are simulated: what a person reads at a glance. */
export const MAX_SIMULATED_MONTHS = 12;
export const MAX_SIMULATED_VISITS = 7;

/**
 * What one member would see who buys this product now, visits every week and pays each period when it begins: decided by the
 * very rules that decide for real members, in memory.
 */
export function simulateMember(simulation: Simulation): SimulatedLine[] {
  const { policy, starts_on, months } = simulation;
  const member = new SimulatedMember(simulation);
  const until = startOfDay(addMonths(starts_on, months), policy.timezone);
  const bought_at = noonOf(starts_on, policy.timezone);
  member.pay(bought_at);
  let visit = 0;
  for (;;) {
    const visit_at = visitAt(simulation, visit);
    const pay_at = member.nextPayment();
    const at = Math.min(visit_at, pay_at ?? visit_at);
    if (at >= until) break;
    // What is paid at a boundary is there for the visit of that day.
    if (at === pay_at) member.pay(at);
    else member.visit(at);
    if (at !== pay_at) visit += 1;
  }
  member.settle(until - 1);
  return member.lines;
}

function noonOf(date: LocalDate, zone: string): Instant {
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: "12:00" }).epochMilliseconds;
}

/** Spread over the week, the first one two days after the purchase. */
function visitAt({ starts_on, policy, visits_per_week }: Simulation, number: number): Instant {
  const days =
    Math.floor((number % visits_per_week) * (7 / visits_per_week)) + 7 * Math.floor(number / visits_per_week);
  return noonOf(addDays(starts_on, 2 + days), policy.timezone);
}

/** A member who lives in memory only. */
class SimulatedMember {
  readonly lines: SimulatedLine[] = [];
  readonly #simulation: Simulation;
  readonly #catalog: Catalog;
  /** What each lot holds after the last line. */
  readonly #balances = new Map<string, number>();
  #member = newMember("simulated", "simulated");
  #made = 0;

  constructor(simulation: Simulation) {
    const { policy, config } = simulation;
    this.#simulation = simulation;
    this.#catalog = { location_id: "", policy, configs: new Map([[config.id, { ...config, active: true }]]) };
  }

  pay(at: Instant): void {
    this.settle(at);
    const { id: product_config_id } = this.#simulation.config;
    const external_payment_id = this.#newId();
    const ask = { product_config_id, provider: "simulated", external_payment_id, event_type: "paid", paid_at: at };
    this.#decide(decideGrant, ask, at);
  }

  visit(at: Instant): void {
    this.settle(at);
    const { config } = this.#simulation;
    const [calendar_id] = config.calendars;
    const ask = { product_config_id: config.id, appointment_time: at, ...(calendar_id ? { calendar_id } : {}) };
    const { reason_code, detail = null } = this.#decide(decideDeduct, ask, at);
    if (reason_code === "deducted") return;
    this.#tell(at, {
      what: "refused",
      amount: 0,
      reason: typeof detail === "string" ? detail : reason_code,
      unlimited: false,
    });
  }

  settle(now: Instant): void {
    this.#decide(decideDue, null, now);
  }

  /** When the next period begins that somebody has to pay; null: none, or time opens it. */
  nextPayment(): Instant | null {
    const { config, policy } = this.#simulation;
    const [membership] = this.#member.memberships;
    if (!membership || (config.renewal === "schedule" && config.term_months === null)) return null;
    const opened = membership.periods.map(({ index }) => (index ?? 0) + 1);
    return periodAt(membership, Math.max(membership.prepaid_through, ...opened), policy.timezone).start_at;
  }

  #decide<Ask>(rule: Rule<Ask>, ask: Ask, now: Instant) {
    const facts = factsAbout(this.#member, this.#catalog);
    const correlation_id = this.#newId();
    const decision = rule(facts, ask, { now, correlation_id, newId: () => this.#newId() });
    if (!("outcome" in decision)) throw new Error("a simulated member has all facts");
    const { outcome, changes, member } = decision;
    if (member) this.#member = member;
    for (const entry of changes?.entries ?? []) this.#tellEntry(entry);
    return outcome;
  }

  /** What moves between two lots of one member changes nothing that they have; it is told once. */
  #tellEntry({ type, amount, entitlement_id, to_entitlement_id, occurred_at, reason, balance_after }: NewEntry): void {
    this.#balances.set(entitlement_id, balance_after);
    if (to_entitlement_id !== null) {
      this.#balances.set(to_entitlement_id, (this.#balances.get(to_entitlement_id) ?? 0) + amount);
    }
    const unlimited = type === "usage" || type === "usage_restore";
    const moved = to_entitlement_id === null ? signedAmount(type, amount, false) : amount;
    this.#tell(occurred_at, { what: toldAs(type), amount: moved, reason, unlimited });
  }

  #tell(at: Instant, line: Pick<SimulatedLine, "what" | "amount" | "reason" | "unlimited">): void {
    const on = localDate(at, this.#simulation.policy.timezone);
    this.lines.push({ at, on, ...line, balance: this.#balance(at) });
  }

  #balance(at: Instant): number {
    const begun = this.#member.lots.filter(({ effective_at }) => effective_at <= at);
    return begun.reduce((sum, { id }) => sum + (this.#balances.get(id) ?? 0), 0);
  }

  #newId(): string {
    this.#made += 1;
    return `simulated-${String(this.#made).padStart(6, "0")}`;
  }
}
