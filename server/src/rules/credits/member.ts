import type { Appointment } from "../bookings/appointment.ts";
import type { Membership } from "../memberships/membership.ts";
import type { Charge } from "./entry.ts";
import type { DayUsage } from "./limits.ts";
import type { Lot } from "./lot.ts";

export interface Contact {
  id: string;
  external_id: string;
  email: string | null;
  name: string | null;
  /** Number of the contact's last ledger entry. */
  entry_count: number;
}

/** All that decisions about one contact look at, as of the moment it was locked. */
export interface Member {
  contact: Contact;
  /** Live lots, and those that a command named. */
  lots: readonly Lot[];
  /** Whether `lots` holds the swept and void ones too; only a refusal needs them. */
  has_closed_lots: boolean;
  memberships: readonly Membership[];
  /** Deductions that a restore may look at. */
  charges: readonly Charge[];
  usage: readonly DayUsage[];
  appointments: readonly Appointment[];
}
