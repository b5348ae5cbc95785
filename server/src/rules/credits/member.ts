import type { Appointment } from "../bookings/appointment.ts";
import type { Membership } from "../memberships/membership.ts";
import type { Instant } from "../time/local-days.ts";
import type { Charge } from "./entry.ts";
import type { DayUsage } from "./limits.ts";
import type { Lot } from "./lot.ts";

export interface Contact {
  id: string;
  external_id: string;
  email: string | null;
  name: string | null;
  phone: string | null;
  /** Number of the contact's last ledger entry. */
  entry_count: number;
  /** The earliest instant at which something of its memberships falls due; null: nothing will. */
  next_due_at: Instant | null;
  /** External id of the contact that this one was merged into; its books are closed. Rule 29. */
  merged_into: string | null;
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
  /** Those that have not ended. */
  memberships: readonly Membership[];
  /** Deductions that a restore may look at. */
  charges: readonly Charge[];
  usage: readonly DayUsage[];
  /** Bookings that a command named, and with the memberships those that are unfunded. */
  appointments: readonly Appointment[];
}
