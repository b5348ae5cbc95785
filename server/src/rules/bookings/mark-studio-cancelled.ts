import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import { returnAll } from "./adjust-charge.ts";
import type { Appointment } from "./appointment.ts";
import { bringAbout, STUDIO_MAKE_GOOD_DAYS } from "./bring-about.ts";
import { NEEDS_CLOSED_LOTS } from "./charge-booking.ts";
import { isBooked } from "./fold-versions.ts";
import { chargesMade, openCharges } from "./posted-charges.ts";

export interface StudioCancelledAsk {
  external_id: string;
  /** Why, in words. */
  reason?: string | undefined;
}

/** Rules 28 and 31. Staff say that the studio cancelled: all of it goes back, however late, with a make-good of 30 days. */
export function decideStudioCancelled(
  facts: Facts,
  { external_id, reason }: StudioCancelledAsk,
  context: Context,
): Decision {
  const { member, catalog } = facts;
  const nothing = { changes: null, member: null };
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, ...nothing };
  const books = member && new MemberBooks(member);
  const booking = books?.appointments.find((other) => other.external_id === external_id);
  if (!books || !booking) return { outcome: { reason_code: "NOT_FOUND" }, ...nothing };
  settleDue(books, catalog, context);
  const before = books.changes().entries.length;
  if (booking.cancelled_by !== "studio") {
    const cancelled = cancelledByStudio(booking, context.now);
    books.putAppointment(cancelled);
    if (giveAllBack(books, cancelled, facts, context) === NEEDS_CLOSED_LOTS) return { needs: "closed_lots" };
    books.audit({
      action: "booking_cancelled_by_studio",
      subject: external_id,
      before: { status: booking.status, cancelled_by: booking.cancelled_by },
      after: { status: "cancelled", cancelled_by: "studio", ...(reason !== undefined && { reason }) },
    });
    settleDue(books, catalog, context);
  }
  const changes = books.changes();
  const movements = changes.entries
    .slice(before)
    .filter((entry) => entry.external_ref === external_id)
    .map(({ type, entitlement_id, amount }) => ({ type, entitlement_id, amount }));
  const outcome = { reason_code: "booking_cancelled_by_studio", booking: external_id, movements } as const;
  return { outcome, changes, member: books.member() };
}

function giveAllBack(books: MemberBooks, known: Appointment, facts: Facts, context: Context) {
  const { external_id } = known;
  const { catalog, booking_versions } = facts;
  const names = new Set([books.contact.external_id, ...facts.aliases]);
  if (booking_versions.length > 0)
    return bringAbout(books, { external_id, names, known }, booking_versions, catalog, context);
  const cause = { reason: "cancelled_by_studio", at: context.now, make_good_days: STUDIO_MAKE_GOOD_DAYS };
  for (const group of openCharges(books, external_id, chargesMade(books, external_id)).toReversed()) {
    returnAll(books, group, external_id, cause, catalog, context);
  }
  return null;
}

function cancelledByStudio(booking: Appointment, now: number): Appointment {
  const followed = booking.followed ?? { versions: 0, waived: [], charges: [] };
  return {
    ...booking,
    status: isBooked(booking.status) ? "cancelled" : booking.status,
    cancelled_at: booking.cancelled_at ?? now,
    cancelled_by: "studio",
    unfunded: null,
    flags: booking.flags.filter((flag) => flag !== "partly_funded_penalty"),
    settles_at: null,
    followed: { ...followed, waived: [...new Set([...followed.waived, booking.generation])] },
  };
}
