import type { Appointment } from "../bookings/appointment.ts";
import type { Membership } from "../memberships/membership.ts";
import type { Instant } from "../time/local-days.ts";
import type { Charge, NewEntry } from "./entry.ts";
import type { DayUsage } from "./limits.ts";
import type { Lot } from "./lot.ts";

export interface Contact {
  id: string;
  external_id: string;
  email: string | null;
  name: string | null;
  phone: string | null;
  /** When its provider last told of these fields; null: never. */
  told_at: Instant | null;
  /** Number of the contact's last ledger entry. */
  entry_count: number;
  /** The earliest instant at which something of its memberships falls due; null: nothing will. */
  next_due_at: Instant | null;
  /** External id of the contact that this one was merged into; its books are closed. Rule 29. */
  merged_into: string | null;
}

/** A contact of whom nothing is known but what it is called. */
export function newContact(id: string, external_id: string): Contact {
  return {
    id,
    external_id,
    email: null,
    name: null,
    phone: null,
    told_at: null,
    entry_count: 0,
    next_due_at: null,
    merged_into: null,
  };
}

/** All that decisions about one contact look at, as of the moment it was locked. */
export interface Member {
  contact: Contact;
  /** Live lots, and those that a command named. */
  lots: readonly Lot[];
  /** Whether `lots` holds the swept and void ones too; only a refusal needs them. */
  has_closed_lots: boolean;
  /** Whether `memberships` and unfunded bookings were loaded: when something of them is due, or the command asks for them. */
  has_memberships: boolean;
  /** Those that have not ended, and those that may go on for a payment that is told late. */
  memberships: readonly Membership[];
  /** Deductions that a restore may look at. */
  charges: readonly Charge[];
  usage: readonly DayUsage[];
  /** Bookings that a command named, and with the memberships those that are unfunded. */
  appointments: readonly Appointment[];
  /** What time moved in the last `HISTORY_DAYS`; null: the command did not ask for it. */
  history: readonly PastMove[] | null;
}

/** A contact with whom nothing ever happened. */
export function newMember(id: string, external_id: string): Member {
  return {
    contact: newContact(id, external_id),
    lots: [],
    has_closed_lots: true,
    has_memberships: true,
    memberships: [],
    charges: [],
    usage: [],
    appointments: [],
    history: null,
  };
}

/** How far back a command that asks for history sees: a freeze may be back-dated by 28 days (rule 23), with some to spare. */
export const HISTORY_DAYS = 33;

/** Credits that time took out of a lot: expired, or rolled over to another. */
export interface PastMove {
  entry_number: number;
  type: "expire" | "rollover";
  entitlement_id: string;
  to_entitlement_id: string | null;
  amount: number;
  occurred_at: Instant;
  /** Credits of it that were reinstated since. */
  reversed: number;
}

/** What time moved, with what a command's own entries add to it. */
export function historyAfter(history: readonly PastMove[], entries: readonly NewEntry[]): PastMove[] {
  const moved = entries.flatMap(({ type, entry_number, entitlement_id, to_entitlement_id, amount, occurred_at }) =>
    type === "expire" || type === "rollover"
      ? [{ entry_number, type, entitlement_id, to_entitlement_id, amount, occurred_at, reversed: 0 }]
      : [],
  );
  return [...history, ...moved].map((move) => {
    const back = entries.filter(({ type, reverses }) => type === "reinstate" && reverses === move.entry_number);
    return { ...move, reversed: back.reduce((sum, { amount }) => sum + amount, move.reversed) };
  });
}
