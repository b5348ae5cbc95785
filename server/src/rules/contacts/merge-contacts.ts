import type { Appointment } from "../bookings/appointment.ts";
import { NO_SHOW_PENALTY } from "../bookings/posted-charges.ts";
import { settleAwaiting } from "../bookings/settle-awaiting.ts";
import type { Lot } from "../credits/lot.ts";
import { MemberBooks } from "../credits/member-books.ts";
import { settleDue } from "../credits/settle-due.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Membership } from "../memberships/membership.ts";
import type { Instant } from "../time/local-days.ts";
import { chargeAgain, moveCredits, type MovedCharge } from "./move-credits.ts";

/**
 * Rule 29. Merges `facts.member` into `facts.related`: credits, memberships and bookings that stand go over, and from then on
 * the one is only another name of the other. What was used stays in the books it was used from. Said twice it is done once.
 */
export function decideMergeContacts(facts: Facts, _: unknown, context: Context): Decision {
  const { member, related, catalog } = facts;
  const nothing = { changes: null, member: null };
  if (!facts.is_billing_live) return { outcome: { reason_code: "BILLING_SUSPENDED" }, ...nothing };
  if (!member || !related) return { outcome: { reason_code: "NOT_FOUND" }, ...nothing };
  if (member.contact.id === related.contact.id) {
    return { outcome: { reason_code: "contacts_merged", credits: 0, memberships: 0, bookings: 0 }, ...nothing };
  }
  const from = new MemberBooks(member);
  const to = new MemberBooks(related);
  settleDue(from, catalog, context);
  settleDue(to, catalog, context);

  const bookings = bookingsToMove(from, to);
  const moved = bookings.flatMap((booking) => chargesToMove(from, booking, context.now));
  const memberships = membershipsToMove(from, to, context);
  const membership_ids = new Map(memberships.map(({ was, id }) => [was.id, id]));
  const lots = moveCredits(from, to, moved, membership_ids, context);
  for (const { was, id } of memberships) to.putMembership(membershipOfOther(was, id, lots));
  for (const membership of from.memberships) from.putMembership(endedByMerge(membership));
  const numbers = chargeAgain(to, moved, lots, context);
  for (const booking of bookings) {
    to.putAppointment(bookingOfOther(from, booking, numbers));
    from.putAppointment({ ...booking, status: "deleted", unfunded: null, settles_at: null });
  }
  settleAwaiting(to, catalog, context);

  to.hint(from.contact);
  from.contact = { ...from.contact, merged_into: to.contact.external_id };
  to.audit({
    action: "contacts_merged",
    subject: to.contact.external_id,
    before: { merged: null },
    after: { merged: from.contact.external_id },
  });
  const credits = [...lots.values()].reduce((sum, { granted }) => sum + granted, 0);
  return {
    outcome: {
      reason_code: "contacts_merged",
      contact_id: to.contact.id,
      credits,
      memberships: memberships.length,
      bookings: bookings.length,
    },
    changes: from.changes(),
    member: from.member(),
    related: { changes: to.changes(), member: to.member() },
  };
}

/** All that are known and still the contact's own; one that both have stays with whoever has it now. */
function bookingsToMove(from: MemberBooks, to: MemberBooks): Appointment[] {
  return from.appointments.filter(({ external_id, status }) => {
    const other = to.appointments.find((known) => known.external_id === external_id);
    return status !== "deleted" && (!other || other.status === "deleted");
  });
}

/** What is held, and what the API took for a service that is still to come. */
function chargesToMove(from: MemberBooks, booking: Appointment, now: Instant): MovedCharge[] {
  const is_to_come = booking.starts_at !== null && booking.starts_at > now;
  return from.charges
    .filter(({ external_ref, restored, amount }) => external_ref === booking.external_id && restored < amount)
    .filter(({ reason, type, settlement }) => {
      if (reason === NO_SHOW_PENALTY) return false;
      return type === "hold" ? settlement === "held" : is_to_come;
    })
    .sort((a, b) => a.entry_number - b.entry_number)
    .map((charge) => ({ charge, amount: charge.amount - charge.restored }));
}

/** One live membership of a config: the other contact's own goes before, and this one's credits live to their own end. */
function membershipsToMove(from: MemberBooks, to: MemberBooks, { newId }: Context): { was: Membership; id: string }[] {
  const live = new Set(to.memberships.filter(({ status }) => status !== "ended").map((own) => own.product_config_id));
  return from.memberships
    .filter(({ status, product_config_id }) => status !== "ended" && !live.has(product_config_id))
    .map((was) => ({ was, id: newId() }));
}

/** Periods that are over keep the lot that they had in the other books. */
function membershipOfOther(was: Membership, id: string, lots: ReadonlyMap<string, Lot>): Membership {
  const lotOf = (lot_id: string) => lots.get(lot_id)?.id ?? lot_id;
  return {
    ...was,
    id,
    periods: was.periods.map((period) => ({ ...period, lot_id: lotOf(period.lot_id) })),
    lots_in_grace: was.lots_in_grace.map((grace) => ({ ...grace, lot_id: lotOf(grace.lot_id) })),
  };
}

function endedByMerge(membership: Membership): Membership {
  const freezes = membership.freezes.map((freeze) =>
    freeze.status === "planned" || freeze.status === "active" ? { ...freeze, status: "cancelled" as const } : freeze,
  );
  return { ...membership, status: "ended", grace_until: null, lots_in_grace: [], subscription_id: null, freezes };
}

/** What is settled already stays paid where it was: its generation costs the other contact nothing. */
function bookingOfOther(from: MemberBooks, booking: Appointment, numbers: ReadonlyMap<number, number>): Appointment {
  const { external_id, followed, generation } = booking;
  const is_settled = from.charges.some(({ external_ref, amount, restored }) => {
    return external_ref === external_id && restored < amount;
  });
  if (!followed)
    return is_settled ? { ...booking, followed: { versions: 0, waived: [generation], charges: [] } } : booking;
  const charges = followed.charges.flatMap((made) => {
    const entry_number = numbers.get(made.entry_number);
    return entry_number === undefined ? [] : [{ ...made, entry_number }];
  });
  const waived = is_settled ? [...new Set([...followed.waived, generation])] : followed.waived;
  return { ...booking, followed: { ...followed, charges, waived } };
}
