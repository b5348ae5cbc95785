import type { Appointment } from "../bookings/appointment.ts";
import type { Membership } from "../memberships/membership.ts";
import type { Instant, LocalDate } from "../time/local-days.ts";
import { MOVEMENTS, type Charge, type EntryType, type NewEntry } from "./entry.ts";
import type { DayUsage } from "./limits.ts";
import type { Lot } from "./lot.ts";
import type { Contact, Member } from "./member.ts";

/** What a decision changes of one member: final states of what it touched, and the entries that led there. */
export interface Changes {
  entries: NewEntry[];
  /** Lots that were opened or touched, as they stand at the end. */
  lots: Lot[];
  opened_lot_ids: ReadonlySet<string>;
  memberships: Membership[];
  appointments: Appointment[];
  /** What is no movement but must be told: audit events. */
  audits: Audit[];
  /** Hints that fill what is empty; null where nothing changes. */
  hints: { email: string | null; name: string | null } | null;
}

export interface Audit {
  action: string;
  subject: string;
  before: Record<string, unknown>;
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
  readonly #before: Member;
  readonly #entries: NewEntry[] = [];
  readonly #audits: Audit[] = [];
  readonly #touched = new Set<string>();
  readonly #opened = new Set<string>();

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
      is_due: posting.is_due ?? false,
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

  /** What the caller did not say this time stays as it was known. */
  putAppointment(appointment: Appointment): void {
    const known = this.appointments.find((other) => other.external_id === appointment.external_id);
    const calendar_id = appointment.calendar_id ?? known?.calendar_id ?? null;
    const starts_at = appointment.starts_at ?? known?.starts_at ?? null;
    const others = this.appointments.filter((other) => other !== known);
    this.appointments = [...others, { ...appointment, calendar_id, starts_at }];
  }

  countUsage(product_config_id: string, service_on: LocalDate, bookings: 1 | -1): void {
    this.usage.push({ product_config_id, service_on, bookings });
  }

  /** Fills what is empty, never overwrites. */
  hint(email: string | undefined, name: string | undefined): void {
    this.contact = {
      ...this.contact,
      email: this.contact.email ?? email ?? null,
      name: this.contact.name ?? name ?? null,
    };
  }

  changes(): Changes {
    const { contact } = this.#before;
    const is_hinted = contact.email !== this.contact.email || contact.name !== this.contact.name;
    return {
      entries: this.#entries,
      audits: this.#audits,
      lots: [...this.#touched].map((id) => this.lot(id)),
      opened_lot_ids: this.#opened,
      memberships: this.memberships.filter((membership) => !this.#before.memberships.includes(membership)),
      appointments: this.appointments.filter((appointment) => !this.#before.appointments.includes(appointment)),
      hints: is_hinted ? { email: this.contact.email, name: this.contact.name } : null,
    };
  }

  /** The member as it stands now: what the next command of the same batch sees. */
  member(): Member {
    return {
      contact: this.contact,
      lots: [...this.lots.values()],
      has_closed_lots: this.#before.has_closed_lots,
      memberships: this.memberships,
      charges: this.charges,
      usage: this.usage,
      appointments: this.appointments,
    };
  }
}

function assertBearable(lot: Lot): void {
  if (lot.available < 0 || lot.held < 0 || lot.available + lot.held > lot.granted) {
    throw new Error(`lot ${lot.id} would hold ${lot.available} + ${lot.held} of ${lot.granted}`);
  }
}
