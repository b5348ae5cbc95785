import { MemberBooks, type Changes } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Outcome } from "../outcome.ts";
import { DAY, type Instant } from "../time/local-days.ts";
import { APPOINTMENT_FLAGS, type Appointment, type AppointmentFlag } from "./appointment.ts";
import type { BookingVersion } from "./booking-version.ts";
import { bringAbout, type BroughtAbout, type Share } from "./bring-about.ts";
import { NEEDS_CLOSED_LOTS } from "./charge-booking.ts";
import { settlesAt } from "./deserve.ts";
import { isBooked, type Generation } from "./fold-versions.ts";
import { openCharges, settlementOf } from "./posted-charges.ts";

export interface SyncAsk {
  /** Whose books are brought up to date: the version's own contact, or one that had the booking before. */
  contact_external_id: string;
  version: BookingVersion;
}

/**
 * Rule 27. Takes in one more version of a booking, and posts for one contact the difference between what the booking deserves
 * now and what was posted. A version that was told before changes nothing.
 */
export function decideSyncBooking(facts: Facts, ask: SyncAsk, context: Context): Decision {
  const { member, catalog, aliases } = facts;
  const { version } = ask;
  const { external_id } = version;
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, changes: null, member: null };
  if (!member) return { outcome: duplicate(external_id), changes: null, member: null };
  const books = new MemberBooks(member);
  settleDue(books, catalog, context);

  const is_known = facts.booking_versions.some((other) => isSame(other, version));
  const versions = is_known ? facts.booking_versions : [...facts.booking_versions, version];
  const known = books.appointments.find((other) => other.external_id === external_id) ?? null;
  if (known?.followed?.versions === versions.length) return told(books, duplicate(external_id));
  if (!is_known) books.booking_versions.push(version);

  const share: Share = { external_id, names: new Set([member.contact.external_id, ...aliases]), known };
  const after = bringAbout(books, share, versions, catalog, context);
  if (after === NEEDS_CLOSED_LOTS) return { needs: "closed_lots" };
  const is_late = isToldLate(books, share, version, context.now);
  const appointment = appointmentOf(books, share, after, is_late);
  if (appointment) books.putAppointment(appointment);
  // Given back into a lot that has expired since it was true.
  settleDue(books, catalog, context);
  return told(books, outcomeOf(books.changes(), appointment, external_id));
}

function isSame(a: BookingVersion, b: BookingVersion): boolean {
  return a.updated_at === b.updated_at && a.payload_hash === b.payload_hash;
}

function told(books: MemberBooks, outcome: Outcome): Decision {
  return { outcome, changes: books.changes(), member: books.member() };
}

function duplicate(external_id: string): Outcome {
  return { reason_code: "duplicate_event", booking: external_id };
}

function outcomeOf({ entries, appointments }: Changes, appointment: Appointment | null, external_id: string): Outcome {
  const posted = entries.filter((entry) => entry.external_ref === external_id);
  if (posted.length === 0 && appointments.length === 0) return duplicate(external_id);
  const movements = posted.map(({ type, entitlement_id, amount }) => ({ type, entitlement_id, amount }));
  const facts = { booking: external_id, status: appointment?.status ?? null, movements };
  if (!appointment?.unfunded) return { reason_code: "booking_synced", ...facts };
  const { reason, detail } = appointment.unfunded;
  return { reason_code: "booking_unfunded", ...facts, unfunded: { reason, detail } };
}

/** The booking as this contact has it, or had it last; null: it never was this contact's. */
function appointmentOf(books: MemberBooks, share: Share, after: BroughtAbout, is_late: boolean): Appointment | null {
  const { external_id, names, known } = share;
  const { generations, updated_at, added_at: booked_at, versions } = after.booking;
  const followed = { versions, waived: after.waived, charges: after.charges };
  const number = generations.findLastIndex(({ contact_external_id }) => names.has(contact_external_id)) + 1;
  const own = generations[number - 1];
  if (!own) {
    if (!known) return null;
    const flags = orderedFlags(new Set([...known.flags, ...(is_late ? (["late"] as const) : [])]));
    return {
      ...known,
      status: "deleted",
      source: "ghl",
      updated_at,
      unfunded: null,
      flags,
      settles_at: null,
      followed,
    };
  }
  return {
    external_id,
    calendar_id: own.calendar_id,
    status: own.status,
    starts_at: own.starts_at,
    ends_at: own.ends_at,
    booked_at,
    source: "ghl",
    updated_at,
    generation: number,
    cancelled_at: own.cancelled_at,
    cancelled_by: cancelledBy(own, number, known),
    unfunded: after.unfunded,
    flags: flagsOf(share, own, after, is_late),
    settles_at: settlesOf(books, external_id, own, after),
    followed,
  };
}

/** Clarification 24. Unknown means the member; what staff said stays while it is the same booking. */
function cancelledBy(
  { status }: Generation,
  generation: number,
  known: Appointment | null,
): Appointment["cancelled_by"] {
  if (known?.cancelled_by === "studio" && known.generation === generation) return "studio";
  return status === "cancelled" ? "member" : null;
}

/** Heard of so long after it was true that the books may have gone another way meanwhile: staff should know. */
function isToldLate(books: MemberBooks, { known }: Share, { starts_at, updated_at }: BookingVersion, now: Instant) {
  if (!known && now >= starts_at) return true;
  // What was booked before there were any books is only taken over.
  return books.contact.entry_count > 0 && now - updated_at > LATE_AFTER;
}

const LATE_AFTER = DAY;

function flagsOf({ known }: Share, current: Generation, after: BroughtAbout, is_late: boolean): AppointmentFlag[] {
  const was = new Set(known?.flags ?? []);
  if (is_late) was.add("late");
  if (current.status !== "noshow") was.delete("partly_funded_penalty");
  if (after.is_partly_penalised) was.add("partly_funded_penalty");
  return orderedFlags(was);
}

function orderedFlags(flags: ReadonlySet<AppointmentFlag>): AppointmentFlag[] {
  return APPOINTMENT_FLAGS.filter((flag) => flags.has(flag));
}

/** Only what is held waits for its final status. Clarification 1. */
function settlesOf(
  books: MemberBooks,
  external_id: string,
  current: Generation,
  { charges }: BroughtAbout,
): Instant | null {
  const charged = openCharges(books, external_id, charges).at(-1);
  const is_held = charged !== undefined && settlementOf(charged) === "held";
  return is_held && isBooked(current.status) ? settlesAt(current) : null;
}
