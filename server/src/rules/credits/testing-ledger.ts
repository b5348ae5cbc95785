import type { Appointment } from "../bookings/appointment.ts";
import type { Catalog } from "../catalog/product-config.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Membership } from "../memberships/membership.ts";
import type { Outcome } from "../outcome.ts";
import type { NewPayment } from "../payments/payment-event.ts";
import { contextOf, factsOf } from "../testing.ts";
import type { Instant } from "../time/local-days.ts";
import { decideCheck, decideDeduct, type ChargeAsk } from "./charge.ts";
import type { Charge, NewEntry } from "./entry.ts";
import { decideGrant, type GrantAsk } from "./grant.ts";
import type { DayUsage } from "./limits.ts";
import type { Lot } from "./lot.ts";
import type { Contact, Member } from "./member.ts";
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
  contact: Contact = { id: "contact", external_id: "ext", email: null, name: null, entry_count: 0 };
  readonly entries: Written[] = [];
  readonly payments = new Map<string, NewPayment>();
  readonly appointments = new Map<string, Appointment>();
  readonly memberships = new Map<string, Membership>();
  readonly #lots = new Map<string, Lot>();
  #commands = 0;
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
    const payment = this.payments.get(paymentKey(whole)) ?? null;
    const made = this.decide(decideGrant, whole, { ...this.facts(), payment });
    if (made.payment) this.payments.set(paymentKey(made.payment), made.payment);
    return made.outcome;
  }

  check(ask: ChargeAsk): Made {
    return this.decide(decideCheck, ask, this.facts(), "check");
  }

  deduct(ask: ChargeAsk): Made {
    return this.decide(decideDeduct, ask, this.facts());
  }

  restore(ask: RestoreAsk): Outcome {
    return this.decide(decideRestore, ask, this.facts(ask.external_ref ?? null)).outcome;
  }

  /** What the job does: books what fell due. */
  settle(): Outcome {
    return this.decide(decideDue, null, this.facts(), "job").outcome;
  }

  /** What a transaction would load: live lots, and for a restore the charges it may look at with their lots. */
  facts(external_ref?: string | null, with_closed_lots = false): Facts {
    const { is_billing_live } = this;
    if (this.is_batch && this.#carried) return factsOf(this.#carried, this.catalog, { is_billing_live });
    const charges = this.charges().filter(
      (charge) => external_ref !== undefined && charge.external_ref === external_ref,
    );
    const named = new Set(charges.map((charge) => charge.entitlement_id));
    const booking = external_ref === undefined ? undefined : this.appointments.get(String(external_ref));
    const member: Member = {
      contact: this.contact,
      lots: this.lots.filter((lot) => lot.live || with_closed_lots || named.has(lot.id)),
      has_closed_lots: with_closed_lots,
      memberships: [...this.memberships.values()].map((membership) => ({
        ...membership,
        paid_periods: this.paidPeriods(membership.id),
      })),
      charges,
      usage: this.usage(),
      appointments: booking ? [booking] : [],
    };
    return factsOf(member, this.catalog, { is_billing_live });
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
    for (const booking of changes.appointments) {
      // As the store does: what was not said stays as it was.
      const { calendar_id, starts_at } = this.appointments.get(booking.external_id) ?? booking;
      this.appointments.set(booking.external_id, {
        ...booking,
        calendar_id: booking.calendar_id ?? calendar_id,
        starts_at: booking.starts_at ?? starts_at,
      });
    }
  }

  /** Starts of a membership's periods that were granted, counted from its lots. */
  paidPeriods(membership_id: string): Instant[] {
    const periods = this.lots.filter((lot) => lot.membership_id === membership_id && lot.origin === "period");
    return periods.flatMap(({ period_start_at }) => period_start_at ?? []);
  }

  /** Every deduction with what of it was given back, counted from the entries. */
  charges(): Charge[] {
    return this.entries
      .filter(({ type }) => type === "deduct" || type === "usage")
      .map(({ entry_number, entitlement_id, amount, type, correlation_id, external_ref, service_on }) => {
        const returns = this.entries.filter(({ reverses }) => reverses === entry_number);
        const restored = returns.reduce((sum, entry) => sum + entry.amount, 0);
        const unlimited = type === "usage";
        return { entry_number, entitlement_id, amount, restored, unlimited, correlation_id, external_ref, service_on };
      });
  }

  /** Bookings by config and service date that were not given back whole, counted from the entries. */
  usage(): DayUsage[] {
    const bookings = Map.groupBy(this.charges(), (charge) => {
      const { product_config_id } = this.lot(charge.entitlement_id);
      return JSON.stringify([product_config_id, charge.service_on, charge.correlation_id]);
    });
    return [...bookings].flatMap(([key, parts]) => {
      const [product_config_id, service_on] = JSON.parse(key) as [string, string];
      return parts.some((part) => part.restored < part.amount) ? [{ product_config_id, service_on, bookings: 1 }] : [];
    });
  }
}

function paymentKey({ provider, external_payment_id }: Pick<GrantAsk, "provider" | "external_payment_id">): string {
  return JSON.stringify([provider, external_payment_id]);
}

/** A rule that changes what it was given throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
