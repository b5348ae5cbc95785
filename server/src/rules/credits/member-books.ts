import type { Appointment } from "../bookings/appointment.ts";
import type { BookingVersion } from "../bookings/booking-version.ts";
import { mayGoOn, nextDueOf, type Membership } from "../memberships/membership.ts";
import type { PaymentEvent } from "../payments/payment-event.ts";
import type { Instant, LocalDate } from "../time/local-days.ts";
import { MOVEMENTS, type Charge, type EntryType, type NewEntry } from "./entry.ts";
import type { DayUsage } from "./limits.ts";
import type { Lot } from "./lot.ts";
import { historyAfter, type Contact, type Member } from "./member.ts";

/** What a decision changes of one member: final states of what it touched, and the entries that led there. */
export interface Changes {
  entries: NewEntry[];
  /** Lots that were opened or touched, as they stand at the end. */
  lots: Lot[];
  opened_lot_ids: ReadonlySet<string>;
  /** Lots whose life was moved, beside their balances: by a freeze, a period's end, grace. */
  reshaped_lot_ids: ReadonlySet<string>;
  memberships: Membership[];
  appointments: Appointment[];
  booking_versions: BookingVersion[];
  /** Payments that were recorded or decided, whole. */
  payments: PaymentEvent[];
  /** Provider products that grant nothing from now on, as `provider:product_id` (clarification 25). */
  no_credit_products: string[];
  /** What is no movement but must be told: audit events. */
  audits: Audit[];
  /** The contact's own fields; null where none of them changes. */
  contact: Pick<Contact, (typeof CONTACT_FIELDS)[number]> | null;
}

/** What a caller says of a contact beside its id. */
export interface Hints {
  email?: string | null | undefined;
  name?: string | null | undefined;
  phone?: string | null | undefined;
}

const CONTACT_FIELDS = ["email", "name", "phone", "told_at", "next_due_at", "merged_into"] as const;

export interface Audit {
  action: string;
  subject: string;
  /** Null: nothing was. */
  before: Record<string, unknown> | null;
  after: Record<string, unknown>;
}

export interface Posting {
  type: EntryType;
  lot_id: string;
  to_lot_id?: string;
  amount: number;
  reason: string;
  reverses?: number;
  service_on?: LocalDate;
  external_ref?: string | undefined;
  occurred_at: Instant;
  is_due?: boolean;
}

/**
 * A member's books while a decision is being made: a private copy on which entries are posted one after the other, so that
 * each sees the balances the last one left. Nothing outside changes until the ledger writes `changes()`.
 */
export class MemberBooks {
  contact: Contact;
  readonly lots: Map<string, Lot>;
  charges: Charge[];
  usage: DayUsage[];
  memberships: Membership[];
  appointments: Appointment[];
  payments: PaymentEvent[] = [];
  booking_versions: BookingVersion[] = [];
  no_credit_products: string[] = [];
  readonly #before: Member;
  readonly #entries: NewEntry[] = [];
  readonly #audits: Audit[] = [];
  readonly #touched = new Set<string>();
  readonly #opened = new Set<string>();
  readonly #reshaped = new Set<string>();
  #follows_of: "api" | "ghl" | null = null;

  constructor(member: Member) {
    this.#before = member;
    this.contact = member.contact;
    this.lots = new Map(member.lots.map((lot) => [lot.id, lot]));
    this.charges = [...member.charges];
    this.usage = [...member.usage];
    this.memberships = [...member.memberships];
    this.appointments = [...member.appointments];
  }

  lot(id: string): Lot {
    const lot = this.lots.get(id);
    if (!lot) throw new Error(`lot ${id} was not loaded`);
    return lot;
  }

  open(lot: Lot): void {
    this.#opened.add(lot.id);
    this.put(lot);
  }

  put(lot: Lot): void {
    this.lots.set(lot.id, lot);
    this.#touched.add(lot.id);
  }

  /** Changes more of a lot than its balances, state and expiry: its life, or what was ever put in. */
  reshape(lot: Lot): void {
    this.put(lot);
    this.#reshaped.add(lot.id);
  }

  /** What is posted meanwhile follows by itself, of what was told before: it is nobody's request. */
  byItself(told_by: "api" | "ghl", work: () => void): void {
    this.#follows_of = told_by;
    work();
    this.#follows_of = null;
  }

  /** Posts one entry and moves the balances with it. A movement that the books cannot bear is a bug, not a refusal. */
  post(posting: Posting): NewEntry {
    const { debit, credit } = MOVEMENTS[posting.type];
    const { amount } = posting;
    if (!Number.isSafeInteger(amount) || amount <= 0) throw new Error(`an entry moves ${amount}`);
    const from = { ...this.lot(posting.lot_id) };
    const to = posting.to_lot_id === undefined ? from : { ...this.lot(posting.to_lot_id) };
    if (debit === "available" || debit === "held") from[debit] -= amount;
    if (credit === "available" || credit === "held") to[credit] += amount;
    const moved = [...new Set([from, to])];
    moved.forEach(assertBearable);
    for (const lot of moved) this.put(lot);
    const entry: NewEntry = {
      entry_number: this.contact.entry_count + 1,
      type: posting.type,
      amount,
      entitlement_id: from.id,
      to_entitlement_id: posting.to_lot_id ?? null,
      balance_after: from.available,
      reason: posting.reason,
      reverses: posting.reverses ?? null,
      service_on: posting.service_on ?? null,
      external_ref: posting.external_ref ?? null,
      occurred_at: posting.occurred_at,
      is_due: posting.is_due === true || this.#follows_of !== null,
      ...(posting.is_due !== true && this.#follows_of !== null ? { told_by: this.#follows_of } : {}),
    };
    this.contact = { ...this.contact, entry_count: entry.entry_number };
    this.#entries.push(entry);
    return entry;
  }

  audit(event: Audit): void {
    this.#audits.push(event);
  }

  putMembership(membership: Membership): void {
    this.memberships = [...this.memberships.filter((other) => other.id !== membership.id), membership];
  }

  putAppointment(appointment: Appointment): void {
    const others = this.appointments.filter((other) => other.external_id !== appointment.external_id);
    this.appointments = [...others, appointment];
  }

  putPayment(payment: PaymentEvent): void {
    this.payments = [...this.payments.filter((other) => other.id !== payment.id), payment];
  }

  /** Replaces what is known of a charge after part of it was given back or settled. */
  putCharge(charge: Charge): void {
    this.charges = this.charges.map((other) => (other.entry_number === charge.entry_number ? charge : other));
  }

  countUsage(product_config_id: string, service_on: LocalDate, bookings: 1 | -1): void {
    this.usage.push({ product_config_id, service_on, bookings });
  }

  /** Fills what is empty, never overwrites. */
  hint({ email, name, phone }: Hints): void {
    this.contact = {
      ...this.contact,
      email: this.contact.email ?? email ?? null,
      name: this.contact.name ?? name ?? null,
      phone: this.contact.phone ?? phone ?? null,
    };
  }

  changes(): Changes {
    this.contact = { ...this.contact, next_due_at: this.#nextDue() };
    return {
      entries: this.#entries,
      audits: this.#audits,
      lots: [...this.#touched].map((id) => this.lot(id)),
      opened_lot_ids: this.#opened,
      reshaped_lot_ids: this.#reshaped,
      memberships: this.memberships.filter((membership) => !this.#before.memberships.includes(membership)),
      appointments: this.appointments.filter((appointment) => !this.#before.appointments.includes(appointment)),
      booking_versions: this.booking_versions,
      payments: this.payments,
      no_credit_products: this.no_credit_products,
      contact: this.#contactChanges(),
    };
  }

  #contactChanges(): Changes["contact"] {
    const { email, name, phone, told_at, next_due_at, merged_into } = this.contact;
    const now = { email, name, phone, told_at, next_due_at, merged_into };
    const { contact: before } = this.#before;
    return CONTACT_FIELDS.some((field) => before[field] !== now[field]) ? now : null;
  }

  /** Where the memberships were not loaded nothing of them was due, and nothing of them changed. */
  #nextDue(): Instant | null {
    if (!this.#before.has_memberships) return this.contact.next_due_at;
    const dues = this.memberships.map(nextDueOf).filter((at) => at !== null);
    return dues.length > 0 ? Math.min(...dues) : null;
  }

  /** The member as it stands now: what the next command of the same batch sees. */
  member(): Member {
    return {
      contact: this.contact,
      lots: [...this.lots.values()],
      has_closed_lots: this.#before.has_closed_lots,
      has_memberships: this.#before.has_memberships,
      memberships: this.memberships.filter(mayGoOn),
      charges: this.charges,
      usage: this.usage,
      appointments: this.appointments,
      history: this.#before.history && historyAfter(this.#before.history, this.#entries),
    };
  }
}

function assertBearable(lot: Lot): void {
  if (lot.available < 0 || lot.held < 0 || lot.available + lot.held > lot.granted) {
    throw new Error(`lot ${lot.id} would hold ${lot.available} + ${lot.held} of ${lot.granted}`);
  }
}
