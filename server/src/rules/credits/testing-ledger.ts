import type { Appointment } from "../bookings/appointment.ts";
import type { BookingVersion } from "../bookings/booking-version.ts";
import type { Catalog } from "../catalog/product-config.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { mayGoOn, type Membership } from "../memberships/membership.ts";
import type { Outcome } from "../outcome.ts";
import type { PaymentEvent } from "../payments/payment-event.ts";
import type { PaymentKey } from "../payments/told.ts";
import { contextOf, factsOf, memberOf } from "../testing.ts";
import { DAY, type Instant } from "../time/local-days.ts";
import { decideCheck, decideDeduct, type ChargeAsk } from "./charge.ts";
import type { Charge, NewEntry, Settlement } from "./entry.ts";
import { decideGrant, type GrantAsk } from "./grant.ts";
import type { DayUsage } from "./limits.ts";
import type { Lot } from "./lot.ts";
import { HISTORY_DAYS, historyAfter, type Contact, type Member } from "./member.ts";
import { decideRestore, type RestoreAsk } from "./restore.ts";
import { decideDue } from "./settle-due.ts";

type Made = Extract<Decision, { outcome: Outcome }>;
type Rule<Ask> = (facts: Facts, ask: Ask, context: Context) => Decision;
type Written = NewEntry & { correlation_id: string };

/**
 * The books of one contact in memory, for tests of the rules alone. Like the real executor it loads no more than a command
 * needs and writes exactly what was decided; charges and usage are counted from the entries, never carried.
 */
export class TestLedger {
  now: Instant;
  catalog: Catalog;
  is_billing_live = true;
  /** True: each command sees the member that the last one left, as within a batch; false: all is loaded afresh. */
  is_batch = false;
  contact: Contact = memberOf([]).contact;
  readonly entries: Written[] = [];
  readonly payments = new Map<string, PaymentEvent>();
  readonly booking_versions: BookingVersion[] = [];
  readonly appointments = new Map<string, Appointment>();
  readonly memberships = new Map<string, Membership>();
  readonly #lots = new Map<string, Lot>();
  #commands = 0;
  #jobs = 0;
  #carried: Member | null = null;

  constructor(catalog: Catalog, now: Instant, lots: readonly Lot[] = []) {
    this.catalog = catalog;
    this.now = now;
    for (const lot of lots) this.seed(lot);
  }

  get lots(): Lot[] {
    return [...this.#lots.values()];
  }

  /** Puts a lot there that no entry tells of, or another state of one. */
  seed(lot: Lot): void {
    this.#lots.set(lot.id, lot);
  }

  lot(id: unknown): Lot {
    const lot = this.#lots.get(String(id));
    if (!lot) throw new Error(`no lot ${String(id)}`);
    return lot;
  }

  grant(product_config_id: string, ask: Partial<GrantAsk> = {}): Outcome {
    const external_payment_id = ask.external_payment_id ?? `payment-${String(this.#commands + 1)}`;
    const whole: GrantAsk = {
      product_config_id,
      provider: "automation",
      event_type: "paid",
      ...ask,
      external_payment_id,
    };
    const payments = this.paymentsOf([{ provider: whole.provider, key: external_payment_id }]);
    return this.decide(decideGrant, whole, { ...this.facts(), payments }).outcome;
  }

  check(ask: ChargeAsk): Made {
    return this.decide(decideCheck, ask, this.facts(), "check");
  }

  deduct(ask: ChargeAsk): Made {
    return this.decide(decideDeduct, ask, this.facts(ask.external_ref));
  }

  restore(ask: RestoreAsk): Outcome {
    return this.decide(decideRestore, ask, this.facts(ask.external_ref ?? null)).outcome;
  }

  /** What the job does: books what fell due. */
  settle(): Outcome {
    this.#jobs += 1;
    return this.decide(decideDue, null, this.facts(), `job-${String(this.#jobs)}`).outcome;
  }

  /** What a transaction would load: live lots, and for a restore the charges it may look at with their lots. */
  facts(external_ref?: string | null, with_closed_lots = false): Facts {
    const { is_billing_live } = this;
    const booking_versions = this.booking_versions.filter((version) => version.external_id === external_ref);
    const beside = { is_billing_live, booking_versions };
    if (this.is_batch && this.#carried) return factsOf(this.#carried, this.catalog, beside);
    const charges = this.charges().filter(
      (charge) => external_ref !== undefined && charge.external_ref === external_ref,
    );
    const named = new Set(charges.map((charge) => charge.entitlement_id));
    const booking = external_ref === undefined ? undefined : this.appointments.get(String(external_ref));
    const member: Member = {
      contact: this.contact,
      lots: this.lots.filter((lot) => lot.live || with_closed_lots || named.has(lot.id)),
      has_closed_lots: with_closed_lots,
      has_memberships: true,
      memberships: [...this.memberships.values()].filter(mayGoOn),
      charges,
      usage: this.usage(),
      appointments: [
        ...(booking ? [booking] : []),
        ...[...this.appointments.values()].filter((other) => other.unfunded !== null && other !== booking),
      ],
      history: null,
    };
    return factsOf(member, this.catalog, beside);
  }

  /** What a command sees that asks for the contact's history. */
  factsWithHistory(): Facts {
    const facts = this.facts();
    if (!facts.member) return facts;
    const since = this.now - HISTORY_DAYS * DAY;
    const history = historyAfter([], this.entries).filter(({ occurred_at }) => occurred_at >= since);
    const charges = this.charges();
    const named = new Set(charges.map(({ entitlement_id }) => entitlement_id));
    const lots = this.lots.filter((lot) => lot.live || named.has(lot.id));
    return { ...facts, member: { ...facts.member, lots, charges, history } };
  }

  /** The payments that these keys name. */
  paymentsOf(keys: readonly PaymentKey[]): PaymentEvent[] {
    return [...this.payments.values()].filter((payment) =>
      payment.keys.some(({ provider, key }) => keys.some((named) => named.provider === provider && named.key === key)),
    );
  }

  /** Decides on frozen facts, loads closed lots where the rule asks for them, and writes what was decided. */
  decide<Ask>(rule: Rule<Ask>, ask: Ask, facts: Facts, correlation_id = this.#nextCorrelationId()): Made {
    let decision = rule(deepFreeze(facts), ask, contextOf(this.now, correlation_id));
    if ("needs" in decision && facts.member) {
      const closed = this.lots.filter((lot) => !facts.member?.lots.some(({ id }) => id === lot.id));
      const member = { ...facts.member, lots: [...facts.member.lots, ...closed], has_closed_lots: true };
      decision = rule(deepFreeze({ ...facts, member }), ask, contextOf(this.now, correlation_id));
    }
    if (!("outcome" in decision)) throw new Error(`not decided: ${JSON.stringify(decision)}`);
    this.#write(decision, correlation_id);
    return decision;
  }

  /** Only what the contact's caller asks for counts, so that ids do not depend on checks and jobs in between. */
  #nextCorrelationId(): string {
    this.#commands += 1;
    return `command-${String(this.#commands)}`;
  }

  #write({ changes, member }: Made, correlation_id: string): void {
    if (!changes || !member) return;
    this.contact = member.contact;
    this.#carried = member;
    this.entries.push(...changes.entries.map((entry) => ({ ...entry, correlation_id })));
    for (const lot of changes.lots) this.#lots.set(lot.id, lot);
    for (const membership of changes.memberships) this.memberships.set(membership.id, membership);
    for (const booking of changes.appointments) this.appointments.set(booking.external_id, booking);
    for (const payment of changes.payments) this.payments.set(payment.id, payment);
    this.booking_versions.push(...changes.booking_versions);
  }

  /** Starts of a membership's periods that were granted, counted from its lots. */
  paidPeriods(membership_id: string): Instant[] {
    const periods = this.lots.filter((lot) => lot.membership_id === membership_id && lot.origin === "period");
    return periods.flatMap(({ period_start_at }) => period_start_at ?? []);
  }

  /** Every deduction with what of it was given back, counted from the entries. */
  charges(): Charge[] {
    return this.entries
      .filter((entry) => entry.type === "deduct" || entry.type === "usage" || entry.type === "hold")
      .map(({ entry_number, entitlement_id, amount, type, reason, correlation_id, external_ref, service_on }) => {
        const later = this.entries.filter(({ reverses }) => reverses === entry_number);
        const returns = later.filter((entry) => ["restore", "usage_restore", "release"].includes(entry.type));
        const settled = later.findLast((entry) => entry.type.includes("settle"))?.type ?? "unsettle";
        const of_hold = settled.startsWith("unsettle") ? "held" : (settled.slice("settle_".length) as Settlement);
        return {
          entry_number,
          type: type as Charge["type"],
          settlement: type === "hold" ? of_hold : "used",
          reason,
          entitlement_id,
          amount,
          restored: returns.reduce((sum, entry) => sum + entry.amount, 0),
          unlimited: type === "usage",
          correlation_id,
          external_ref,
          service_on,
        };
      });
  }

  /** Bookings by config and service date that were not given back whole, counted from the entries. */
  usage(): DayUsage[] {
    const booked = this.charges().filter(({ service_on }) => service_on !== null);
    const bookings = Map.groupBy(booked, (charge) => {
      const { product_config_id } = this.lot(charge.entitlement_id);
      return JSON.stringify([product_config_id, charge.service_on, charge.correlation_id, charge.external_ref]);
    });
    return [...bookings].flatMap(([key, parts]) => {
      const [product_config_id, service_on] = JSON.parse(key) as [string, string];
      return parts.some((part) => part.restored < part.amount) ? [{ product_config_id, service_on, bookings: 1 }] : [];
    });
  }
}

/** A rule that changes what it was given throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
